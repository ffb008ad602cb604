"""Policies: begun, published as versions with their articles, withdrawn before they take effect, repealed."""

from collections.abc import Mapping
from datetime import date, datetime, time, timedelta
from typing import Any

from dateutil.relativedelta import relativedelta
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from knowledge.clauses import articles_of, recognise
from knowledge.comparison import clause_of, clauses_of, compare_draft, given_pairs
from knowledge.errors import KnowledgeError
from knowledge.force import current_versions, in_force, versions_known
from knowledge.models import Policy, PolicyClause, PolicyRepeal, PolicyRoot, PolicyShelf, PolicyVersion, PolicyWithdrawal
from knowledge.models.policies import NUMBERS
from knowledge.notifications import POLICY_EFFECTIVE, POLICY_PUBLISHED, POLICY_REVIEW_DUE, POLICY_REVISED, POLICY_WITHDRAWN
from knowledge.pairing import pair
from knowledge.services.grants import renew_grants
from knowledge.services.policy_reviews import plan_policy_review
from portal.access.models import Audience
from portal.access.policies import decide
from portal.access.rules import EVERYONE, AudienceRule
from portal.access.standings import people_matching, standing_of
from portal.audit.services import record
from portal.confirmations.services import confirm_for_writers, plan_deadline
from portal.foundation.rich_text import to_text
from portal.notifications.services import notify, renew_bells, withdraw_all
from portal.numbers.services import issue_number
from portal.organization.models import Department
from portal.outbox.services import enqueue
from portal.pages.drafts import lock_page
from portal.pages.registry import Publication
from portal.pages.services import begin_page
from portal.pages.tree import ensure_root, grow
from portal.search.services import touch

EFFECTIVE_DAY = "knowledge.effective_day"
FOLLOW = "knowledge.follow_force"
BELLS_AT = timedelta(hours=8)
DEFAULT_PREFIX = "ZD"


@transaction.atomic
def shelf_of(department: Department) -> PolicyShelf:
    """The department's shelf, made when it is first needed."""
    shelf = PolicyShelf.objects.filter(department=department).first()
    if shelf is None:
        root = PolicyRoot.objects.first() or grow(ensure_root(), PolicyRoot(title="Policies", slug="policies"))
        lock_page(root)
        shelf = PolicyShelf.objects.filter(department=department).first()
        shelf = shelf or grow(root, PolicyShelf(title=department.name, slug=f"policies-{department.pk}", department=department))
    return shelf


def create_policy(shelf: PolicyShelf, *, actor: Any, values: Mapping[str, Any] | None = None, key: str = "") -> Policy:
    """Begin a policy of a department, for all employees until an audience is chosen."""
    policy = Policy(department=shelf.department, interpreting_department=shelf.department, audience=Audience.objects.for_rule(AudienceRule.of([EVERYONE])))
    return begin_page(policy, below=shelf, actor=actor, values=values, key=key)


@transaction.atomic
def withdraw_version(version: PolicyVersion, *, reason: str, actor: Any) -> None:
    """Take a version back before it takes effect: what was in force before stays so. Refuses once its day has come, for then it has been in force."""
    policy = _held(version.policy, actor, "publish")
    if not reason.strip():
        raise KnowledgeError(_("Say why it is taken back."))
    if PolicyWithdrawal.objects.filter(version=version).exists():
        raise KnowledgeError(_("It was taken back already."))
    if version.effective_on <= timezone.localdate():
        raise KnowledgeError(_("It has taken effect. Publish a new version, or repeal the policy."))
    PolicyWithdrawal.objects.create(version=version, withdrawn_at=timezone.now(), withdrawn_by=actor, reason=reason.strip()[:300])
    record(actor, "policy.version_withdrawn", policy, before={"version": version.number}, reason=reason)
    _renew_force(policy)
    words = {"title": version.title, "number": policy.number or "", "reason": reason.strip()[:200]}
    notify(POLICY_WITHDRAWN, words=words, about=policy, url=policy.get_absolute_url(), actor=actor)
    touch(Policy, [policy.pk])


