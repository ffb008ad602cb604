"""Who sees what of marketing. A campaign: who answers for it, who has a task in it, those in marketing. Rivals and the channel: those who sell, too."""

from typing import Any, ClassVar

from django.db.models import Exists, Model, OuterRef, Q, QuerySet
from django.utils.translation import gettext_lazy as _

from crm.customers.capabilities import KEEP_CUSTOMERS
from crm.customers.models import Portfolio
from crm.customers.models.portfolios import headed_token
from crm.customers.of_portfolio import rows_of_own, writes_files
from crm.customers.policies import writer_tokens
from crm.marketing.capabilities import KEEP_MARKETING
from crm.marketing.models import Campaign, CampaignTask, LaunchOpinion, MarketNote, Meeting, MeetingPoint, RivalMaker
from portal.access.policies import Decision, Policy, decide_by_taking_part, people_taking_part, register
from portal.access.readers import TakingPart
from portal.access.registry import has_capability, tokens_of_holders
from portal.access.rules import person_token
from portal.access.standings import standing_of
from portal.accounts.models import User

FOR_MARKETING = _("For those who work in marketing.")
FOR_MEETING = _("For who answers for the meeting, and those who work in marketing.")
FOR_OWNER = _("For who answers for the campaign, and those who work in marketing.")
FOR_SELLERS = _("For those who hold portfolios of customers, the heads of their departments, and those who work in marketing.")
NOT_OWN_NEWS = _("Nobody approves what they sent in themselves. Somebody else in marketing has to.")
NOT_OWN = _("Whoever answers for a campaign does not judge it. Somebody else in marketing has to.")


def keeps_marketing(user: Any) -> bool:
    return bool(user.is_employee and has_capability(user, KEEP_MARKETING))


def works_with_marketing(user: Any) -> bool:
    """No query of its own: every page asks for its rail."""
    return keeps_marketing(user) or writes_files(user)


def seller_tokens() -> tuple[str, ...]:
    """Whoever holds one of these works with marketing."""
    portfolios = Portfolio.objects.only("pk", "department_id")
    selling = {token for one in portfolios for token in (one.token, headed_token(one.department_id))}
    return (*sorted(selling), *tokens_of_holders(KEEP_CUSTOMERS), *tokens_of_holders(KEEP_MARKETING))


class OfOwnerAndDoersPolicy(Policy[Any]):
    """Of somebody who answers for it and of those who have a part of it, `parts` with an owner each, and of those in marketing."""

    decides_views = True
    parts: ClassVar[type[Model]]
    whole: ClassVar[str]

    def visible(self, user: Any, rows: QuerySet[Any]) -> QuerySet[Any]:
        taken = self.rows_of_taking_part(user)
        return rows.none() if taken is None else rows.filter(taken)

    def viewers(self, obj: Any) -> QuerySet[User]:
        return people_taking_part(self.taking_part(obj))

    def taking_part(self, obj: Any) -> TakingPart:
        doing = self.parts._default_manager.filter(**{self.whole: obj.pk}).order_by().values_list("owner", flat=True).distinct()
        people = [person_token(pk) for pk in dict.fromkeys((obj.owner_id, *doing))]
        return TakingPart((*people, *tokens_of_holders(KEEP_MARKETING)))

    def rows_of_taking_part(self, user: Any) -> Q | None:
        if has_capability(user, KEEP_MARKETING):
            return Q(pk__isnull=False)
        if person_token(user.pk) not in standing_of(user).token_set:
            return None
        return Q(owner=user.pk) | Q(Exists(self.parts._default_manager.filter(**{self.whole: OuterRef("pk")}, owner=user.pk)))


class CampaignPolicy(OfOwnerAndDoersPolicy):
    parts, whole = CampaignTask, "campaign"
    actions = {"view": _("see the campaign"), "change": _("work on the campaign"), "judge": _("judge the campaign")}

    def decide(self, user: Any, action: str, obj: Campaign) -> Decision:
        if action == "view":
            return decide_by_taking_part(user, self.taking_part(obj))
        is_own = obj.owner_id == user.pk
        if action == "judge":
            return Decision(keeps_marketing(user) and not is_own, NOT_OWN if is_own else FOR_MARKETING)
        return Decision(user.is_employee and (is_own or keeps_marketing(user)), FOR_OWNER)


