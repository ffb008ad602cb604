"""A campaign's page, and what is done to it."""

from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.decorators import method_decorator
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext, pgettext_lazy
from django.views.decorators.http import require_safe

from crm.catalogue.units import say_yuan
from crm.marketing.forms import CampaignForm, JudgementForm, TaskDoneForm, TaskForm, TieForm
from crm.marketing.lists import campaign_crumbs
from crm.marketing.models import Campaign, CampaignExpense, CampaignTask
from crm.marketing.policies import FOR_MARKETING, keeps_marketing
from crm.marketing.services.campaigns import (
    add_task,
    change_campaign,
    end_campaign,
    finish_task,
    judge_campaign,
    plan_campaign,
    start_campaign,
    tie_expense,
    untie_expense,
)
from crm.marketing.showing import said_brought, spending_of
from crm.marketing.targeting import PARTS, asked_by, fitting, question_of, said_question
from portal.access.decorators import employee_required
from portal.access.policies import can, get_permitted
from portal.foundation.form_pages import ActPage, Crumb, FormPage
from portal.lists.asked import Asked
from portal.lists.pages import ListPage
from portal.organization.querysets import today


class CampaignListPage(ListPage):
    """With a button for who plans campaigns."""

    def context(self, asked: Asked, arranged: Any) -> dict[str, Any]:
        return super().context(asked, arranged) | {"may_keep": keeps_marketing(self.request.user)}


def load_campaign(request: HttpRequest, pk: int, action: str = "view") -> Campaign:
    rows = Campaign.objects.select_related("owner", "judged_by")
    return get_permitted(Campaign, user=request.user, action=action, rows=rows, pk=pk)


@require_safe
@employee_required
def campaign_detail(request: HttpRequest, pk: int) -> HttpResponse:
    """Its aim, for whom, what is to be done, what it cost; once it runs what it brought, against those who were held out."""
    campaign, user = load_campaign(request, pk), request.user
    may_change = can(user, "change", campaign)
    products = list(campaign.products.all())
    context: dict[str, Any] = {
        "campaign": campaign,
        "products": products,
        "unit": products[0].packing.unit_said(products[0].base, 2) if len({one.base for one in products}) == 1 else _("units"),
        "budget": say_yuan(campaign.budget),
        "tasks": [(task, may_change or task.owner_id == user.pk) for task in campaign.tasks.select_related("owner", "done_by")],
        "spending": spending_of(campaign, user),
        "may_change": may_change,
        "may_judge": campaign.state == Campaign.State.ENDED and can(user, "judge", campaign),
        "today": today(),
        "crumbs": campaign_crumbs(),
    }
    if campaign.is_planned:
        context |= {"question": said_question(campaign.question, user), "query": campaign.question}
        context["fitting"] = fitting(campaign.question, user).count() if may_change else None
    else:
        context |= said_brought(campaign, user, context["spending"]["sum"])
    return render(request, "crm/marketing/campaign_detail.html", context)


class PlanPage(FormPage):
    form_class = CampaignForm

    def crumbs(self) -> list[Crumb]:
        return campaign_crumbs()

    def planned(self, values: dict[str, Any]) -> dict[str, Any]:
        question = question_of(values)
        return {name: value for name, value in values.items() if name not in (*PARTS, "view")} | {"question": question}


@method_decorator(employee_required, name="dispatch")
class CampaignCreate(PlanPage):
    heading = gettext_lazy("Plan a campaign")
    submit = pgettext_lazy("a campaign", "Plan")
    is_new_thing = True
    made: Campaign | None = None

    def load(self, request: HttpRequest, **kwargs: Any) -> None:
        if not keeps_marketing(request.user):
            raise PermissionDenied(FOR_MARKETING)

    def form_arguments(self) -> dict[str, Any]:
        return {"user": self.request.user}

    def initial(self) -> dict[str, Any]:
        return {"starts_on": today(), "held_out": 20, "kind": "retailer"}

    def back_url(self) -> str:
        return self.made.get_absolute_url() if self.made else reverse("crm:campaign_list")

    def save(self, request: HttpRequest, values: dict[str, Any]) -> str:
        self.made = plan_campaign(actor=request.user, **self.planned(values))
        return _("Planned as %(number)s. Start it when its targets are to be frozen.") % {"number": self.made.number}


class OfCampaign(FormPage):
    action = "change"

    def load(self, request: HttpRequest, **kwargs: Any) -> Campaign:
        return load_campaign(request, kwargs["pk"], self.action)

    def crumbs(self) -> list[Crumb]:
        return [*campaign_crumbs(), (self.subject.name, self.back_url())]

    def back_url(self) -> str:
        return str(self.subject.get_absolute_url())