@transaction.atomic
def repeal_policy(policy: Policy, *, effective_on: date, actor: Any, reason: str = "", replaced_by: Policy | None = None) -> PolicyRepeal:
    """From a day on the policy is in force no longer. Its address goes on answering, and leads to what replaces it."""
    stored = _held(policy, actor, "publish")
    if replaced_by is not None and replaced_by.pk == stored.pk:
        raise KnowledgeError(_("A policy cannot replace itself. Publish a new version of it."))
    if PolicyRepeal.objects.filter(policy=stored).exists():
        raise KnowledgeError(_("It was repealed already."))
    if not stored.version_number:
        raise KnowledgeError(_("It was never published. Delete the draft."))
    if replaced_by is None and not reason.strip():
        raise KnowledgeError(_("Say why it is repealed."))
    repeal = PolicyRepeal.objects.create(
        policy=stored, effective_on=effective_on, replaced_by=replaced_by, reason=reason.strip()[:300], made_at=timezone.now(), made_by=actor
    )
    Policy.objects.filter(pk=stored.pk).update(repealed_on=effective_on, binding_number=None)
    record(actor, "policy.repealed", stored, after={"on": str(effective_on), "by": replaced_by.number if replaced_by is not None else ""}, reason=reason)
    withdraw_all([stored.get_absolute_url()], kinds=[POLICY_PUBLISHED, POLICY_REVISED, POLICY_EFFECTIVE])
    withdraw_all([stored.review_url], kinds=[POLICY_REVIEW_DUE])
    touch(Policy, [stored.pk])
    return repeal


@transaction.atomic
def set_pair(policy: Policy, *, digest: str, key: int | None, actor: Any) -> None:
    """The writer says which earlier article a new one was, or that it was none. Kept with the draft."""
    stored = _held(policy, actor, "change")
    draft = stored.get_latest_revision_as_object()
    last = last_version(stored)
    if last is None:
        raise KnowledgeError(_("There is no earlier version to compare with."))
    if key is not None and key not in {row.key for row in clauses_of(last)}:
        raise KnowledgeError(_("The earlier version has no such article."))
    others = {kept: old for kept, old in draft.pairs.items() if old != key or old is None}
    draft.pairs = {**others, digest: key}
    draft.save_revision(user=actor)


def last_version(policy: Policy) -> PolicyVersion | None:
    """The newest that was published and not taken back: what the next one is compared with."""
    return versions_known().filter(policy=policy).order_by("-number").first()


# What a policy adds to the life of a page; see `portal.pages.registry.PageRules`.


def missing_of_policy(policy: Policy) -> dict[str, str]:
    """What keeps a policy from being published, beyond what every page needs."""
    problems: dict[str, str] = {}
    today = timezone.localdate()
    if not to_text(policy.body).strip() and not policy.file_ids:
        problems["body"] = _("Write a text or add a file.")
    if policy.effective_on is None:
        problems["effective_on"] = _("Say from which day on it is in force.")
    elif policy.effective_on < today and not policy.backdating_reason.strip():
        problems["backdating_reason"] = _("It would take effect before it is published. Say why; readers see it.")
    if policy.effective_on is not None and (problem := _problem_of_day(policy, policy.effective_on)):
        problems["effective_on"] = problem
    if policy.repealed_on is not None:
        problems["title"] = _("It was repealed. Write a new one.")
    if policy.pk in policy.repeals:
        problems["repeals"] = _("A policy cannot replace itself. Publish a new version of it.")
    elif problem := _problem_of_repeals(policy):
        problems["repeals"] = problem
    if policy.needs_confirmation and policy.confirm_by is not None and policy.confirm_by <= timezone.now() and not _keeps_deadline(policy):
        problems["confirm_by"] = _("The time to confirm by has passed. Choose a later one.")
    if policy.effective_on is not None and (problem := _problem_of_asking(policy, policy.effective_on)):
        problems["effective_on"] = problem
    if policy.asks_anew and (last := last_version(policy)) is not None and not compare_draft(last, policy.body, policy.pairs).changed:
        problems["asks_anew"] = _("No article has changed, so there is nothing to confirm anew.")
    writer = policy.latest_revision.user if policy.latest_revision is not None else None
    if policy.audience is not None and writer is not None and policy.audience.level > standing_of(writer).level:
        problems["audience"] = _("Its level is above your own clearance. Choose a lower one, or let somebody publish who has it.")
    return problems


