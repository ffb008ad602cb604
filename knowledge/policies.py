"""Who may see articles and what they may do with them.

Readers: those in the audience, while an article is admitted and not withdrawn. Who began it, the head of its department and the keepers of its
category see it in every state. Holders of the position that answers for it write and review it where they may read it; that gives no right to read.
"""

from typing import Any
from uuid import UUID

from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from knowledge.capabilities import MANAGE_KNOWLEDGE
from knowledge.force import current_versions
from knowledge.keeping import kept_categories
from knowledge.models import Article, ArticleCategory, ArticleVersion, ImportItem, ImportRun, Policy, PolicyShelf, PolicyVersion
from knowledge.models.policies import tokens_of_writers
from portal.access.models import Audience
from portal.access.policies import AudiencePolicy, Decision, decide_by_audience, decide_by_taking_part, people_taking_part, policy_for, register
from portal.access.policies import Policy as Rule
from portal.access.readers import TakingPart
from portal.access.registry import has_capability
from portal.access.rules import Outcome, post_token
from portal.access.standings import people_holding, people_matching, standing_of
from portal.access.visibility import audience_ids_of
from portal.accounts.models import User
from portal.foundation.rich_text import picture_ids
from portal.organization.models import Department
from portal.pages.approval import approves, may_approve

WRITERS_ONLY = _("Articles are written by who began them, who answers for them, and the keepers of the category.")


WRITERS_OF_POLICIES = _("Policies are written by the head of the department in charge, and by those who hold the duty.")


class ArticlePolicy(AudiencePolicy[Article]):
    decides_views = True
    actions = {
        "view": _("read"),
        "change": _("write"),
        "publish": _("admit"),
        "approve": _("admit"),
        "assign": _("hand the admission to somebody"),
        "move": _("put into another category"),
        "review": _("review"),
        "retract": _("withdraw"),
        "answer": _("answer suggested changes"),
        "suggest": _("suggest a change"),
        "rate": _("say whether it was useful"),
        "comment": _("comment"),
        "moderate": _("remove comments"),
        "delete": _("delete the draft"),
    }

    def decide(self, user: Any, action: str, obj: Article) -> Decision:
        if action == "view":
            return self._sees(user, obj)
        if action in {"suggest", "rate", "comment"}:
            return self._reads(user, obj)
        if action in {"publish", "approve"}:
            return self._admits(user, action, obj)
        if action in {"assign", "move", "moderate"}:
            return Decision(approves(user, obj), _("Only keepers of the category may do this."))
        writes = self._writes(user, obj)
        if not writes:
            return writes
        if obj.retracted_at is not None:
            return Decision(False, _("It was withdrawn. Write a new one."))
        if action == "delete":
            return Decision(obj.published_at is None, _("What was admitted is withdrawn, not deleted."))
        if action in {"review", "retract"}:
            return self._answers_for(user, obj)
        return writes

    def visible(self, user: Any, rows: QuerySet[Article]) -> QuerySet[Article]:
        taken = self.rows_of_taking_part(user)
        reads = Q(is_shown=True, audience__any=audience_ids_of(user))
        return rows.filter(reads if taken is None else reads | taken)

    def viewers(self, obj: Article) -> QuerySet[User]:
        writers = people_taking_part(self.taking_part(obj))
        if not obj.is_current or obj.audience is None:
            return writers
        return people_matching(obj.audience.rule) | writers

    def taking_part(self, obj: Article) -> TakingPart:
        return TakingPart(tuple(obj.writer_tokens()))

    def rows_of_taking_part(self, user: Any) -> Q | None:
        kept = kept_categories(user)
        if kept is None:
            return Q(pk__isnull=False)
        taken = Q(owner=user.pk) | Q(assignee=user.pk)
        if kept:
            taken |= Q(category__in=kept)
        if headed := standing_of(user).headed_department_ids:
            taken |= Q(department__in=headed)
        return taken

    def title(self, obj: Article) -> str:
        return obj.title if obj.published_at is not None else obj.draft_title

    def _sees(self, user: Any, article: Article) -> Decision:
        reads = self._reads(user, article)
        if reads:
            return reads
        taking = decide_by_taking_part(user, self.taking_part(article))
        return taking if taking else reads

    def _reads(self, user: Any, article: Article) -> Decision:
        if not article.is_current or article.audience is None:
            return Decision(False, _("It is not admitted, or no longer."))
        return decide_by_audience(user, article.audience)

    def _writes(self, user: Any, article: Article) -> Decision:
        taking = decide_by_taking_part(user, self.taking_part(article))
        if taking:
            return taking
        return Decision(holds_owner_position(user, article) and bool(self._reads(user, article)), WRITERS_ONLY)

    def _admits(self, user: Any, action: str, article: Article) -> Decision:
        if article.retracted_at is not None:
            return Decision(False, _("It was withdrawn. Write a new one."))
        if action == "publish":
            return Decision(approves(user, article), _("Only keepers of the category may do this."))
        return Decision(may_approve(user, article), _("Admitted by another keeper than the one who wrote it."))

    def _answers_for(self, user: Any, article: Article) -> Decision:
        if not article.is_current:
            return Decision(False, _("It is not admitted, or no longer."))
        heads = article.department_id in standing_of(user).headed_department_ids
        return Decision(heads or holds_owner_position(user, article) or approves(user, article), _("Reviewed by who answers for it."))


