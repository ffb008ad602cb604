"""Whether a case can ever hold: what its conditions leave of each field, and what earlier cases have taken already."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from portal.approvals.definitions.conditions import COMPARISONS, Alternatives, Condition, typed
from portal.approvals.definitions.forms import FormPlan


@dataclass(slots=True)
class Left:
    """What conditions leave of one field: between two ends, some values only, not some others, filled in or blank. None says nothing."""

    low: Any = None
    has_low: bool = True
    high: Any = None
    has_high: bool = True
    allowed: set[Any] | None = None
    denied: set[Any] = field(default_factory=set)
    is_filled: bool | None = None
    is_nothing: bool = False

    def take(self, condition: Condition, value: Any) -> None:
        match condition.op:
            case "filled" | "blank":
                self._fill(condition.op == "filled")
            case "ne":
                self.denied.add(value)
            case "eq":
                self._fill(True)
                self._allow({value})
            case "in":
                self._fill(True)
                self._allow(set(value))
            case "lt" | "le":
                self._fill(True)
                if self.high is None or (value, condition.op == "le") < (self.high, self.has_high):
                    self.high, self.has_high = value, condition.op == "le"
            case "gt" | "ge":
                self._fill(True)
                if self.low is None or (value, condition.op == "gt") > (self.low, not self.has_low):
                    self.low, self.has_low = value, condition.op == "ge"

    def has(self, value: Any) -> bool:
        if value in self.denied or (self.allowed is not None and value not in self.allowed):
            return False
        is_above = self.low is None or value > self.low or (value == self.low and self.has_low)
        return is_above and (self.high is None or value < self.high or (value == self.high and self.has_high))

    @property
    def is_empty(self) -> bool:
        if self.is_nothing:
            return True
        if self.allowed is not None:
            return not any(self.has(value) for value in self.allowed)
        if self.low is None or self.high is None:
            return False
        return self.low > self.high or (self.low == self.high and not (self.has_low and self.has_high and self.has(self.low)))

    def is_within(self, other: "Left") -> bool:
        """Whether whatever is left here is left there too."""
        if other.is_filled is not None and self.is_filled is not other.is_filled:
            return False
        if self.allowed is not None:
            return all(other.has(value) for value in self.allowed if self.has(value))
        if other.allowed is not None or any(self.has(value) for value in other.denied):
            return False
        is_low = other.low is None or (self.low is not None and (self.low, not self.has_low) >= (other.low, not other.has_low))
        return is_low and (other.high is None or (self.high is not None and (self.high, self.has_high) <= (other.high, other.has_high)))

    def _fill(self, is_filled: bool) -> None:
        self.is_nothing = self.is_nothing or self.is_filled is (not is_filled)
        self.is_filled = is_filled

    def _allow(self, values: set[Any]) -> None:
        self.allowed = values if self.allowed is None else self.allowed & values


Understood = dict[str, Left]


def understand(together: Sequence[Condition], form: FormPlan) -> Understood:
    """By field what is left of it where all of these hold. A field of several choices is kept apart for each choice."""
    found: Understood = {}
    for condition in together:
        plan = form.field(condition.field)
        if plan is None:
            continue
        several = plan.type == "choices" and condition.op in ("eq", "ne")
        left = found.setdefault(f"{condition.field}={condition.value}" if several else condition.field, Left())
        if plan.is_required and condition.op == "blank":
            left.is_nothing = True
        if condition.op in (*COMPARISONS, "eq", "ne"):
            left.take(condition, typed(plan.type, condition.value))
        else:
            left.take(condition, condition.value)
    return found


def never_holds(alternatives: Alternatives, form: FormPlan) -> bool:
    return all(any(left.is_empty for left in understand(together, form).values()) for together in alternatives)


def is_taken(alternatives: Alternatives, earlier: Alternatives, form: FormPlan) -> bool:
    """Whether whatever fits these fits the earlier case too, so that this one is never reached."""
    wide = [understand(together, form) for together in earlier]
    return all(any(_is_within(understand(together, form), one) for one in wide) for together in alternatives)


def may_meet(alternatives: Alternatives, earlier: Alternatives, form: FormPlan) -> bool:
    """Whether something may fit both; then the earlier one is taken."""
    return any(not any(left.is_empty for left in understand((*one, *other), form).values()) for one in alternatives for other in earlier)


def _is_within(narrow: Understood, wide: Understood) -> bool:
    return all(name in narrow and narrow[name].is_within(left) for name, left in wide.items())