def facts_of_policy(policy: Policy, publication: Publication) -> dict[str, Any]:
    """Its next version, its number when it is first published, and from which version on a confirmation counts."""
    assert policy.effective_on is not None, "checked before"
    number = policy.version_number + 1
    asks = policy.needs_confirmation and (policy.binding_number is None or policy.asks_anew)
    binding = policy.binding_number if policy.needs_confirmation else None
    today = timezone.localdate(publication.at)
    facts: dict[str, Any] = {
        "version_number": number,
        "binding_number": number if asks else binding,
        "asks_anew": False,
        "pairs": {},
        "review_due_on": max(today, policy.effective_on) + relativedelta(months=policy.review_months),
    }
    if policy.number is None:
        shelf = policy.shelf
        prefix = (shelf.prefix if shelf is not None else "") or f"{DEFAULT_PREFIX}{policy.department_id}"
        given = issue_number(NUMBERS, year=today.year, scope=prefix)
        facts |= {"number": NUMBERS.write(given, year=today.year, prefix=prefix), "year": today.year}
    return facts


def note_policy_version(policy: Policy, publication: Publication) -> None:
    """The version that was published with its articles, the bells of today and of the day on which it takes effect."""
    assert policy.audience is not None, "checked before"
    assert policy.effective_on is not None, "checked before"
    before = last_version(policy)
    pairs = _pairs_of(policy)
    version = PolicyVersion.objects.create(
        policy=policy,
        number=policy.version_number,
        title=policy.title,
        kind=policy.kind,
        body=policy.body,
        file_ids=policy.file_ids,
        audience=policy.audience,
        effective_on=policy.effective_on,
        backdating_reason=policy.backdating_reason,
        change_note=publication.note,
        is_binding=policy.binding_number == policy.version_number,
        confirm_by=policy.confirm_by if policy.needs_confirmation else None,
        reach=people_matching(policy.audience.rule).count(),
        published_at=publication.at,
        published_by=publication.publisher,
    )
    store_clauses(policy, version, before, pairs)
    _renew_force(policy)
    if before is not None and before.audience.exclude != policy.audience.exclude:
        renew_grants(policy)
    for repealed in Policy.objects.filter(pk__in=policy.repeals, repealed_on__isnull=True).order_by("pk"):
        repeal_policy(repealed, effective_on=policy.effective_on, actor=publication.publisher, replaced_by=policy)
    if before is not None:
        renew_bells(policy, [policy.get_absolute_url()], kinds=[POLICY_PUBLISHED, POLICY_REVISED, POLICY_EFFECTIVE])
    kind = POLICY_PUBLISHED if before is None else POLICY_REVISED
    if before is None or version.is_binding or before.effective_on != version.effective_on:
        notify(kind, words=words_of(policy), about=policy, url=policy.get_absolute_url(), actor=publication.publisher)
    if version.effective_on > timezone.localdate():
        midnight = timezone.make_aware(datetime.combine(version.effective_on, time()))
        enqueue(EFFECTIVE_DAY, {"policy": policy.pk, "version": version.number}, due_at=midnight + BELLS_AT)
        enqueue(FOLLOW, {"policy": policy.pk}, due_at=midnight)
    plan_deadline(policy, now=publication.at)
    if version.is_binding:
        confirm_for_writers(policy, [policy.owner, publication.publisher])
    withdraw_all([policy.review_url], kinds=[POLICY_REVIEW_DUE])
    plan_policy_review(policy)


def words_of(policy: Policy) -> dict[str, Any]:
    return {"title": policy.title, "number": policy.number or "", "day": policy.effective_on.isoformat() if policy.effective_on is not None else ""}


@transaction.atomic
def ring_effective_day(policy_id: int, number: int) -> None:
    """On the day on which a version takes effect its readers are told; nothing where it was taken back or overtaken."""
    policy = Policy.objects.filter(pk=policy_id, is_shown=True, repealed_on__isnull=True).first()
    version = versions_known().filter(policy=policy_id, number=number).first()
    standing = in_force(policy, timezone.localdate()) if policy is not None else None
    if policy is None or version is None or version != standing:
        return
    words = {"title": version.title, "number": policy.number or "", "day": version.effective_on.isoformat()}
    notify(POLICY_EFFECTIVE, words=words, about=policy, url=policy.get_absolute_url())


def _held(policy: Policy, actor: Any, action: str) -> Policy:
    lock_page(policy)
    stored = Policy.objects.get(pk=policy.pk)
    decision = decide(actor, action, stored)
    if not decision:
        raise KnowledgeError(str(decision.rule))
    return stored