class CategoryPolicy(Rule[ArticleCategory]):
    """Every employee may open a category; what stands in it is for the policy of articles."""

    actions = {"view": _("open a category"), "change": _("arrange")}

    def decide(self, user: Any, action: str, obj: ArticleCategory) -> Decision:
        if action == "view":
            return Decision(user.is_employee, _("The knowledge base is for employees."))
        return Decision(has_capability(user, MANAGE_KNOWLEDGE), _("Only those who keep the knowledge base may do this."))

    def visible(self, user: Any, rows: QuerySet[ArticleCategory]) -> QuerySet[ArticleCategory]:
        return rows if user.is_employee else rows.none()

    def viewers(self, obj: ArticleCategory) -> QuerySet[User]:
        return User.objects.active().employees()


class PolicyPolicy(AudiencePolicy[Policy]):
    """Of 制度. Readers: the audience, and those to whom the leader in charge granted it, from its level on and but for who is excepted. Those in charge and the
    leader see it in every state, with the clearance that it asks for.
    """

    decides_views = True
    actions = {
        "view": _("read"),
        "change": _("write"),
        "publish": _("publish"),
        "grant": _("grant who may read"),
        "review": _("review"),
        "retract": _("take down"),
        "delete": _("delete the draft"),
        "confirm": _("confirm the reading"),
        "report": _("see who has read and confirmed"),
        "report_own": _("see who of one's own people has confirmed"),
    }

    def decide(self, user: Any, action: str, obj: Policy) -> Decision:
        if action == "view":
            return self._sees(user, obj)
        if action == "confirm":
            return self._confirms(user, obj)
        if action == "grant":
            return self._grants(user, obj)
        if action == "report_own":
            return self._reports_own(user, obj)
        writes = self._writes(user, obj)
        if not writes:
            return writes
        if action == "delete":
            return Decision(obj.published_at is None, _("What was published is repealed, not deleted."))
        if action == "retract":
            return Decision(obj.is_shown, _("Only what is published can be taken down."))
        if action == "review":
            return Decision(obj.is_shown and obj.repealed_on is None, _("Only what is published and not repealed is reviewed."))
        if action in {"change", "publish"} and obj.retracted_at is not None:
            return Decision(False, _("It was taken down. Write a new one."))
        return writes

    def visible(self, user: Any, rows: QuerySet[Policy]) -> QuerySet[Policy]:
        return rows.filter(self.rows_read(user))

    def rows_read(self, user: Any) -> Q:
        """What a person may read, as a condition."""
        taken, ids, today = self.rows_of_taking_part(user), audience_ids_of(user), timezone.localdate()
        current = current_versions(today).filter(policy__is_shown=True, policy__is_divided=True, audience__any=ids)
        reads = Q(is_shown=True) & (Q(is_divided=False, audience__any=ids) | Q(is_divided=True, pk__in=current.values("policy")))
        return reads if taken is None else reads | taken

    def viewers(self, obj: Policy) -> QuerySet[User]:
        taking = people_taking_part(self.taking_part(obj))
        if not obj.is_current or obj.audience is None:
            return taking
        for audience in audiences_of(obj):
            taking |= people_matching(audience.rule)
        return taking

    def taking_part(self, obj: Policy) -> TakingPart:
        level = obj.audience.level if obj.audience is not None else 0
        granted = [obj.grant_token] if obj.is_current else []
        reasons = [(obj.grant_token, _("The leader in charge granted it.")), *((token, _("Leader in charge.")) for token in obj.leader_tokens())]
        return TakingPart((*obj.writer_tokens(), *obj.leader_tokens(), *granted), level, reasons)

    def rows_of_taking_part(self, user: Any) -> Q | None:
        standing = standing_of(user)
        duties = [int(token.removeprefix("duty:")) for token in standing.tokens if token.startswith("duty:")]
        granted = [int(token.removeprefix("policy:")) for token in standing.tokens if token.startswith("policy:")]
        taken = Q()
        if standing.headed_department_ids:
            taken |= Q(department__in=standing.headed_department_ids)
        if duties:
            taken |= Q(leader__in=duties) | Q(department__in=PolicyShelf.objects.filter(writers__in=duties).values("department"))
        if granted:
            taken |= Q(pk__in=granted, is_shown=True)
        return taken & (Q(audience__isnull=True) | Q(audience__level__lte=standing.level)) if taken else None

    def title(self, obj: Policy) -> str:
        return obj.title if obj.published_at is not None else obj.draft_title

    def _sees(self, user: Any, policy: Policy) -> Decision:
        taking = decide_by_taking_part(user, self.taking_part(policy))
        if taking:
            return taking
        if not policy.is_current or policy.audience is None:
            return Decision(False, _("It is not published, or no longer."))
        decisions = [decide_by_audience(user, audience) for audience in audiences_of(policy)]
        return next((decision for decision in decisions if decision), decisions[0])

    def decide_file(self, user: Any, obj: Policy, pk: UUID) -> Decision | None:
        """While the next version is published, and where versions are for different readers, a file is for those of the version that it belongs to."""
        is_plain = obj.effective_on is None or (obj.effective_on <= timezone.localdate() and not obj.is_divided)
        if is_plain or not obj.is_current:
            return None
        for version in current_versions(timezone.localdate()).filter(policy=obj).select_related("audience"):
            version.policy = obj
            if pk in version.file_ids or pk in picture_ids(version.body):
                return Decision(reads_policy_version(user, version) and bool(self._sees(user, obj)), _("The audience decides."), version.audience)
        return None

    def _writes(self, user: Any, policy: Policy) -> Decision:
        level = policy.audience.level if policy.audience is not None else 0
        return Decision(
            bool(decide_by_taking_part(user, TakingPart(tuple(policy.writer_tokens()), level))),
            WRITERS_OF_POLICIES,
        )

    def _grants(self, user: Any, policy: Policy) -> Decision:
        if not policy.is_shown:
            return Decision(False, _("It is not published, or no longer."))
        leads = bool(decide_by_taking_part(user, TakingPart(tuple(policy.leader_tokens()), policy.audience.level if policy.audience is not None else 0)))
        return Decision(leads, _("Only the leader in charge grants who may read."))

    def _confirms(self, user: Any, policy: Policy) -> Decision:
        if not policy.is_current or policy.audience is None:
            return Decision(False, _("It is not published, or no longer."))
        return decide_by_audience(user, policy.audience) if policy.binding_number else Decision(False, _("No confirmation is asked for."))

    def _reports_own(self, user: Any, policy: Policy) -> Decision:
        writes = self._writes(user, policy)
        if writes:
            return writes
        sees = self._sees(user, policy)
        return sees if not sees else Decision(bool(standing_of(user).headed_department_ids), _("Heads of departments see who of their people has confirmed."))


