"""A launch as those who sell see it, and what is noted of it."""

from typing import Any
from urllib.parse import urlencode

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.decorators import method_decorator
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy
from django.views.decorators.http import require_safe

from crm.activities.models import Visit
from crm.customers.models import Customer
from crm.customers.of_portfolio import customers_written_by
from crm.marketing.forms import OpinionForm, TaskForm
from crm.marketing.launch_lists import launch_crumbs
from crm.marketing.launching import LaunchSeen, Satisfied, sees_launch
from crm.marketing.models import Campaign, LaunchOpinion
from crm.marketing.policies import FOR_OWNER
from crm.marketing.services.launches import note_opinion, take_opinion
from portal.access.decorators import employee_required
from portal.access.policies import can, visible_to
from portal.foundation.asking import read_number
from portal.foundation.charts import Series, line_chart
from portal.foundation.form_pages import Crumb, FormPage

MOST_OPINIONS = 8


def load_launch(request: HttpRequest, pk: int) -> Campaign:
    campaign = Campaign.objects.select_related("owner", "judged_by").filter(is_launch=True, pk=pk).first()
    if campaign is None or not sees_launch(request.user, campaign):
        raise Http404
    return campaign


@require_safe
@employee_required
def launch_detail(request: HttpRequest, pk: int) -> HttpResponse:
    """Shops reached, sales by week, stock, opinions: of the customers that the reader sees here."""
    campaign, user = load_launch(request, pk), request.user
    seen = LaunchSeen(user, campaign)
    numbers, weeks = seen.numbers(), [] if campaign.is_planned else seen.weeks()
    opinions = list(visible_to(LaunchOpinion, user).filter(campaign=campaign.pk).select_related("customer__root", "noted_by", "task__owner")[:MOST_OPINIONS])
    named = set(visible_to(Customer, user).filter(pk__in=[one.customer.root_id for one in opinions]).order_by().values_list("pk", flat=True))
    context = {
        "campaign": campaign,
        "products": list(campaign.products.all()),
        "sees_campaign": can(user, "view", campaign),
        "may_change": can(user, "change", campaign) and campaign.state != Campaign.State.EVALUATED,
        "may_note": campaign.state in (Campaign.State.RUNNING, Campaign.State.ENDED) and numbers["targets"] > 0,
        "numbers": [(figure, numbers[figure], _share(numbers[figure], numbers["targets"]), _query(campaign, figure=figure)) for figure in numbers],
        "weeks": weeks,
        "chart": _chart(weeks),
        "satisfied": [_said(campaign, one) for one in seen.satisfied()],
        "opinions": [(one, one.customer.root.name if one.customer.root_id in named else "") for one in opinions],
        "all_opinions": f"{reverse('crm:launch_opinions')}?{_query(campaign)}",
        "crumbs": launch_crumbs(),
    }
    return render(request, "crm/marketing/launch_detail.html", context)


def _query(campaign: Campaign, **values: Any) -> str:
    return urlencode({"launch": campaign.number} | values)


def _share(part: int, whole: int) -> str:
    return f"{100 * part / whole:.0f} %" if whole else "–"


def _said(campaign: Campaign, one: Satisfied) -> dict[str, Any]:
    return {
        "party": LaunchOpinion.Party(one.party).label,
        "counts": [(liking, number, _query(campaign, party=one.party, liking=liking)) for liking, number in sorted(one.counts.items(), reverse=True)],
        "number": one.number,
        "mean": "–" if one.mean is None else f"{one.mean:.1f}",
        "content": "–" if one.content is None else f"{100 * one.content:.0f} %",
    }


def _chart(weeks: list[Any]) -> str:
    if len(weeks) < 2:
        return ""
    labels = [f"{week.first:%m-%d}" for week in weeks]
    series = [Series(_("Shown at"), [len(week.shown) for week in weeks]), Series(_("Ordered by"), [len(week.carrying) for week in weeks])]
    return line_chart(_("Shops reached, week by week"), labels, series)


class OfLaunch(FormPage):
    is_new_thing = True

    def load(self, request: HttpRequest, **kwargs: Any) -> Campaign:
        return load_launch(request, kwargs["pk"])

    def crumbs(self) -> list[Crumb]:
        return [*launch_crumbs(), (self.subject.name, self.back_url())]

    def back_url(self) -> str:
        return str(self.subject.launch_url)


@method_decorator(employee_required, name="dispatch")
class OpinionCreate(OfLaunch):
    """`?visit=` or `?customer=` says where it was heard."""

    form_class = OpinionForm
    heading = gettext_lazy("Note what they say of it")
    submit = pgettext_lazy("an opinion", "Note")

    def form_arguments(self) -> dict[str, Any]:
        return {"user": self.request.user}

    def initial(self) -> dict[str, Any]:
        own, visit = customers_written_by(self.request.user), self._visit(read_number(self.request.GET, "visit"))
        customer = own.filter(pk=visit.customer.root_id if visit else read_number(self.request.GET, "customer") or 0).first()
        return {"visit": visit.pk if visit and customer else "", "customer": customer or "", "liking": 4}

    def _visit(self, pk: int | None) -> Visit | None:
        return visible_to(Visit, self.request.user).select_related("customer").filter(pk=pk or 0).first()

    def save(self, request: HttpRequest, values: dict[str, Any]) -> str:
        visit = self._visit(values.pop("visit"))
        note_opinion(self.subject, actor=request.user, visit=visit, **values)
        return _("Noted. You are told when something comes of it.")


@method_decorator(employee_required, name="dispatch")
class OpinionTake(OfLaunch):
    """It becomes a task of the launch."""

    form_class = TaskForm
    heading = gettext_lazy("Make a task of what they say")
    submit = pgettext_lazy("a task", "Give")
    opinion: LaunchOpinion

    def load(self, request: HttpRequest, **kwargs: Any) -> Campaign:
        campaign = super().load(request, **kwargs)
        found = visible_to(LaunchOpinion, request.user).select_related("campaign").filter(campaign=campaign.pk, pk=kwargs["opinion"]).first()
        if found is None:
            raise Http404
        if not can(request.user, "change", campaign):
            raise PermissionDenied(FOR_OWNER)
        self.opinion = found
        return campaign

    def initial(self) -> dict[str, Any]:
        return {"text": self.opinion.text[:200]}

    def save(self, request: HttpRequest, values: dict[str, Any]) -> str:
        take_opinion(self.opinion, actor=request.user, **values)
        return _("Given to %(person)s, who is told.") % {"person": values["owner"].name}
