"""Whom a mass mail reaches, and who may send one to whom."""

from dataclasses import dataclass
from typing import Any

from django.db.models import F
from django.utils.translation import gettext as _

from mail.capabilities import SEND_MASS
from portal.access.registry import has_capability
from portal.access.rules import AudienceRule, department_token
from portal.access.standings import people_matching, standing_of
from portal.accounts.models import User

MOST_NAMED = 5


@dataclass(frozen=True, slots=True)
class Reach:
    """How many a mass mail comes to, how many of an audience have no mailbox or are of no department of the sender's, whose mailbox is full; a few names."""

    count: int
    without: int
    outside: int
    full: int
    names: tuple[str, ...]

    @property
    def named(self) -> str:
        return _(", ").join(self.names)


def may_send_mass(user: Any) -> bool:
    """Heads of departments to their own people, and whoever was granted it."""
    return bool(user.is_employee and (has_capability(user, SEND_MASS) or standing_of(user).headed_department_ids))


def people_reached(user: Any, rule: AudienceRule) -> Any:
    """Those who get it: everyone of the audience who has a mailbox, the sender left out, who has it as sent."""
    return people_matching(rule).employees().filter(mailbox__isnull=False).exclude(pk=user.pk)


def reach_of(user: Any, rule: AudienceRule) -> Reach:
    reached = people_reached(user, rule)
    return Reach(
        count=reached.count(),
        without=people_matching(rule).filter(mailbox__isnull=True).count(),
        outside=_outside(user, reached).count(),
        full=reached.filter(mailbox__used__gte=F("mailbox__limit")).count(),
        names=tuple(reached.order_by("name_pinyin", "pk").values_list("name", flat=True)[:MOST_NAMED]),
    )


def outside_scope(user: Any, rule: AudienceRule) -> int:
    """How many of an audience this person may not write to at once."""
    return int(_outside(user, people_reached(user, rule)).count())


def _outside(user: Any, reached: Any) -> Any:
    if has_capability(user, SEND_MASS):
        return User.objects.none()
    headed = [department_token(pk) for pk in standing_of(user).headed_department_ids]
    return reached.exclude(stored_standing__tokens__overlap=headed)