class ShelfPolicy(Rule[PolicyShelf]):
    """Every employee may open a department's shelf; its head keeps it."""

    actions = {"view": _("open"), "change": _("arrange"), "publish": _("publish")}

    def decide(self, user: Any, action: str, obj: PolicyShelf) -> Decision:
        if action == "view":
            return Decision(user.is_employee, _("Policies are for employees."))
        if action == "publish":
            return Decision(not standing_of(user).token_set.isdisjoint(tokens_of_writers(obj.department_id, obj.writers_id)), WRITERS_OF_POLICIES)
        return Decision(obj.department_id in standing_of(user).headed_department_ids, _("Only the head of the department may do this."))

    def visible(self, user: Any, rows: QuerySet[PolicyShelf]) -> QuerySet[PolicyShelf]:
        return rows if user.is_employee else rows.none()

    def viewers(self, obj: PolicyShelf) -> QuerySet[User]:
        return User.objects.active().employees()


def audiences_of(policy: Policy) -> list[Audience]:
    """Who reads what is published: the audience of the row, or where versions differ in theirs, those of what is in force and to come."""
    if not policy.is_divided:
        return [policy.audience] if policy.audience is not None else []
    current = current_versions(timezone.localdate()).filter(policy=policy).select_related("audience").order_by("-number")
    return list(dict.fromkeys(version.audience for version in current)) or ([policy.audience] if policy.audience is not None else [])