def _pairs_of(policy: Policy) -> Mapping[str, Any]:
    """The pairs that were set on the draft that has just been published."""
    revision = policy.live_revision or policy.latest_revision
    return revision.content.get("pairs") or {} if revision is not None else {}


def store_clauses(policy: Policy, version: PolicyVersion, before: PolicyVersion | None, pairs: Mapping[str, Any]) -> None:
    """Its articles; each that was in the version before keeps its key, a new one gets one that none has had."""
    parts = recognise(policy.body)
    news = articles_of(parts)
    olds = clauses_of(before) if before is not None else []
    keys = [row.key for row in olds]
    old_clauses = [clause_of(row) for row in olds]
    found = {one.after: keys[one.before] for one in pair(old_clauses, news, given_pairs(news, keys, pairs)) if one.after is not None and one.before is not None}
    given = Policy.objects.values_list("clauses_given", flat=True).get(pk=policy.pk)
    rows, place = [], 0
    for order, part in enumerate(parts, start=1):
        key = None
        if part.kind in {"article", "preamble"}:
            key = found.get(place)
            place += 1
        if key is None:
            given += 1
            key = given
        rows.append(
            PolicyClause(
                version=version, key=key, order=order, kind=part.kind, label=part.label[:40], chapter=part.chapter[:200], html=part.html, text=part.text
            )
        )
    PolicyClause.objects.bulk_create(rows)
    Policy.objects.filter(pk=policy.pk).update(clauses_given=given)


def _renew_force(policy: Policy) -> None:
    """The first day of its force, from the versions that stand, and whether the row alone says who reads it."""
    first = versions_known().filter(policy=policy).order_by("effective_on").values_list("effective_on", flat=True).first()
    current = {(version.number, version.audience_id) for version in current_versions(timezone.localdate()).filter(policy=policy)}
    audience, number = Policy.objects.values_list("audience", "version_number").get(pk=policy.pk)
    is_divided = number not in {version for version, _audience in current} or {one for _version, one in current} != {audience}
    Policy.objects.filter(pk=policy.pk).update(in_force_from=first, is_divided=is_divided)


def _problem_of_day(policy: Policy, day: date) -> str:
    """Two versions never take effect on one day, and a new one not before what is in force already."""
    if policy.pk is None:
        return ""
    known = versions_known().filter(policy=policy)
    if known.filter(effective_on=day).exists() and not _is_correction(policy, day):
        return _("Another version takes effect on this day. Choose another one, or take that version back first.")
    latest = known.filter(effective_on__lte=timezone.localdate()).order_by("-effective_on").values_list("effective_on", flat=True).first()
    if latest is not None and day < latest:
        return _("The version in force took effect on %(day)s; a new one cannot take effect before it.") % {"day": latest}
    return ""


def _problem_of_asking(policy: Policy, day: date) -> str:
    """Who confirms a correction of what is in force would have confirmed what is asked of the next version, which they have not read."""
    if policy.pk is None:
        return ""
    later = versions_known().filter(policy=policy, effective_on__gt=max(day, timezone.localdate()), is_binding=True).order_by("effective_on").first()
    if later is None:
        return ""
    words = {"number": later.number, "day": later.effective_on}
    return _("Version %(number)s, for %(day)s, asks for confirmation. Take it back first, correct what is in force, then publish it anew.") % words


def _is_correction(policy: Policy, day: date) -> bool:
    """A correction of what is published last, or of what is in force, leaves its day as it is: it takes its place."""
    last, standing = last_version(policy), in_force(policy, timezone.localdate())
    return day in {version.effective_on for version in (last, standing) if version is not None}


def _problem_of_repeals(policy: Policy) -> str:
    found = dict(Policy.objects.filter(pk__in=policy.repeals).values_list("pk", "repealed_on"))
    if set(policy.repeals) - set(found):
        return _("One of the policies that it replaces is not there any more.")
    writer = policy.latest_revision.user if policy.latest_revision is not None else None
    for other in Policy.objects.filter(pk__in=policy.repeals, repealed_on__isnull=True):
        if writer is not None and not decide(writer, "publish", other):
            return _("“%(title)s” is another department's; ask it to repeal that one.") % {"title": other.title}
    return ""


def _keeps_deadline(policy: Policy) -> bool:
    return not policy.asks_anew and PolicyVersion.objects.filter(policy=policy.pk, confirm_by=policy.confirm_by).exists()