class RivalPolicy(Policy[RivalMaker]):
    """Those who work in marketing keep what is known of rivals; those who sell see it and add facts."""

    actions = {"view": _("see the rival"), "add": _("add what is known"), "change": _("keep the rival")}
    may_be_asked = False

    def decide(self, user: Any, action: str, obj: RivalMaker) -> Decision:
        if action == "change":
            return Decision(keeps_marketing(user), FOR_MARKETING)
        return Decision(works_with_marketing(user), FOR_SELLERS)

    def visible(self, user: Any, rows: QuerySet[RivalMaker]) -> QuerySet[RivalMaker]:
        return rows if works_with_marketing(user) else rows.none()

    def viewers(self, obj: RivalMaker) -> QuerySet[User]:
        return people_taking_part(TakingPart(seller_tokens()))


class MarketNotePolicy(Policy[MarketNote]):
    """Who sent it, those in marketing, and whoever writes the customer's file; once approved everyone who works with marketing."""

    decides_views = True
    actions = {"view": _("see the news"), "judge": _("approve the news or not")}

    def decide(self, user: Any, action: str, obj: MarketNote) -> Decision:
        if action == "view":
            return decide_by_taking_part(user, self.taking_part(obj))
        is_own = obj.sender_id == user.pk
        return Decision(keeps_marketing(user) and not is_own, NOT_OWN_NEWS if is_own else FOR_MARKETING)

    def visible(self, user: Any, rows: QuerySet[MarketNote]) -> QuerySet[MarketNote]:
        taken = self.rows_of_taking_part(user)
        return rows.none() if taken is None else rows.filter(taken)

    def viewers(self, obj: MarketNote) -> QuerySet[User]:
        return people_taking_part(self.taking_part(obj))

    def taking_part(self, obj: MarketNote) -> TakingPart:
        approved = seller_tokens() if obj.state == MarketNote.State.APPROVED else ()
        of_file = writer_tokens(obj.customer.root.portfolio) if obj.customer is not None else ()
        return TakingPart(tuple(dict.fromkeys((person_token(obj.sender_id), *of_file, *tokens_of_holders(KEEP_MARKETING), *approved))))

    def rows_of_taking_part(self, user: Any) -> Q | None:
        if has_capability(user, KEEP_MARKETING):
            return Q(pk__isnull=False)
        if person_token(user.pk) not in standing_of(user).token_set:
            return None
        seen, of_file = Q(sender=user.pk), rows_of_own(user, "customer__root__")
        if of_file is not None:
            seen |= of_file & Q(customer__isnull=False)
        return seen | Q(state=MarketNote.State.APPROVED) if works_with_marketing(user) else seen


class LaunchOpinionPolicy(Policy[LaunchOpinion]):
    """Who noted it, who answers for the launch, whoever writes the customer's file, and those in marketing."""

    decides_views = True
    actions = {"view": _("see the opinion")}

    def decide(self, user: Any, action: str, obj: LaunchOpinion) -> Decision:
        return decide_by_taking_part(user, self.taking_part(obj))

    def visible(self, user: Any, rows: QuerySet[LaunchOpinion]) -> QuerySet[LaunchOpinion]:
        taken = self.rows_of_taking_part(user)
        return rows.none() if taken is None else rows.filter(taken)

    def viewers(self, obj: LaunchOpinion) -> QuerySet[User]:
        return people_taking_part(self.taking_part(obj))

    def taking_part(self, obj: LaunchOpinion) -> TakingPart:
        people = [person_token(pk) for pk in dict.fromkeys((obj.noted_by_id, obj.campaign.owner_id))]
        return TakingPart((*people, *writer_tokens(obj.customer.root.portfolio), *tokens_of_holders(KEEP_MARKETING)))

    def rows_of_taking_part(self, user: Any) -> Q | None:
        if has_capability(user, KEEP_MARKETING):
            return Q(pk__isnull=False)
        if person_token(user.pk) not in standing_of(user).token_set:
            return None
        seen, of_file = Q(noted_by=user.pk) | Q(campaign__owner=user.pk), rows_of_own(user, "customer__root__")
        return seen if of_file is None else seen | of_file


class MeetingPolicy(OfOwnerAndDoersPolicy):
    parts, whole = MeetingPoint, "meeting"
    actions = {"view": _("see the meeting"), "change": _("work on the meeting")}

    def decide(self, user: Any, action: str, obj: Meeting) -> Decision:
        if action == "view":
            return decide_by_taking_part(user, self.taking_part(obj))
        return Decision(bool(user.is_employee and obj.owner_id == user.pk) or keeps_marketing(user), FOR_MEETING)


register(Campaign, CampaignPolicy)
register(Meeting, MeetingPolicy)
register(LaunchOpinion, LaunchOpinionPolicy)
register(MarketNote, MarketNotePolicy)
register(RivalMaker, RivalPolicy)