def reads_policy_version(user: Any, version: PolicyVersion) -> bool:
    """Of a policy that the person may see: a version was for its own audience; those in charge, the leader and who has a grant read all of them.

    Each asks for its own clearance.
    """
    policy, rule = version.policy, version.audience.rule
    if decide_by_taking_part(user, TakingPart((*policy.writer_tokens(), *policy.leader_tokens()), rule.level)):
        return True
    match = decide_by_audience(user, version.audience).match
    if match is None or match:
        return bool(match)
    # A grant opens every version, but for whom it excepts and who is not cleared for it.
    return match.outcome is not Outcome.EXCLUDED and bool(decide_by_taking_part(user, TakingPart((policy.grant_token,), rule.level)))


def owner_tokens(article: Article) -> list[str]:
    """Whoever answers for it holds one of these: its position in its department or in one below; empty where no position is said.

    The position and the department as two tokens would also fit who holds the one here and another one there.
    """
    if article.owner_position_id is None or article.department is None:
        return []
    places = Department.objects.filter(path__startswith=article.department.path).values_list("pk", flat=True)
    return [post_token(place, article.owner_position_id) for place in places]


def holds_owner_position(user: Any, article: Article) -> bool:
    """Nothing is asked of the database for who holds the position nowhere."""
    held = {token for token in standing_of(user).tokens if token.startswith("post:") and token.endswith(f"-{article.owner_position_id}")}
    return bool(held) and not held.isdisjoint(owner_tokens(article))


def people_answering_for(article: Article) -> QuerySet[User]:
    """Who answers for it today: the holders of its position who may read it, else the head of its department, else its keepers.

    Never nobody, while somebody keeps the base.
    """
    tokens = owner_tokens(article)
    if tokens and article.audience is not None:
        holders = people_holding(tokens) & people_matching(article.audience.rule)
        if holders.exists():
            return holders
    heads = User.objects.active().filter(stored_standing__tokens__contains=[f"head:{article.department_id}"])
    return heads if heads.exists() else people_taking_part(TakingPart(tuple(article.keeper_tokens())))


def reads_version(user: Any, version: ArticleVersion) -> bool:
    """Of an article that the person may see: a version was for its own audience, which a later one may have widened; its writers read all of them."""
    writes = decide_by_taking_part(user, TakingPart(tuple(version.article.writer_tokens())))
    return bool(writes) or bool(decide_by_audience(user, version.audience))


class ImportRunPolicy(Rule[ImportRun]):
    """What somebody brings in is their own; what becomes of it are articles, which have rules of their own."""

    actions = {"view": _("open"), "change": _("carry out")}

    def decide(self, user: Any, action: str, obj: ImportRun) -> Decision:
        return Decision(user.is_employee and obj.owner_id == user.pk, _("An import of files is for whoever began it."))

    def visible(self, user: Any, rows: QuerySet[ImportRun]) -> QuerySet[ImportRun]:
        return rows.filter(owner=user.pk) if user.is_employee else rows.none()

    def viewers(self, obj: ImportRun) -> QuerySet[User]:
        return User.objects.active().employees().filter(pk=obj.owner_id)


class ImportItemPolicy(Rule[ImportItem]):
    """A file is for whoever brought it."""

    actions = {"view": _("open"), "change": _("carry out")}

    def decide(self, user: Any, action: str, obj: ImportItem) -> Decision:
        return policy_for(ImportRun).decide(user, action, obj.run)

    def visible(self, user: Any, rows: QuerySet[ImportItem]) -> QuerySet[ImportItem]:
        return rows.filter(run__owner=user.pk) if user.is_employee else rows.none()

    def viewers(self, obj: ImportItem) -> QuerySet[User]:
        return policy_for(ImportRun).viewers(obj.run)


register(Article, ArticlePolicy)
register(ArticleCategory, CategoryPolicy)
register(ImportItem, ImportItemPolicy)
register(ImportRun, ImportRunPolicy)
register(Policy, PolicyPolicy)
register(PolicyShelf, ShelfPolicy)
