"""Audiences and decisions in words, in the reader's language. The words come from the decision that was made, not from a second rule."""

import time
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from django.utils.formats import date_format
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from portal.access.models import AudienceGroup
from portal.access.policies import Decision, policy_for
from portal.access.rules import AudienceRule, Outcome, split_token
from portal.access.standings import standing_of
from portal.accounts.models import User
from portal.organization.models import Deputyship, Duty, DutyHolding, Employment, Position
from portal.organization.places import person_label, position_labels, posts_of, read_places

NAMES_HOLD = 120
NAMED = frozenset({"all", "customers", "dept", "pos", "duty", "group", "user"})


@dataclass(frozen=True, slots=True)
class TokenLabel:
    """A token as people read it: kind is all, customers, dept, pos, duty, group or user."""

    token: str
    kind: str
    text: str
    exists: bool = True


@dataclass(frozen=True, slots=True)
class Explanation:
    """The verdict in one sentence, and what led to it."""

    allowed: bool
    verdict: str
    reasons: Sequence[str]


def level_name(level: int) -> str:
    """The name of a level of clearance."""
    names = {0: _("public"), 1: _("internal"), 2: _("confidential"), 3: _("secret"), 4: _("top secret")}
    return names.get(level, str(level))


def label_tokens(tokens: Iterable[str], *, with_posts: bool = False) -> list[TokenLabel]:
    """Labels of tokens in the order given, with one query for each kind. `with_posts` says where people work too, as chips do."""
    parsed = [(token, *split_token(token)) for token in tokens]
    names: dict[tuple[str, int], str] = {}
    for kind, read in (
        ("dept", _department_names),
        ("pos", _position_names),
        ("duty", _duty_names),
        ("group", _group_names),
        ("user", _placed_person_names if with_posts else _person_names),
    ):
        ids = [key for _token, token_kind, key, _below in parsed if token_kind == kind and key is not None]
        if ids:
            names |= {(kind, pk): name for pk, name in read(ids).items()}
    return [_label(token, kind, key, with_below, names) for token, kind, key, with_below in parsed]


def describe_readers(tokens: Iterable[str]) -> str:
    """Who takes part in a thing, by the tokens under which they do. What has no name of its own stays as it is."""
    given = {token: split_token(token) for token in tokens}
    heads = {token: key for token, (kind, key, _below) in given.items() if kind == "head" and key is not None}
    departments = _department_names(list(heads.values()))
    labels = {label.token: label.text for label in label_tokens(token for token, (kind, *_rest) in given.items() if kind in NAMED)}
    labels |= {token: _("Head of %(department)s") % {"department": departments[key]} for token, key in heads.items() if key in departments}
    return _list(labels.get(token, token) for token in given)


def describe_rule(rule: AudienceRule) -> str:
    """One line: `Quality with those below, Position: inspector; level confidential; except Wang Wei (10023)`. Names may be some minutes old."""
    return _described_lately(rule, get_language() or "", int(time.monotonic() / NAMES_HOLD))


@lru_cache(maxsize=4_096)
def _described_lately(rule: AudienceRule, _language: str, _age: int) -> str:
    return describe_rules([rule])[0]


def describe_rules(rules: Sequence[AudienceRule]) -> list[str]:
    """Each rule in one line, with one query for each kind of token in all of them."""
    labels = {label.token: label.text for label in label_tokens({token for rule in rules for token in (*rule.include, *rule.exclude)})}
    return [_described(rule, labels) for rule in rules]


def _described(rule: AudienceRule, labels: dict[str, str]) -> str:
    parts = [_list(labels[token] for token in rule.include) if rule.include else _("nobody")]
    if rule.level:
        parts.append(_("level %(level)s or higher") % {"level": level_name(rule.level)})
    if rule.exclude:
        parts.append(_("except %(people)s") % {"people": _list(labels[token] for token in rule.exclude)})
    return _("; ").join(parts)


def explain(user: User, action_label: str, obj: Any, decision: Decision) -> Explanation:
    """Put a decision into words: the rule, the token that decided, and where this person has it from."""
    words = {"person": user.name, "action": action_label, "thing": policy_for(type(obj)).title(obj)}
    verdict = _("Yes: %(person)s can %(action)s “%(thing)s”.") % words if decision else _("No: %(person)s cannot %(action)s “%(thing)s”.") % words
    if decision.token:
        return Explanation(decision.allowed, verdict, [str(decision.rule), *_by_token(user, decision.token), *_state(user)])
    if decision.audience is None or decision.match is None:
        return Explanation(decision.allowed, verdict, [str(decision.rule), *_state(user)])
    return Explanation(
        decision.allowed, verdict, [_("It is for: %(rule)s.") % {"rule": describe_rule(decision.audience.rule)}, *_reasons(user, decision), *_state(user)]
    )


def _reasons(user: User, decision: Decision) -> list[str]:
    assert decision.match is not None
    assert decision.audience is not None
    match, rule = decision.match, decision.audience.rule
    label = label_tokens([match.token])[0].text if match.token else ""
    source = _source_of(user, match.token) if match.token else ""
    if match.outcome is Outcome.EXCLUDED:
        return [_("%(person)s is left out by the exception “%(token)s”.") % {"person": user.name, "token": label}, *([source] if source else [])]
    if match.outcome is Outcome.NOT_INCLUDED:
        return [_("%(person)s belongs to none of these today.") % {"person": user.name}, *_posts(user)]
    level = _("%(person)s has level %(held)s; %(needed)s is needed.") % {
        "person": user.name,
        "held": level_name(standing_of(user).level),
        "needed": level_name(rule.level),
    }
    included = _("%(person)s is included by “%(token)s”.") % {"person": user.name, "token": label}
    return [included, *([source] if source else []), *([level] if rule.level else [])]


