"""Warnings: raised and eased by what is measured, treated by whom they belong to, verified by another."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from crm.customers.models import Customer, PortfolioHolding, Tier
from crm.customers.models.tiers import spans_on
from crm.customers.warnings import warning_measures
from crm.service.capabilities import WATCH_SERVICE
from crm.service.errors import ServiceError
from crm.service.models import CustomerWarning, Level, WarningReading, WarningRule
from crm.service.notifications import WARNED, WARNING_STEP
from crm.service.policies import FOR_RULES, keeps_rules
from portal.access.policies import decide
from portal.access.registry import tokens_of_holders
from portal.access.rules import person_token
from portal.access.standings import people_holding
from portal.accounts.models import User
from portal.audit.services import record
from portal.foundation.locking import lock_row
from portal.notifications.services import notify
from portal.organization.querysets import today

MOST = 5_000  # of one measure at a time: the worst
RANKS = {Level.NONE: 0, Level.YELLOW: 1, Level.ORANGE: 2, Level.RED: 3}
State = CustomerWarning.State


def level_for(value: int, *, yellow: int, orange: int, red: int, hysteresis: int = 0, before: str = "") -> str:
    """It rises at a bound; it falls from a level only where it is more than `hysteresis` below that level's bound. Pure."""
    rising = Level.RED if value >= red else Level.ORANGE if value >= orange else Level.YELLOW if value >= yellow else Level.NONE
    bounds = {Level.YELLOW: yellow, Level.ORANGE: orange, Level.RED: red}
    kept = [level for level, bound in bounds.items() if RANKS[level] <= RANKS[Level(before)] and value >= bound - hysteresis]
    return str(max([rising, *kept], key=lambda level: RANKS[level]))


def look_for_warnings() -> int:
    """Each measure by one statement, bounded; returns how many are open. What nobody measures any more stays until it is verified."""
    measures = warning_measures()
    rules: dict[str, dict[str, WarningRule]] = defaultdict(dict)
    for rule in WarningRule.objects.filter(is_on=True):
        if rule.measure in measures:
            rules[rule.measure][rule.tier] = rule
    return sum(_look(code, by_tier) for code, by_tier in sorted(rules.items()))


@transaction.atomic
def _look(code: str, by_tier: Mapping[str, WarningRule]) -> int:
    day = today()
    least = max(1, min(rule.yellow - rule.hysteresis for rule in by_tier.values()))
    found = dict(sorted(warning_measures()[code].read(day, least), key=lambda one: (-one[1], one[0]))[:MOST])
    still = CustomerWarning.objects.exclude(state=State.CLOSED).filter(measure=code)
    held = list(still.select_for_update(no_key=True).order_by("pk").values_list("pk", flat=True))
    open_now = list(CustomerWarning.objects.filter(pk__in=held).select_related("customer", "rule"))
    of_root = defaultdict(list)
    for row in open_now:
        of_root[row.customer.root_id].append(row)
    tiers = dict(spans_on(day).filter(customer__in={*found, *of_root}).values_list("customer", "tier"))
    read = []
    for root, rows in of_root.items():
        for row in rows:
            _read(row, _bounds(by_tier, tiers.get(root, "")) or row.rule, found.get(root, 0))
            read.append(row)
    CustomerWarning.objects.bulk_update(read, ["value", "level", "rank", "rule", "state"], batch_size=500)
    fresh = []
    for root, value in found.items():
        bounds = _bounds(by_tier, tiers.get(root, ""))
        if root not in of_root and bounds is not None and value >= bounds.yellow:
            fresh.append((root, bounds, value))
    made = _raise(code, fresh)
    WarningReading.objects.bulk_create(
        [WarningReading(warning=row, day=day, value=row.value, level=row.level) for row in [*read, *made]], ignore_conflicts=True, batch_size=500
    )
    return len(read) + len(made)


def _bounds(by_tier: Mapping[str, WarningRule], tier: str) -> WarningRule | None:
    return by_tier.get(tier) or by_tier.get("")


def _read(row: CustomerWarning, rule: WarningRule, value: int) -> None:
    before = row.rank
    row.rule, row.value = rule, value
    row.level = level_for(value, yellow=rule.yellow, orange=rule.orange, red=rule.red, hysteresis=rule.hysteresis, before=row.level)
    row.rank = RANKS[Level(row.level)]
    if row.rank > before and row.state == State.TREATED:
        row.state = State.OPEN  # what was done did not help
    if row.rank > before:
        _tell(WARNED, row, [person_token(row.owner_id), *tokens_of_holders(WATCH_SERVICE)])