@method_decorator(employee_required, name="dispatch")
class CampaignUpdate(OfCampaign, PlanPage):
    heading = gettext_lazy("Change the campaign")
    submit = gettext_lazy("Save")

    def form_arguments(self) -> dict[str, Any]:
        return {"user": self.request.user, "campaign": self.subject}

    def initial(self) -> dict[str, Any]:
        one = self.subject
        values = {name: getattr(one, name) for name in ("name", "aim", "quantity", "starts_on", "ends_on", "held_out", "is_launch")}
        owner = f"{one.owner.name} {one.owner.employee_number}"
        asked = asked_by(one.question, self.request.user).values
        parts = {name: asked.get(name, "") for name in PARTS}
        return values | {"budget": say_yuan(one.budget), "owner": owner, "products": one.products.all(), "view": one.question} | parts

    def save(self, request: HttpRequest, values: dict[str, Any]) -> str:
        change_campaign(self.subject, actor=request.user, **self.planned(values))
        return _("Saved.")


@method_decorator(employee_required, name="dispatch")
class TaskCreate(OfCampaign):
    form_class = TaskForm
    heading = gettext_lazy("Give a task")
    submit = pgettext_lazy("a task", "Give")
    is_new_thing = True

    def save(self, request: HttpRequest, values: dict[str, Any]) -> str:
        add_task(self.subject, actor=request.user, **values)
        return _("Given to %(person)s, who is told.") % {"person": values["owner"].name}


@method_decorator(employee_required, name="dispatch")
class TaskDone(OfCampaign):
    action = "view"
    form_class = TaskDoneForm
    heading = gettext_lazy("Task done")
    submit = gettext_lazy("Done")
    task: CampaignTask

    def load(self, request: HttpRequest, **kwargs: Any) -> Campaign:
        campaign = super().load(request, **kwargs)
        task = campaign.tasks.filter(pk=kwargs["task"]).first()
        if task is None:
            raise Http404
        if task.owner_id != request.user.pk and not can(request.user, "change", campaign):
            raise PermissionDenied(_("Whose task it is says that it is done, or who answers for the campaign."))
        self.task = task
        return campaign

    def get_heading(self) -> str:
        return self.task.text

    def save(self, request: HttpRequest, values: dict[str, Any]) -> str:
        finish_task(self.task, actor=request.user, **values)
        return _("Done.")


@method_decorator(employee_required, name="dispatch")
class ExpenseTie(OfCampaign):
    form_class = TieForm
    heading = gettext_lazy("Tie an expense to the campaign")
    submit = pgettext_lazy("an expense", "Tie")

    def save(self, request: HttpRequest, values: dict[str, Any]) -> str:
        tie_expense(self.subject, actor=request.user, **values)
        return _("Tied. It counts among what the campaign cost.")


@method_decorator(employee_required, name="dispatch")
class CampaignJudge(OfCampaign):
    action = "judge"
    form_class = JudgementForm
    heading = gettext_lazy("Judge the campaign")
    submit = pgettext_lazy("a campaign", "Judge")
    note = gettext_lazy("It is closed with this; its figures stay to be read.")

    def save(self, request: HttpRequest, values: dict[str, Any]) -> str:
        judge_campaign(self.subject, actor=request.user, **values)
        return _("Judged. Who answers for it is told.")


class CampaignAct(ActPage):
    def load(self, request: HttpRequest, **kwargs: Any) -> Campaign:
        return load_campaign(request, kwargs["pk"], "change")

    def back_url(self) -> str:
        return str(self.subject.get_absolute_url())


@method_decorator(employee_required, name="dispatch")
class CampaignStart(CampaignAct):
    def act(self, request: HttpRequest) -> str:
        started = start_campaign(self.subject, actor=request.user)
        number = started.targets.count()
        return ngettext("Started: %(number)s customer is frozen.", "Started: %(number)s customers are frozen.", number) % {"number": number}


@method_decorator(employee_required, name="dispatch")
class CampaignEnd(CampaignAct):
    def act(self, request: HttpRequest) -> str:
        end_campaign(self.subject, actor=request.user)
        return _("Ended.")


@method_decorator(employee_required, name="dispatch")
class ExpenseUntie(CampaignAct):
    tie: CampaignExpense

    def load(self, request: HttpRequest, **kwargs: Any) -> Campaign:
        campaign = super().load(request, **kwargs)
        tie = CampaignExpense.objects.select_related("campaign", "expense").filter(campaign=campaign.pk, pk=kwargs["tie"]).first()
        if tie is None:
            raise Http404
        self.tie = tie
        return campaign

    def act(self, request: HttpRequest) -> str:
        untie_expense(self.tie, actor=request.user)
        return _("Untied.")
