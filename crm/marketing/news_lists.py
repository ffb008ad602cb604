"""News of the market as a list."""

from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.urls import reverse
from django.utils.translation import gettext_lazy, pgettext, pgettext_lazy

from crm.customers.models import Customer
from crm.marketing.models import MarketNote
from portal.access.policies import visible_to
from portal.lists.columns import Column
from portal.lists.definition import List, register_list
from portal.lists.filters import ChoiceFilter, DayFilter, FlagFilter

ANY = gettext_lazy("all")
TONES = {"sent": "warning", "approved": "good", "refused": ""}


def _customer(row: Any) -> str:
    return row.customer.root.name if row.customer is not None and row.sees_customer else ""


@register_list
class MarketNoteList(List):
    """What one sent, what customers of one's own sent, what was approved; all of it for those who work in marketing."""

    code = "crm.market_notes"
    url_name = "crm:market_note_list"
    row_url_name = "crm:market_note_detail"
    heading = gettext_lazy("News of the market")
    icon = "chart-candlestick"
    template_name = "crm/marketing/news_list.html"
    words_in = ("number", "text", "place")
    words_label = gettext_lazy("Number or words")
    default_sort = "-sent"
    empty_title = gettext_lazy("No news fits")
    empty_text = gettext_lazy("Send in what you hear: prices, counterfeits, rivals, what is asked for.")
    related = ("customer__root",)
    columns = (
        Column("number", pgettext_lazy("of news", "Number"), order_by=("number",)),
        Column("kind", gettext_lazy("Kind"), lambda row: row.get_kind_display()),
        Column("text", gettext_lazy("What is new"), lambda row: f"{row.text[:60]}…" if len(row.text) > 60 else row.text),
        Column("customer", gettext_lazy("Customer"), _customer),
        Column("place", gettext_lazy("Where"), "place", is_shown=False),
        Column("state", gettext_lazy("State"), lambda row: (row.get_state_display(), TONES[row.state]), "tag"),
        Column("sender", gettext_lazy("Sent by"), "sender.name", related=("sender",)),
        Column("sent", gettext_lazy("Sent at"), "sent_at", "instant", order_by=("sent_at",)),
    )
    filters = (
        ChoiceFilter(key="state", label=gettext_lazy("State"), anything=ANY, choices=MarketNote.State.choices),
        ChoiceFilter(key="kind", label=gettext_lazy("Kind"), anything=ANY, choices=MarketNote.Kind.choices),
        DayFilter(key="sent", label=gettext_lazy("Sent at"), field="sent_at", is_instant=True, is_further=True),
        FlagFilter(key="outside", label=gettext_lazy("Sent by customers"), holds=Q(is_from_outside=True), is_further=True),
    )

    def rows(self, user: Any) -> QuerySet[MarketNote]:
        seen = visible_to(Customer, user).filter(pk=OuterRef("customer__root"))
        return visible_to(MarketNote, user).annotate(sees_customer=Exists(seen))

    def crumbs(self) -> list[tuple[str, str]]:
        return [(pgettext("of the plant", "Marketing"), reverse("crm:marketing_home"))]