def _raise(code: str, fresh: Iterable[tuple[int, WarningRule, int]]) -> list[CustomerWarning]:
    wanted = {root: (rule, value) for root, rule, value in fresh}
    customers = Customer.objects.select_related("portfolio").in_bulk(wanted)
    holders = dict(PortfolioHolding.objects.current().filter(portfolio__customers__in=wanted).values_list("portfolio", "person"))
    watching = list(people_holding(tokens_of_holders(WATCH_SERVICE)).order_by("pk").values_list("pk", flat=True)[:1])
    heads: dict[int, int] = {}
    earlier = CustomerWarning.objects.filter(state=State.CLOSED, measure=code, customer__root__in=wanted).order_by("closed_at")
    last = {row["customer__root"]: row["pk"] for row in earlier.values("customer__root", "pk")}
    made = []
    for root, (rule, value) in wanted.items():
        portfolio = customers[root].portfolio
        if portfolio.department_id not in heads:
            heads[portfolio.department_id] = people_holding([f"head:{portfolio.department_id}"]).order_by("pk").values_list("pk", flat=True).first() or 0
        owner = holders.get(portfolio.pk) or heads[portfolio.department_id] or next(iter(watching), 0)
        if not owner:
            continue  # nobody at all: the next look finds it again
        level = level_for(value, yellow=rule.yellow, orange=rule.orange, red=rule.red)
        made.append(
            CustomerWarning(
                rule=rule, measure=code, customer_id=root, level=level, rank=RANKS[Level(level)], value=value, owner_id=owner,
                department_id=portfolio.department_id, follows_id=last.get(root),
            )
        )  # fmt: skip
    CustomerWarning.objects.bulk_create(made, batch_size=500)
    for row in made:
        row.customer = customers[row.customer_id]
        _tell(WARNED, row, [person_token(row.owner_id), *(tokens_of_holders(WATCH_SERVICE) if row.level == Level.RED else ())])
    return made


@transaction.atomic
def treat_warning(warning: CustomerWarning, *, actor: Any, cause: str, treatment: str) -> CustomerWarning:
    """Why it came, and what was done. Somebody else verifies."""
    held = _lock(warning, actor, "change")
    if not cause.strip() or not treatment.strip():
        raise ServiceError(_("Say why it came and what was done."))
    held.cause, held.treatment, held.treated_by, held.state = cause.strip(), treatment.strip(), actor, State.TREATED
    held.save()
    record(actor, "warning.treated", held, after={"cause": held.cause, "measure": held.treatment})
    _tell(WARNING_STEP, held, [f"head:{held.department_id}", *tokens_of_holders(WATCH_SERVICE)], actor)
    return held


@transaction.atomic
def verify_warning(warning: CustomerWarning, *, actor: Any, holds: bool, text: str) -> CustomerWarning:
    """By another than the owner and than who treated it. Where it does not hold it is open again, with the same owner."""
    held = _lock(warning, actor, "verify")
    if held.state != State.TREATED:
        raise ServiceError(_("Nothing was done yet that could be verified."))
    if not text.strip():
        raise ServiceError(_("Say what was found."))
    held.verified_text = text.strip()
    if holds:
        held.state, held.verified_by, held.closed_at = State.CLOSED, actor, timezone.now()
    else:
        held.state = State.OPEN
    held.save()
    record(actor, "warning.verified" if holds else "warning.refuted", held, after={"found": held.verified_text})
    _tell(WARNING_STEP, held, [person_token(held.owner_id)], actor)
    return held


@transaction.atomic
def hand_on_warning(warning: CustomerWarning, *, actor: Any, to: User, note: str) -> CustomerWarning:
    held = _lock(warning, actor, "change")
    if not note.strip():
        raise ServiceError(_("Say to whoever takes it over what there is to know."))
    before, held.owner = held.owner.name, to
    held.save(update_fields=["owner"])
    record(actor, "warning.handed", held, before={"owner": before}, after={"owner": to.name}, reason=note)
    _tell(WARNED, held, [person_token(to.pk)], actor)
    return held


@transaction.atomic
def set_warning_rule(*, actor: Any, measure: str, tier: str, yellow: int, orange: int, red: int, hysteresis: int = 0, is_on: bool = True) -> WarningRule:
    """Bounds of a measure, for a tier or for all others."""
    if not keeps_rules(actor):
        raise ServiceError(str(FOR_RULES))
    if measure not in warning_measures():
        raise ServiceError(_("Nobody measures this."))
    if not 1 <= yellow <= orange <= red:
        raise ServiceError(_("Yellow comes before orange, and orange before red."))
    if not 0 <= hysteresis < yellow:
        raise ServiceError(_("It has to fall by less than yellow is."))
    bounds = {"yellow": yellow, "orange": orange, "red": red, "hysteresis": hysteresis, "is_on": is_on}
    row, _made = WarningRule.objects.update_or_create(measure=measure, tier=Tier(tier) if tier else "", defaults=bounds)
    record(actor, "service_rule.set", row, after=bounds)
    return row


def tell_warned(row: CustomerWarning, tokens: Iterable[str]) -> None:
    """What is open is somebody else's now."""
    _tell(WARNED, row, tokens)


def trend_of(values: list[int]) -> str:
    """Of the last readings: `up`, `down` or nothing."""
    if len(values) < 2 or values[-1] == values[0]:
        return ""
    return "up" if values[-1] > values[0] else "down"


def _lock(warning: CustomerWarning, actor: Any, action: str) -> CustomerWarning:
    held = lock_row(CustomerWarning.objects.select_related("customer__root__portfolio", "owner", "rule"), warning.pk, no_key=True)
    if not held.is_open:
        raise ServiceError(_("It was verified and closed already. Where it comes again, a new one is linked to it."))
    decision = decide(actor, action, held)
    if not decision:
        raise ServiceError(str(decision.rule))
    return held


def _tell(kind: Any, row: CustomerWarning, tokens: Iterable[str], actor: Any = None) -> None:
    people = list(people_holding(list(tokens)).values_list("pk", flat=True))
    words = {"customer": row.customer.name, "measure": row.label, "level": str(Level(row.level).label), "state": str(row.get_state_display())}
    notify(kind, words=words, about=row, recipients=people, url=row.get_absolute_url(), actor=actor)
