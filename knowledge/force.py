"""What is in force: of the versions that were known at a moment and not withdrawn by then, the one that took effect last; none once it is repealed.

Nothing is stored of it and no task decides it, so that it can be asked for any day, as of any moment.
"""

from collections.abc import Collection
from datetime import date, datetime

from django.db.models import Exists, OuterRef, Q, QuerySet

from knowledge.models import Policy, PolicyRepeal, PolicyVersion


def versions_known(moment: datetime | None = None) -> QuerySet[PolicyVersion]:
    """Those that were published and not withdrawn by a moment; now where none is said."""
    if moment is None:
        return PolicyVersion.objects.filter(withdrawal__isnull=True)
    return PolicyVersion.objects.filter(published_at__lte=moment).filter(Q(withdrawal__isnull=True) | Q(withdrawal__withdrawn_at__gt=moment))


def current_versions(day: date) -> QuerySet[PolicyVersion]:
    """Those that are in force on a day or still to come, whatever else is known: whom one of them is for reads the policy."""
    later = versions_known().filter(policy=OuterRef("policy"), effective_on__lte=day)
    overtaken = later.filter(Q(effective_on__gt=OuterRef("effective_on")) | Q(effective_on=OuterRef("effective_on"), number__gt=OuterRef("number")))
    return versions_known().filter(~Exists(overtaken))


def in_force(policy: Policy, day: date, moment: datetime | None = None) -> PolicyVersion | None:
    """The version of a policy that is in force on a day, as it was known at a moment."""
    return in_force_of([policy.pk], day, moment).get(policy.pk)


def in_force_of(ids: Collection[int], day: date, moment: datetime | None = None) -> dict[int, PolicyVersion]:
    """The same of several, by two statements."""
    repeals = PolicyRepeal.objects.filter(policy__in=ids, effective_on__lte=day)
    gone = set((repeals if moment is None else repeals.filter(made_at__lte=moment)).values_list("policy", flat=True))
    rows = versions_known(moment).filter(policy__in=[pk for pk in ids if pk not in gone], effective_on__lte=day)
    return {row.policy_id: row for row in rows.order_by("policy", "-effective_on", "-number").distinct("policy").select_related("audience", "published_by")}


def standing_of(known: Collection[PolicyVersion], repeal: PolicyRepeal | None, day: date) -> PolicyVersion | None:
    """Which of the known versions of a policy, that were read already, is in force on a day."""
    if repeal is not None and repeal.effective_on <= day:
        return None
    return max((one for one in known if one.effective_on <= day), key=lambda one: (one.effective_on, one.number), default=None)


def coming_of(known: Collection[PolicyVersion], day: date) -> list[PolicyVersion]:
    """Those of them that take effect after the day, the soonest first."""
    return sorted((one for one in known if one.effective_on > day), key=lambda one: one.effective_on)


def state_on(policy: Policy, day: date) -> str:
    """in_force, not_yet or repealed, from the policy's own row."""
    if policy.repealed_on is not None and policy.repealed_on <= day:
        return "repealed"
    return "in_force" if policy.in_force_from is not None and policy.in_force_from <= day else "not_yet"
