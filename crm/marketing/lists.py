"""Campaigns as a list; and what was ordered by the targets of one, which is what its figures sum."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django import forms
from django.contrib.postgres.fields import ArrayField
from django.db.models import BigIntegerField, Exists, ExpressionWrapper, F, OuterRef, Q, QuerySet, Value
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext, pgettext_lazy

from crm.customers.models import Customer
from crm.marketing.days import moment_of
from crm.marketing.models import Campaign, CampaignTarget, CampaignTask
from crm.orders.models import OrderLine
from portal.access.policies import visible_to
from portal.lists.columns import Column
from portal.lists.definition import List, register_list
from portal.lists.filters import ChoiceFilter, DayFilter, Filter, FlagFilter
from portal.organization.querysets import today

ANY = gettext_lazy("all")
TONES = {"planned": "", "running": "good", "ended": "warning", "evaluated": ""}
PARTS = (
    ("targets-before", gettext_lazy("targets, before")),
    ("targets-during", gettext_lazy("targets, during the campaign")),
    ("held-before", gettext_lazy("held out, before")),
    ("held-during", gettext_lazy("held out, during the campaign")),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class CampaignFilter(Filter):
    """Of which campaign, by its number, and which of its four figures. Without a campaign that the reader sees there is nothing."""

    @property
    def keys(self) -> tuple[str, ...]:
        return self.key, "part"

    def fields(self) -> dict[str, forms.Field]:
        parts = [("", _("targets of both groups, before and during")), *PARTS]
        return {
            self.key: forms.CharField(label=str(self.label), max_length=20, required=False),
            "part": forms.ChoiceField(label=_("Which figure"), choices=parts, required=False),
        }

    def condition(self, values: Mapping[str, Any]) -> Q | None:
        campaign = Campaign.objects.filter(number=(values.get(self.key) or "").strip().upper()).first()
        if campaign is None:
            return Q(pk__in=[])
        part = values.get("part") or ""
        group, _dash, period = part.partition("-")
        days = {"before": campaign.before(), "during": campaign.during()}.get(period, (campaign.before()[0], campaign.during()[1]))
        condition = Q(seen_campaigns__contains=[campaign.pk], order__placed_at__gte=moment_of(days[0]), order__placed_at__lt=moment_of(days[1]))
        condition &= Q(product__in=list(campaign.products.order_by().values_list("pk", flat=True)))
        targets = CampaignTarget.objects.filter(campaign=campaign.pk, customer__root=OuterRef("order__customer__root"))
        sides = {"targets": Exists(targets.filter(is_held_out=False)), "held": Exists(targets.filter(is_held_out=True))}
        if not group:
            return condition & (Q(sides["targets"]) | Q(sides["held"]))
        other = sides["held" if group == "targets" else "targets"]
        return condition & Q(sides[group]) & ~Q(other)

    def said(self, values: Mapping[str, Any]) -> str:
        number, part = values.get(self.key) or "", values.get("part") or ""
        return " · ".join(word for word in (number, str(dict(PARTS).get(part, ""))) if word)


def _customer(row: Any) -> str:
    return row.order.customer.root.name if row.sees_customer else ""


@register_list
class CampaignSaleList(List):
    """What was ordered of a campaign's products, less what was cancelled or came back, line by line. Whose it was only to who may see the customer."""

    code = "crm.campaign_sales"
    url_name = "crm:campaign_sales"
    heading = gettext_lazy("What the targets ordered")
    subtitle = gettext_lazy("Ordered on these days, less what was cancelled or came back.")
    icon = "scan-barcode"
    default_sort = "-placed"
    empty_title = gettext_lazy("Nothing was ordered that fits")
    empty_text = gettext_lazy("The figures of a campaign lead here; each names its campaign and the group.")
    related = ("order__customer__root", "product")
    columns = (
        Column("placed", gettext_lazy("Ordered at"), "order.placed_at", "instant", order_by=("order__placed_at",)),
        Column("number", gettext_lazy("Order number"), "order.number"),
        Column("customer", gettext_lazy("Customer"), _customer),
        Column("product", gettext_lazy("Product"), "product.name"),
        Column("quantity", gettext_lazy("Quantity"), "net", "number", order_by=("net",)),
        Column("fen", gettext_lazy("Sum"), "net_fen", "money", order_by=("net_fen",)),
    )
    filters = (CampaignFilter(key="campaign", label=gettext_lazy("Number of the campaign")),)

    def rows(self, user: Any) -> QuerySet[OrderLine]:
        campaigns = list(visible_to(Campaign, user).order_by().values_list("pk", flat=True))
        seen = visible_to(Customer, user).filter(pk=OuterRef("order__customer__root"))
        net = ExpressionWrapper(F("quantity") - F("cancelled") - F("returned"), output_field=BigIntegerField())
        rows = OrderLine.objects.annotate(seen_campaigns=Value(campaigns, output_field=ArrayField(BigIntegerField())), sees_customer=Exists(seen), net=net)
        return rows.annotate(net_fen=ExpressionWrapper(F("net") * F("fen"), output_field=BigIntegerField())).filter(net__gt=0)

    def crumbs(self) -> list[tuple[str, str]]:
        return campaign_crumbs()


def campaign_crumbs() -> list[tuple[str, str]]:
    return [(pgettext("of the plant", "Marketing"), reverse("crm:marketing_home")), (_("Campaigns"), reverse("crm:campaign_list"))]


def _days(row: Campaign) -> str:
    return f"{row.starts_on:%Y-%m-%d} – {row.ends_on:%m-%d}"


@register_list
class CampaignList(List):
    code = "crm.campaigns"
    url_name = "crm:campaign_list"
    row_url_name = "crm:campaign_detail"
    heading = gettext_lazy("Campaigns")
    icon = "radio-tower"
    template_name = "crm/marketing/campaign_list.html"
    words_in = ("name", "number", "aim")
    words_label = gettext_lazy("Name, number, aim")
    default_sort = "-starts"
    empty_title = gettext_lazy("No campaign fits")
    empty_text = gettext_lazy("Those who work in marketing plan them; yours stands here once you answer for it or have a task in it.")
    columns = (
        Column("name", gettext_lazy("Campaign"), order_by=("name",)),
        Column("number", pgettext_lazy("of a campaign", "Number"), order_by=("number",)),
        Column("state", gettext_lazy("State"), lambda row: (row.get_state_display(), TONES[row.state]), "tag"),
        Column("days", gettext_lazy("Days"), _days),
        Column("starts", gettext_lazy("From"), "starts_on", "day", order_by=("starts_on",), is_shown=False),
        Column("budget", gettext_lazy("Budget"), "budget", "money", order_by=("budget",)),
        Column("owner", pgettext_lazy("of a campaign", "Answers for it"), "owner.name", related=("owner",)),
    )
    filters = (
        ChoiceFilter(key="state", label=gettext_lazy("State"), anything=ANY, choices=Campaign.State.choices),
        DayFilter(key="starts", label=gettext_lazy("From"), field="starts_on", is_further=True),
        FlagFilter(key="late", label=gettext_lazy("With late tasks"), holds=Q(has_late=True), is_further=True),
    )

    def rows(self, user: Any) -> QuerySet[Campaign]:
        late = CampaignTask.objects.filter(campaign=OuterRef("pk"), done_at__isnull=True, due_on__lt=today())
        return visible_to(Campaign, user).annotate(has_late=Exists(late))

    def crumbs(self) -> list[tuple[str, str]]:
        return campaign_crumbs()[:1]
