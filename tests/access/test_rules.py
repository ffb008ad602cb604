"""The rule as a value: normalisation and matching."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.access.rules import AudienceRule, Outcome

TOKENS = st.sampled_from(["all", "customers", "dept:1", "dept:1+", "dept:2", "dept:2+", "pos:1", "duty:1", "group:1", "user:1", "user:2"])


def test_the_same_rule_has_the_same_key_however_it_was_put_together() -> None:
    assert AudienceRule.of(["user:2", "dept:1+", "dept:1"], ["pos:3", "pos:3"]) == AudienceRule.of(["dept:1+", "user:2"], ["pos:3"])


@pytest.mark.parametrize(
    "token", ["", "dept:", "dept:0", "dept:-1", "dept:1++", "pos:1+", "user:x", "cap:audit.read", "head:1", "all ", "dept:1\n", "user:" + "9" * 30]
)
def test_what_is_no_audience_token_is_refused(token: str) -> None:
    with pytest.raises(ValueError, match="token"):
        AudienceRule.of([token])


@pytest.mark.parametrize("level", [-1, 5, 99])
def test_a_level_that_does_not_exist_is_refused(level: int) -> None:
    with pytest.raises(ValueError, match="level"):
        AudienceRule.of(["all"], level=level)


def test_an_exception_beats_an_inclusion_and_a_level_is_needed_too() -> None:
    rule = AudienceRule.of(["dept:1+"], ["user:7"], 2)
    assert rule.match(frozenset({"dept:1+"}), 2).outcome is Outcome.INCLUDED
    assert rule.match(frozenset({"dept:1+"}), 1).outcome is Outcome.LEVEL_TOO_LOW
    assert rule.match(frozenset({"dept:1+", "user:7"}), 4).outcome is Outcome.EXCLUDED
    assert rule.match(frozenset({"dept:2+"}), 4).outcome is Outcome.NOT_INCLUDED


@given(include=st.frozensets(TOKENS), exclude=st.frozensets(TOKENS), level=st.integers(0, 4), held=st.frozensets(TOKENS), held_level=st.integers(-1, 4))
def test_normalising_changes_nothing_for_a_person(include: frozenset[str], exclude: frozenset[str], level: int, held: frozenset[str], held_level: int) -> None:
    # A person's own tokens are closed: who is in a department is also in it with those below, and employees stand for `all`.
    held |= {f"{token}+" for token in held if token.startswith("dept:") and not token.endswith("+")}
    if any(token.startswith(("dept:", "pos:", "duty:")) for token in held):
        held |= {"all"}
    naive = bool(include & held) and not exclude & held and held_level >= level
    assert bool(AudienceRule.of(include, exclude, level).match(held, held_level)) is naive
