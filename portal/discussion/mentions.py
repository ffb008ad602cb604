"""Whom a text calls with @ and a name, or a number where several have that name. Words run on in Chinese, so the longest name that fits is meant."""

import re
from dataclasses import dataclass, field

from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from portal.accounts.models import User
from portal.discussion.errors import TooManyMentionsError

# Not within an address of mail. One look at what follows, so linear in the text, whatever it is (S25).
CALL = re.compile(r"(?<![A-Za-z0-9._%+-])[@＠](?=([^\s@＠][^\n@＠]{0,39}))")
SHORTEST = 2
MOST = 20


@dataclass(slots=True)
class Mentioned:
    """Who is called: those who may read it, those who may not and are not told, and names that several have."""

    people: list[User] = field(default_factory=list)
    unreached: list[User] = field(default_factory=list)
    unclear: list[str] = field(default_factory=list)

    @property
    def ids(self) -> set[int]:
        return {person.pk for person in self.people}


def find_mentioned(text: str, readers: QuerySet[User]) -> Mentioned:
    """`readers` are those who may see where the text stands. Of several with one name, the only one among the readers is meant."""
    found = Mentioned()
    calls = list(dict.fromkeys(CALL.findall(text)))[: 10 * MOST]
    words = {call[:length] for call in calls for length in range(SHORTEST, len(call) + 1)}
    if not words:
        return found
    named: dict[str, dict[int, User]] = {}
    fits = Q(name__in=words) | Q(name_en__in=words) | Q(employee_number__in=words)
    for person in User.objects.active().employees().filter(fits).order_by("pk"):
        for word in {person.name, person.name_en, person.employee_number} & words:
            named.setdefault(word, {})[person.pk] = person
    everybody = {pk for people in named.values() for pk in people}
    reading = set(readers.filter(pk__in=everybody).values_list("pk", flat=True)) if everybody else set()
    for call in calls:
        _add(found, _longest(call, named), named, reading)
    return found


def refuse_too_many(mentioned: Mentioned) -> None:
    called = len(mentioned.people) + len(mentioned.unreached) + len(mentioned.unclear)
    if called > MOST:
        figures = {"called": called, "most": MOST}
        raise TooManyMentionsError(_("This calls %(called)s people with @, at most %(most)s can be called at once. Leave some of them out.") % figures)


def sentences_on(mentioned: Mentioned) -> list[str]:
    """What the writer is told of those who do not hear of it."""
    told = []
    if mentioned.unreached:
        names = "、".join(person.name for person in mentioned.unreached)
        told.append(_("Not told, because they may not read this here: %(names)s.") % {"names": names})
    if mentioned.unclear:
        told.append(
            _("Several people have this name, nobody was told: %(names)s. Write the employee number after the @.") % {"names": "、".join(mentioned.unclear)}
        )
    return told


def _longest(call: str, named: dict[str, dict[int, User]]) -> str:
    """The longest name with which it begins; of names in letters only a whole one."""
    for length in range(len(call), SHORTEST - 1, -1):
        word, following = call[:length], call[length : length + 1]
        if word in named and not (word[-1].isascii() and word[-1].isalnum() and following.isascii() and following.isalnum()):
            return word
    return ""


def _add(found: Mentioned, word: str, named: dict[str, dict[int, User]], reading: set[int]) -> None:
    people = list(named.get(word, {}).values())
    able = [person for person in people if person.pk in reading]
    meant = able if len(able) == 1 else people
    if len(meant) > 1:
        if word not in found.unclear:
            found.unclear.append(word)
    elif meant:
        of_kind = found.people if able else found.unreached
        if meant[0] not in of_kind:
            of_kind.append(meant[0])
