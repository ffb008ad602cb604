"""A campaign: planned, started with frozen targets, ended, judged by somebody else than who answers for it. Whoever writes takes its row first."""

import secrets
from collections.abc import Collection
from datetime import date
from typing import Any

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from crm.catalogue.models import Product
from crm.catalogue.units import say_yuan
from crm.marketing.drawing import draw
from crm.marketing.errors import MarketingError
from crm.marketing.models import Campaign, CampaignExpense, CampaignTarget, CampaignTask
from crm.marketing.models.campaigns import MOST_FEN, MOST_HELD_OUT, MOST_QUANTITY
from crm.marketing.notifications import CAMPAIGN_JUDGED, CAMPAIGN_TASK, OPINION_ANSWERED
from crm.marketing.policies import FOR_MARKETING, keeps_marketing
from crm.marketing.targeting import fitting
from crm.sales.models import Expense
from crm.sales.models.expenses import COUNTED
from portal.access.policies import can, decide
from portal.accounts.models import User
from portal.audit.services import record
from portal.foundation.locking import lock_row
from portal.notifications.services import notify
from portal.numbers.series import NumberSeries
from portal.numbers.services import issue_number
from portal.organization.querysets import today

CAMPAIGNS = NumberSeries("marketing.campaign", "HD{year}{number:03}")
MOST_DAYS = 366
State = Campaign.State
PLANNED_FIELDS = ("name", "aim", "quantity", "budget", "owner", "starts_on", "ends_on", "question", "held_out")


@transaction.atomic
def plan_campaign(*, actor: Any, products: Collection[Product], **values: Any) -> Campaign:
    """`values` are those of PLANNED_FIELDS, and `is_launch`. The seed by which it is drawn who is held out is made here, and kept."""
    if not keeps_marketing(actor):
        raise MarketingError(str(FOR_MARKETING))
    _check(products, **values)
    year = today().year
    made = Campaign(number=CAMPAIGNS.write(issue_number(CAMPAIGNS, year=year), year=year), seed=secrets.randbelow(2**53), made_by=actor)
    _write(made, products, values)
    record(actor, "campaign.planned", made, after={"name": made.name, "budget": made.budget, "from": made.starts_on.isoformat()})
    return made


@transaction.atomic
def change_campaign(campaign: Campaign, *, actor: Any, products: Collection[Product], **values: Any) -> Campaign:
    """While it is planned. Once it runs, what it is measured by stays."""
    held = lock_campaign(campaign, actor, "change")
    _refuse_unless(held, State.PLANNED, _("It has started. What it is measured by does not change any more."))
    _check(products, **values)
    before = {"budget": held.budget, "quantity": held.quantity, "question": held.question}
    _write(held, products, values)
    record(actor, "campaign.changed", held, before=before, after={"budget": held.budget, "quantity": held.quantity, "question": held.question})
    return held


@transaction.atomic
def start_campaign(campaign: Campaign, *, actor: Any) -> Campaign:
    """Whoever fits today, as the actor sees them, is a target from now on; a part of them is held out. Neither changes any more."""
    held = lock_campaign(campaign, actor, "change")
    _refuse_unless(held, State.PLANNED, _("It has started already."))
    if held.starts_on < today():
        raise MarketingError(_("%(day)s, its first day, is past. Put it on a day from today on.") % {"day": f"{held.starts_on:%Y-%m-%d}"})
    keys = sorted(fitting(held.question, actor).values_list("pk", flat=True))
    if not keys:
        raise MarketingError(_("No customer that you may see fits. Change whom it is for."))
    chosen = draw(keys, percent=held.held_out, seed=held.seed)
    if len(chosen) == len(keys):
        raise MarketingError(_("All of them would be held out. Ask for more customers, or hold out fewer."))
    CampaignTarget.objects.bulk_create([CampaignTarget(campaign=held, customer_id=key, is_held_out=key in chosen) for key in keys], batch_size=2_000)
    held.state, held.frozen_at = State.RUNNING, timezone.now()
    held.save(update_fields=["state", "frozen_at"])
    record(actor, "campaign.started", held, after={"targets": len(keys), "held_out": len(chosen), "seed": held.seed})
    return held


