"""What is said of a launch, noted by who writes the shop's file, and taken up as a task by who answers for the launch."""

from datetime import date
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from crm.activities.models import Visit
from crm.customers.models import Customer
from crm.marketing.errors import MarketingError
from crm.marketing.launching import Launch
from crm.marketing.models import Campaign, LaunchOpinion
from crm.marketing.services.campaigns import add_task, lock_campaign
from portal.access.policies import decide
from portal.accounts.models import User
from portal.audit.services import record
from portal.foundation.locking import lock_row


@transaction.atomic
def note_opinion(
    campaign: Campaign, *, actor: Any, customer: Customer, party: str, about: str, liking: int, text: str, visit: Visit | None = None
) -> LaunchOpinion:  # fmt: skip
    """From the start of a launch until it is judged, of those for whom it is."""
    root = Customer.objects.select_related("portfolio").get(kin=customer.pk)
    decision = decide(actor, "change", root)
    if not decision:
        raise MarketingError(str(decision.rule))
    held = lock_row(Campaign.objects.all(), campaign.pk, no_key=True)
    if not held.is_launch or held.state not in (Campaign.State.RUNNING, Campaign.State.ENDED):
        raise MarketingError(_("Opinions are noted from the start of a launch until it is judged."))
    if not Launch(held).targets.filter(customer__root=root.pk).exists():
        raise MarketingError(_("%(name)s is not among those for whom this launch is.") % {"name": root.name})
    if visit is not None and visit.customer.root_id != root.pk:
        raise MarketingError(_("That visit was at another customer. Begin again from the visit."))
    if not text.strip():
        raise MarketingError(_("Write what they say."))
    made = LaunchOpinion.objects.create(
        campaign=held, customer=root, visit=visit, party=LaunchOpinion.Party(party), about=LaunchOpinion.About(about),
        liking=LaunchOpinion.Liking(liking), text=text.strip(), noted_by=actor,
    )  # fmt: skip
    record(actor, "launch_opinion.noted", held, after={"customer": root.code, "liking": made.liking, "about": made.about})
    return made


@transaction.atomic
def take_opinion(opinion: LaunchOpinion, *, actor: Any, text: str, owner: User, due_on: date) -> LaunchOpinion:
    """It becomes a task of the launch, once; who noted it is told what comes of it."""
    lock_campaign(opinion.campaign, actor, "change")
    held = lock_row(LaunchOpinion.objects.select_related("campaign"), opinion.pk, no_key=True)
    if held.task_id is not None:
        raise MarketingError(_("It is a task already."))
    held.task = add_task(held.campaign, actor=actor, text=text, owner=owner, due_on=due_on)
    held.save(update_fields=["task"])
    record(actor, "launch_opinion.taken", held.campaign, after={"text": held.text, "task": held.task.text, "owner": owner.name})
    return held
