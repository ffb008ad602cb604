"""Computing what people stand for: from today's employments and deputyships, groups and capabilities."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from django.db.models import Count, Q, Value

from portal.access.history import note_periods
from portal.access.models import AudienceGroup, CapabilityGrant, Standing
from portal.access.rules import ADMINISTRATORS, CUSTOMERS, EVERYONE, AudienceRule, department_token, group_token, person_token, position_token, post_token
from portal.access.sources import DatedToken, dated_tokens
from portal.accounts.models import User
from portal.organization.models import Deputyship, Employment
from portal.organization.querysets import today
from portal.outbox.troubles import apart, forget_trouble, not_now

STANDINGS = "standings"  # the queue of the day, as operators see it
NOTHING_LEVEL = -1
CUSTOMER_LEVEL = 0
HIGHEST_LEVEL = 4
BATCH = 1_000


@dataclass(slots=True)
class _Draft:
    tokens: set[str] = field(default_factory=set)
    level: int = NOTHING_LEVEL
    needs_second_factor: bool = False
    changes_on: list[date] = field(default_factory=list)
    conditional: list[DatedToken] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class _Named:
    token: str
    rule: AudienceRule


def standing_of(user: Any) -> Standing:
    """The person's standing as of today, asked once for each loading of the person (so once a request).

    The stored one while it holds, else a new one, stored. Nobody signed in, or someone inactive, stands for nothing.
    """
    known: Standing | None = getattr(user, "_standing", None)
    day = today()
    if known is not None and holds_on(known, day):
        return known
    is_someone = user.is_authenticated and user.is_active
    user._standing = _stored_standing(user, day) if is_someone else Standing(tokens=[], level=NOTHING_LEVEL, computed_on=day)
    return user._standing


def _stored_standing(user: Any, day: date) -> Standing:
    stored: Standing | None = user._state.fields_cache.get("stored_standing") or Standing.objects.filter(pk=user.pk).first()
    if stored is None or not holds_on(stored, day):
        refresh_standings([user.pk], day=day)
        stored = Standing.objects.get(pk=user.pk)
    return stored


def holds_on(standing: Standing, day: date) -> bool:
    """Also false when the clock was set back before the day of the computation."""
    return standing.computed_on <= day and (standing.stale_on is None or day < standing.stale_on)


def refresh_standings(user_ids: Collection[int] | None = None, *, day: date | None = None) -> int:
    """Compute and store the standings of these people, or of everyone; return of how many."""
    day = day or today()
    groups = [_Named(group_token(group.pk), group.audience.rule) for group in AudienceGroup.objects.select_related("audience")]
    capabilities = [_Named(f"cap:{grant.capability}", grant.audience.rule) for grant in CapabilityGrant.objects.select_related("audience")]
    if user_ids is None:
        user_ids = list(User.objects.order_by("pk").values_list("pk", flat=True))
    ids = sorted(set(user_ids))
    for start in range(0, len(ids), BATCH):
        drafts = _draft(ids[start : start + BATCH], day)
        for draft in drafts.values():
            _add_matching(draft, groups)
            _add_matching(draft, capabilities)
            _add_conditional(draft)
        Standing.objects.bulk_create(
            [
                Standing(
                    user_id=user_id,
                    tokens=sorted(draft.tokens),
                    level=draft.level,
                    needs_second_factor=draft.needs_second_factor,
                    computed_on=day,
                    stale_on=min(draft.changes_on, default=None),
                )
                for user_id, draft in sorted(drafts.items())
            ],
            update_conflicts=True,
            unique_fields=["user"],
            update_fields=["tokens", "level", "needs_second_factor", "computed_on", "stale_on"],
        )
        note_periods(sorted(drafts), day)
    return len(ids)


def people_matching(rule: AudienceRule):
    """Those who are in an audience today, as a queryset of people."""
    return User.objects.active().filter(
        stored_standing__in=Standing.objects.filter(tokens__overlap=list(rule.include), level__gte=rule.level).exclude(tokens__overlap=list(rule.exclude))
    )


def people_holding(tokens: Collection[str], level: int = 0):
    """Those who hold one of these tokens today and the level, as a queryset of people."""
    return User.objects.active().filter(stored_standing__in=Standing.objects.filter(tokens__overlap=list(tokens), level__gte=level))


def count_matching(rules: Sequence[AudienceRule]) -> list[int]:
    """How many people are in each of the audiences today, by one query."""
    counts = [
        people_matching(rule).order_by().annotate(place=Value(place)).values_list("place").annotate(number=Count("pk")) for place, rule in enumerate(rules)
    ]
    found = dict(counts[0].union(*counts[1:], all=True)) if counts else {}
    return [found.get(place, 0) for place in range(len(rules))]


def refresh_stale(*, day: date | None = None) -> list[int]:
    """Renew the standings whose day has come, so that reach and recipients are right before the people sign in; returns whose were renewed.

    A person whose standing cannot be computed keeps no other from theirs.
    """
    day = day or today()
    stale = list(Standing.objects.filter(Q(stale_on__lte=day) | Q(computed_on__gt=day)).exclude(pk__in=not_now(STANDINGS)).values_list("pk", flat=True))

    def refresh(ids: Sequence[int]) -> None:
        refresh_standings(ids, day=day)
        forget_trouble(STANDINGS, ids)

    failed = set(apart(STANDINGS, stale, refresh))
    return [pk for pk in stale if pk not in failed]


def _draft(user_ids: Collection[int], day: date) -> dict[int, _Draft]:
    drafts: dict[int, _Draft] = {}
    for user in User.objects.filter(pk__in=user_ids).only("pk", "kind", "is_active", "is_superuser"):
        draft = drafts[user.pk] = _Draft()
        if not user.is_active:
            continue
        if user.is_superuser:
            draft.tokens |= {EVERYONE, ADMINISTRATORS, person_token(user.pk)}
            draft.level = HIGHEST_LEVEL
        elif not user.is_employee:
            draft.tokens |= {CUSTOMERS, person_token(user.pk)}
            draft.level = CUSTOMER_LEVEL
    employees = _active_employees(drafts)
    for employment in (
        Employment.objects.filter(person__in=employees).filter(Q(ends_on__isnull=True) | Q(ends_on__gte=day)).select_related("department", "position")
    ):
        _add_employment(drafts[employment.person_id], employment, day)
    for deputyship in (
        Deputyship.objects.filter(deputy__in=employees)
        .filter(Q(ends_on__isnull=True) | Q(ends_on__gte=day))
        .select_related("employment__department", "employment__position")
    ):
        _add_deputyship(drafts[deputyship.deputy_id], deputyship, day)
    for dated in dated_tokens(list(drafts), day):
        _add_dated_token(drafts[dated.user_id], dated, day)
    for user_id, draft in drafts.items():
        if draft.tokens:
            draft.tokens |= {person_token(user_id)}
    return drafts


def _active_employees(drafts: Iterable[int]):
    return User.objects.active().employees().filter(pk__in=list(drafts))


def _add_employment(draft: _Draft, employment: Employment, day: date) -> None:
    _note_changes(draft, employment, day)
    if employment.holds_on(day):
        draft.tokens.add(EVERYONE)
        _add_post(draft, employment)


def _add_deputyship(draft: _Draft, deputyship: Deputyship, day: date) -> None:
    """A deputy has the rights of the post while both the deputyship and the employment last, and is employed themselves."""
    _note_changes(draft, deputyship, day)
    _note_changes(draft, deputyship.employment, day)
    stands_in = deputyship.starts_on <= day and (deputyship.ends_on is None or day <= deputyship.ends_on)
    if stands_in and deputyship.employment.holds_on(day) and EVERYONE in draft.tokens:
        _add_post(draft, deputyship.employment)


def _add_post(draft: _Draft, employment: Employment) -> None:
    department, position = employment.department, employment.position
    draft.tokens |= {department_token(department.pk, with_below=False), department_token(department.pk), position_token(position.pk)}
    draft.tokens.add(post_token(department.pk, position.pk))
    draft.tokens |= {department_token(above) for above in department.ancestor_ids}
    if position.is_head:
        draft.tokens.add(f"head:{department.pk}")
    draft.level = max(draft.level, position.clearance)
    draft.needs_second_factor |= position.requires_second_factor


def _add_dated_token(draft: _Draft, dated: DatedToken, day: date) -> None:
    """Held only by who is employed on that day."""
    _note_changes(draft, dated, day)
    if dated.starts_on <= day and (dated.ends_on is None or day <= dated.ends_on) and EVERYONE in draft.tokens:
        if dated.unless:
            draft.conditional.append(dated)
        else:
            draft.tokens.add(dated.token)


def _add_conditional(draft: _Draft) -> None:
    """What is held by those alone who hold nothing of something else is asked last, when all else is known."""
    draft.tokens |= {dated.token for dated in draft.conditional if draft.tokens.isdisjoint(dated.unless)}


def _note_changes(draft: _Draft, dated: Employment | Deputyship | DatedToken, day: date) -> None:
    if dated.starts_on > day:
        draft.changes_on.append(dated.starts_on)
    if dated.ends_on is not None and dated.ends_on >= day:
        draft.changes_on.append(dated.ends_on + timedelta(days=1))


def _add_matching(draft: _Draft, named: Iterable[_Named]) -> None:
    """Groups look only at what people are, not at each other; capabilities may name groups."""
    held = frozenset(draft.tokens)
    draft.tokens |= {name.token for name in named if name.rule.match(held, draft.level)}


def people_by_token(tokens: Collection[str]) -> dict[str, int]:
    """How many active people have each of these tokens today."""
    counts: dict[str, int] = defaultdict(int)
    wanted = set(tokens)
    for held in Standing.objects.filter(user__is_active=True, tokens__overlap=list(wanted)).values_list("tokens", flat=True):
        for token in wanted.intersection(held):
            counts[token] += 1
    return dict(counts)