@transaction.atomic
def end_campaign(campaign: Campaign, *, actor: Any) -> Campaign:
    """Before its last day, which is today then."""
    held = lock_campaign(campaign, actor, "change")
    _refuse_unless(held, State.RUNNING, _("It does not run."))
    if held.starts_on > today():
        raise MarketingError(_("It begins on %(day)s only. It can be ended from then on.") % {"day": f"{held.starts_on:%Y-%m-%d}"})
    held.state, held.ends_on = State.ENDED, min(held.ends_on, today())
    held.save(update_fields=["state", "ends_on"])
    record(actor, "campaign.ended", held, after={"to": held.ends_on.isoformat()})
    return held


@transaction.atomic
def end_what_is_over(day: date | None = None) -> int:
    """Those whose last day is past."""
    over = list(Campaign.objects.select_for_update(no_key=True).filter(state=State.RUNNING, ends_on__lt=day or today()).order_by("pk"))
    for campaign in over:
        campaign.state = State.ENDED
        campaign.save(update_fields=["state"])
        record(None, "campaign.ended", campaign, after={"to": campaign.ends_on.isoformat()})
    return len(over)


@transaction.atomic
def judge_campaign(campaign: Campaign, *, actor: Any, judgement: str) -> Campaign:
    held = lock_campaign(campaign, actor, "judge")
    _refuse_unless(held, State.ENDED, _("Only what has ended is judged, and once."))
    if not judgement.strip():
        raise MarketingError(_("Say what it brought, and what is to be done otherwise next time."))
    held.judgement, held.judged_by, held.judged_at, held.state = judgement.strip(), actor, timezone.now(), State.EVALUATED
    held.save(update_fields=["judgement", "judged_by", "judged_at", "state"])
    record(actor, "campaign.judged", held, after={"judgement": held.judgement})
    notify(CAMPAIGN_JUDGED, words={"name": held.name}, about=held, recipients=[held.owner_id], url=held.get_absolute_url(), actor=actor)
    return held


@transaction.atomic
def add_task(campaign: Campaign, *, actor: Any, text: str, owner: User, due_on: date) -> CampaignTask:
    held = lock_campaign(campaign, actor, "change")
    if held.state == State.EVALUATED:
        raise MarketingError(_("It was judged already."))
    if due_on < today():
        raise MarketingError(_("%(day)s is past. Write a day from today on.") % {"day": f"{due_on:%Y-%m-%d}"})
    made = CampaignTask.objects.create(campaign=held, text=text.strip(), owner=owner, due_on=due_on)
    record(actor, "campaign_task.added", held, after={"text": made.text, "owner": owner.name, "until": due_on.isoformat()})
    words = {"name": held.name, "text": made.text, "day": f"{due_on:%Y-%m-%d}"}
    notify(CAMPAIGN_TASK, words=words, about=held, recipients=[owner.pk], url=held.get_absolute_url(), actor=actor)
    return made


@transaction.atomic
def finish_task(task: CampaignTask, *, actor: Any, outcome: str) -> CampaignTask:
    """By whose it is, or who works on the campaign."""
    held = lock_row(CampaignTask.objects.select_related("campaign"), task.pk, no_key=True)
    if held.owner_id != actor.pk and not can(actor, "change", held.campaign):
        raise MarketingError(_("Whose task it is says that it is done, or who answers for the campaign."))
    if held.done_at is not None:
        raise MarketingError(_("It is done already."))
    held.done_at, held.done_by, held.outcome = timezone.now(), actor, outcome.strip()
    held.save(update_fields=["done_at", "done_by", "outcome"])
    record(actor, "campaign_task.done", held.campaign, after={"text": held.text, "outcome": held.outcome})
    words = {"name": held.campaign.name, "text": held.text, "outcome": held.outcome}
    for opinion in held.opinions.all():
        notify(OPINION_ANSWERED, words=words, about=opinion, recipients=[opinion.noted_by_id], url=held.campaign.launch_url, actor=actor)
    return held


