"""News of the market: sent in, and approved or not by somebody else."""

from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.decorators import method_decorator
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext, pgettext_lazy
from django.views.decorators.http import require_safe

from crm.customers.fields import CustomerField
from crm.marketing.models import MarketNote
from crm.marketing.models.information import LONGEST_TEXT
from crm.marketing.services.information import judge_news, send_news
from portal.access.decorators import employee_required
from portal.access.policies import can, get_permitted
from portal.attachments.forms import AttachmentsField
from portal.attachments.queries import shown_on
from portal.foundation.form_pages import Crumb, FormPage

AREA = forms.Textarea(attrs={"rows": 4})


class NewsForm(forms.Form):
    kind = forms.ChoiceField(label=gettext_lazy("Kind"), choices=MarketNote.Kind.choices)
    text = forms.CharField(label=gettext_lazy("What is new"), max_length=LONGEST_TEXT, widget=AREA)
    place = forms.CharField(label=gettext_lazy("Where"), max_length=200, required=False)
    customer = CustomerField(label=gettext_lazy("Customer"), required=False)
    file_ids = AttachmentsField(label=gettext_lazy("Pictures"), required=False)

    def __init__(self, *args: Any, user: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        fields: Any = self.fields
        fields["customer"].user = user
        fields["file_ids"].belongs_to(user, None)


class JudgeNewsForm(forms.Form):
    is_approved = forms.TypedChoiceField(
        label=gettext_lazy("Does it count"),
        choices=[("yes", gettext_lazy("yes: approve it")), ("no", gettext_lazy("no: it is not taken"))],
        coerce=lambda value: value == "yes",
    )
    reason = forms.CharField(
        label=gettext_lazy("Why"), max_length=300, required=False, help_text=gettext_lazy("The sender reads it; needed where it is not taken.")
    )


def load_note(request: HttpRequest, pk: int, action: str = "view") -> MarketNote:
    rows = MarketNote.objects.select_related("customer__root__portfolio__department", "sender", "judged_by")
    return get_permitted(MarketNote, user=request.user, action=action, rows=rows, pk=pk)


def crumbs() -> list[Crumb]:
    return [(pgettext("of the plant", "Marketing"), reverse("crm:marketing_home")), (_("News of the market"), reverse("crm:market_note_list"))]


@require_safe
@employee_required
def market_note_detail(request: HttpRequest, pk: int) -> HttpResponse:
    note = load_note(request, pk)
    customer = note.customer.root if note.customer is not None else None
    context = {
        "note": note,
        "customer": customer if customer is not None and can(request.user, "view", customer) else None,
        "files": shown_on(note),
        "may_judge": note.state == MarketNote.State.SENT and can(request.user, "judge", note),
        "crumbs": crumbs(),
    }
    return render(request, "crm/marketing/news_detail.html", context)


@method_decorator(employee_required, name="dispatch")
class NewsCreate(FormPage):
    form_class = NewsForm
    heading = gettext_lazy("Send in news of the market")
    submit = pgettext_lazy("news", "Send in")
    note = gettext_lazy("It counts once somebody in marketing has approved it. You are told what became of it.")
    is_new_thing = True
    made: MarketNote | None = None

    def form_arguments(self) -> dict[str, Any]:
        return {"user": self.request.user}

    def crumbs(self) -> list[Crumb]:
        return crumbs()

    def back_url(self) -> str:
        return self.made.get_absolute_url() if self.made else reverse("crm:market_note_list")

    def save(self, request: HttpRequest, values: dict[str, Any]) -> str:
        self.made = send_news(actor=request.user, **values)
        return _("Sent in as %(number)s.") % {"number": self.made.number}


@method_decorator(employee_required, name="dispatch")
class NewsJudge(FormPage):
    form_class = JudgeNewsForm
    heading = gettext_lazy("Judge the news")
    submit = pgettext_lazy("news", "Judge")

    def load(self, request: HttpRequest, **kwargs: Any) -> MarketNote:
        return load_note(request, kwargs["pk"], "judge")

    def crumbs(self) -> list[Crumb]:
        return [*crumbs(), (self.subject.number, self.back_url())]

    def back_url(self) -> str:
        return str(self.subject.get_absolute_url())

    def save(self, request: HttpRequest, values: dict[str, Any]) -> str:
        judged = judge_news(self.subject, actor=request.user, **values)
        return _("Approved.") if judged.state == MarketNote.State.APPROVED else _("Not taken; the sender reads why.")
