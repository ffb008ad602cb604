"""Papers in words: who, in whose stead, why this person, and what was decided."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from django.utils.translation import gettext as _

from portal.access.rules import split_token
from portal.accounts.models import User
from portal.approvals.models import Task, Vote
from portal.approvals.seats import KEEPERS, Way, position_of_post
from portal.foundation.dates import say_instant
from portal.organization.models import Department, Duty, Position
from portal.organization.places import read_places


def who_decided(task: Task) -> str:
    """Why a task is not there any more: who was quicker, and when."""
    vote = Vote.objects.filter(task=task).select_related("person", "principal").first()
    if vote is None:
        vote = Vote.objects.filter(step=task.step).exclude(decision=Vote.Decision.OPINION).select_related("person", "principal").order_by("-pk").first()
    if vote is None:
        return _("The way has gone on: nothing is asked here any more.")
    words = {"person": said_person(vote), "when": say_instant(vote.at), "decision": vote.get_decision_display()}
    return _("%(person)s decided %(when)s: %(decision)s. Nothing is asked here any more.") % words


def said_person(vote: Vote) -> str:
    """李敏, or 王伟 代 李敏."""
    if vote.principal is None:
        return str(vote.person.name)
    return _("%(person)s for %(principal)s") % {"person": vote.person.name, "principal": vote.principal.name}


class Wording:
    """Names of seats and reasons, and of these people besides, read at once for a page."""

    def __init__(self, seats: Iterable[str], reasons: Iterable[Mapping[str, Any]] = (), people: Iterable[int] = ()) -> None:
        reasons = list(reasons)
        everything = [*seats, *(reason["seat"] for reason in reasons if "seat" in reason)]
        ids = {kind: self._ids(kind, everything) for kind in ("head", "pos", "duty", "user")}
        posts = [post for seat in everything if (post := position_of_post(seat))]
        ids["pos"] |= {position for _department, position in posts} | {reason["position"] for reason in reasons if reason.get("position")}
        ids["duty"] |= {reason["duty"] for reason in reasons if reason.get("duty")}
        ids["user"] |= set(people)
        self.has_departments = bool(ids["head"] or posts or any(reason.get("department") for reason in reasons))
        self.places = read_places() if self.has_departments else None
        self.positions = {row.pk: row.label for row in Position.objects.filter(pk__in=ids["pos"])} if ids["pos"] else {}
        self.duties = {row.pk: row.label for row in Duty.objects.filter(pk__in=ids["duty"])} if ids["duty"] else {}
        self.people = dict(User.objects.filter(pk__in=ids["user"]).values_list("pk", "name")) if ids["user"] else {}

    def seat(self, token: str) -> str:
        """质检科负责人, 财务科 会计, 分管采购, 李敏."""
        kind, key, _below = split_token(token)
        if token == KEEPERS:
            return _("those who keep papers")
        if post := position_of_post(token):
            return _("%(position)s in %(department)s") % {"position": self.positions.get(post[1], ""), "department": self._department(post[0])}
        match kind:
            case "head":
                return _("head of %(department)s") % {"department": self._department(key)}
            case "pos":
                return str(self.positions.get(key or 0, ""))
            case "duty":
                return str(self.duties.get(key or 0, ""))
            case "user":
                return str(self.people.get(key or 0, ""))
        return token

    def reason(self, reason: Mapping[str, Any]) -> str:
        """One reason in a sentence."""
        department = self._department(reason.get("department"))
        words = {
            "department": department,
            "duty": self.duties.get(reason.get("duty") or 0, ""),
            "position": self.positions.get(reason.get("position") or 0, ""),
            "seat": self.seat(reason["seat"]) if "seat" in reason else "",
        }
        return _SENTENCES[reason["code"] if not is_empty(reason) else "unnamed"]() % words

    def reasons(self, reasons: Sequence[Mapping[str, Any]]) -> list[str]:
        return [self.reason(reason) for reason in reasons]

    def _department(self, pk: Any) -> str:
        return self.places.label(int(pk)) if self.places is not None and pk else ""

    @staticmethod
    def _ids(kind: str, seats: Iterable[str]) -> set[int]:
        return {key for seat in seats if (parts := split_token(seat))[0] == kind and (key := parts[1]) is not None}


def is_empty(reason: Mapping[str, Any]) -> bool:
    """A rule that named nobody: the department, duty or position is not there, or the field was left empty."""
    named = {"head": "department", "field_head": "department", "duty": "duty", "covering": "duty", "position": "position"}
    return reason["code"] in named and not reason.get(named[reason["code"]])


_SENTENCES = {
    "person": lambda: _("The route names this person."),
    "requester": lambda: _("It goes back to whoever began it."),
    "requester_head": lambda: _("Heads %(department)s, where it was begun."),
    "head_above": lambda: _("Heads %(department)s, above where it was begun."),
    "head": lambda: _("Heads %(department)s."),
    "field_head": lambda: _("Heads %(department)s, which the paper names."),
    "position": lambda: _("Is %(position)s %(department)s."),
    "duty": lambda: _("Has the duty “%(duty)s”."),
    "covering": lambda: _("Has the duty “%(duty)s”, which covers %(department)s."),
    "group": lambda: _("Belongs to the group that the route names."),
    "chosen": lambda: _("Was chosen by whoever began it."),
    "not_chosen": lambda: _("Nobody was chosen."),
    "unnamed": lambda: _("What the route names is not there, so it goes to the head of the plant."),
    "own": lambda: _("The seat (%(seat)s) is the one of whoever began it, so it goes on."),
    "others": lambda: _("Others hold the seat (%(seat)s) besides whoever began it."),
    "nobody": lambda: _("Nobody holds the seat (%(seat)s) today, so it goes up."),
    "given_back": lambda: _("Whoever had it (%(seat)s) cannot decide any more, so it came back."),
}


def department_names(ids: Iterable[int]) -> dict[int, str]:
    return {row.pk: row.label for row in Department.objects.filter(pk__in=set(ids))}


def way_words(way: Way, names: Mapping[int, str]) -> str:
    """李敏, or 王伟 代 李敏."""
    if way.principal_id is None:
        return names.get(way.person_id, "")
    return _("%(person)s for %(principal)s") % {"person": names.get(way.person_id, ""), "principal": names.get(way.principal_id, "")}