def _by_token(user: User, token: str) -> list[str]:
    """By which of the tokens somebody takes part, and where they have it from."""
    kind, key, _below = split_token(token)
    if kind == "head" and key is not None:
        return [_("%(person)s heads %(department)s today.") % {"person": user.name, "department": read_places().label(key)}]
    if kind not in ("all", "customers", "dept", "pos", "duty", "group", "user"):
        return []
    source = _source_of(user, token)
    return [_("%(person)s takes part by “%(token)s”.") % {"person": user.name, "token": label_tokens([token])[0].text}, *([source] if source else [])]


def _source_of(user: User, token: str) -> str:
    """Which employment, deputyship or group gives a person this token today."""
    kind, key, with_below = split_token(token)
    if kind == "group" and key is not None:
        group = AudienceGroup.objects.select_related("audience").get(pk=key)
        return _("The group is: %(rule)s.") % {"rule": describe_rule(group.audience.rule)}
    if kind == "duty" and key is not None:
        return _source_of_duty(user, key)
    if kind not in ("dept", "pos"):
        return ""
    for employment in Employment.objects.current().filter(person=user).select_related("department", "position"):
        if _gives(employment, kind, key, with_below):
            return _("As %(position)s in %(department)s since %(day)s.") % _post_words(employment, employment.starts_on)
    for deputyship in Deputyship.objects.current().filter(deputy=user).select_related("employment__department", "employment__position", "employment__person"):
        if _gives(deputyship.employment, kind, key, with_below):
            words = _post_words(deputyship.employment, deputyship.starts_on) | {"principal": deputyship.employment.person.name}
            return _("As deputy of %(principal)s (%(position)s, %(department)s) since %(day)s.") % words
    return ""


def _source_of_duty(user: User, duty_id: int) -> str:
    held = DutyHolding.objects.current().filter(duty=duty_id)
    if own := held.filter(person=user).select_related("duty").first():
        return _("As %(duty)s since %(day)s.") % {"duty": own.duty.label, "day": date_format(own.starts_on, "Y-m-d")}
    principals = Employment.objects.current().filter(is_primary=True, deputyships__in=Deputyship.objects.current().filter(deputy=user))
    if theirs := held.filter(person__employments__in=principals).select_related("duty", "person").first():
        return _("As deputy of %(principal)s, who is %(duty)s.") % {"principal": theirs.person.name, "duty": theirs.duty.label}
    return ""


def _gives(employment: Employment, kind: str, key: int | None, with_below: bool) -> bool:
    if kind == "pos":
        return employment.position_id == key
    return employment.department_id == key or (with_below and key in employment.department.ancestor_ids)


def _posts(user: User) -> list[str]:
    posts = [
        _("%(person)s is %(position)s in %(department)s since %(day)s.") % (_post_words(employment, employment.starts_on) | {"person": user.name})
        for employment in Employment.objects.current().filter(person=user).select_related("department", "position")
    ]
    return posts or [_("%(person)s holds no position today.") % {"person": user.name}]


def _post_words(employment: Employment, since: Any) -> dict[str, str]:
    return {"position": employment.position.label, "department": read_places().label(employment.department_id), "day": date_format(since, "Y-m-d")}


def _state(user: User) -> list[str]:
    return [] if user.is_active else [_("%(person)s's account is not active.") % {"person": user.name}]


def department_words(label: str, *, with_below: bool) -> str:
    """A department as it is chosen: with those below it, or alone."""
    return (_("%(department)s with those below") if with_below else _("%(department)s alone")) % {"department": label}


def _department_names(ids: list[int]) -> dict[int, str]:
    places = read_places()
    return {pk: label for pk in ids if (label := places.label(pk))}


def _position_names(ids: list[int]) -> dict[int, str]:
    labels = position_labels(Position.objects.all())
    return {pk: labels[pk] for pk in ids if pk in labels}


def _duty_names(ids: list[int]) -> dict[int, str]:
    return {duty.pk: duty.label for duty in Duty.objects.filter(pk__in=ids)}


def _group_names(ids: list[int]) -> dict[int, str]:
    return dict(AudienceGroup.objects.filter(pk__in=ids).values_list("pk", "name"))


def _person_names(ids: list[int], posts: Mapping[int, str] | None = None) -> dict[int, str]:
    labels = {one.pk: (person_label(one, posts or {}), one.is_active) for one in User.objects.filter(pk__in=ids)}
    return {pk: label if is_active else _("%(person)s (left)") % {"person": label} for pk, (label, is_active) in labels.items()}


def _placed_person_names(ids: list[int]) -> dict[int, str]:
    return _person_names(ids, posts_of(ids))


def _label(token: str, kind: str, key: int | None, with_below: bool, names: dict[tuple[str, int], str]) -> TokenLabel:
    if kind == "all":
        return TokenLabel(token, kind, _("everyone"))
    if kind == "customers":
        return TokenLabel(token, kind, _("customers"))
    assert key is not None
    name = names.get((kind, key))
    if name is None:
        return TokenLabel(token, kind, _("no longer exists"), exists=False)
    if kind == "dept":
        return TokenLabel(token, kind, department_words(name, with_below=with_below))
    if kind == "pos":
        return TokenLabel(token, kind, _("Position: %(position)s") % {"position": name})
    if kind == "duty":
        return TokenLabel(token, kind, _("Duty: %(duty)s") % {"duty": name})
    if kind == "group":
        return TokenLabel(token, kind, _("Group: %(group)s") % {"group": name})
    return TokenLabel(token, kind, name)


def _list(texts: Iterable[str]) -> str:
    return _(", ").join(texts)