@transaction.atomic
def tie_expense(campaign: Campaign, *, actor: Any, number: str) -> CampaignExpense:
    """An expense that the actor may see, by its number; of one campaign alone."""
    held = lock_campaign(campaign, actor, "change")
    expense = Expense.objects.select_related("person", "department").filter(number=number.strip().upper()).first()
    if expense is None or not can(actor, "view", expense):
        raise MarketingError(_("There is no expense %(number)s that you may see.") % {"number": number.strip()[:20]})
    expense = lock_row(Expense.objects.all(), expense.pk, no_key=True)
    if expense.state not in COUNTED:
        raise MarketingError(_("%(number)s does not count: it is %(state)s.") % {"number": expense.number, "state": expense.get_state_display()})
    other = CampaignExpense.objects.select_related("campaign").filter(expense=expense.pk).first()
    if other is not None:
        raise MarketingError(_("%(number)s was spent for the campaign %(campaign)s already.") % {"number": expense.number, "campaign": other.campaign.number})
    made = CampaignExpense.objects.create(campaign=held, expense=expense, tied_by=actor)
    record(actor, "campaign.expense_tied", held, after={"expense": expense.number, "sum": expense.fen})
    return made


@transaction.atomic
def untie_expense(tie: CampaignExpense, *, actor: Any) -> None:
    held = lock_campaign(tie.campaign, actor, "change")
    if held.state == State.EVALUATED:
        raise MarketingError(_("It was judged already."))
    record(actor, "campaign.expense_untied", held, before={"expense": tie.expense.number})
    tie.delete()


def spent_for(campaign: Campaign) -> QuerySet[CampaignExpense]:
    """What counts; what went back or was withdrawn does not."""
    return CampaignExpense.objects.filter(campaign=campaign, expense__state__in=COUNTED)


def lock_campaign(campaign: Campaign, actor: Any, action: str) -> Campaign:
    held = lock_row(Campaign.objects.select_related("owner"), campaign.pk, no_key=True)
    decision = decide(actor, action, held)
    if not decision:
        raise MarketingError(str(decision.rule))
    return held


def _refuse_unless(held: Campaign, state: str, sentence: str) -> None:
    if held.state != state:
        raise MarketingError(sentence)


def _write(held: Campaign, products: Collection[Product], values: dict[str, Any]) -> None:
    for name in PLANNED_FIELDS:
        setattr(held, name, values[name])
    held.name, held.aim, held.is_launch = held.name.strip(), held.aim.strip(), values.get("is_launch", False)
    held.save()
    held.products.set(products)


def _check(products: Collection[Product], *, quantity: int, budget: int, starts_on: date, ends_on: date, held_out: int, **_values: Any) -> None:
    if not products:
        raise MarketingError(_("Say of which products it is to sell more."))
    if not 1 <= quantity <= MOST_QUANTITY:
        raise MarketingError(_("Say how much is to be sold, in base units, above nought."))
    if not 0 <= budget <= MOST_FEN:
        raise MarketingError(_("%(sum)s yuan is no budget of a campaign.") % {"sum": say_yuan(budget)})
    if ends_on < starts_on:
        raise MarketingError(_("The last day is before the first. Exchange them."))
    if (ends_on - starts_on).days >= MOST_DAYS:
        raise MarketingError(_("A campaign lasts no longer than a year."))
    if not 0 <= held_out <= MOST_HELD_OUT:
        raise MarketingError(_("No more than %(most)s in a hundred can be held out.") % {"most": MOST_HELD_OUT})
