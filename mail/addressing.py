"""Whom one writes to: who is offered, and what is to be known of them before it is sent."""

from collections.abc import Sequence

from django.db.models import F, Max
from django.utils.translation import gettext as _

from mail.models import OPEN_ROLES, Envelope, Mailbox
from portal.access.choices import Choice
from portal.access.rules import person_token
from portal.accounts.models import User
from portal.organization.models import Absence
from portal.organization.places import find_people, posts_of, read_places
from portal.organization.querysets import today

MOST_OFFERED = 8
MOST_WARNED = 6


def find_recipients(mailbox: Mailbox, words: str) -> list[Choice]:
    """Who works here and fits, each with their place and number; without words those whom one wrote to last, blind copies left out."""
    people = User.objects.employees().active()
    if words:
        places = read_places()
        found = find_people(words, among=people, most=MOST_OFFERED, places=places)
        posts = posts_of(found, places)
    else:
        sent = Envelope.objects.filter(message__sender=mailbox).filter(role__in=OPEN_ROLES).order_by()
        recent = list(sent.values(person=F("mailbox__owner")).annotate(last=Max("message")).order_by("-last").values_list("person", flat=True)[:MOST_OFFERED])
        by_id = {person.pk: person for person in people.filter(pk__in=recent)}
        found = [by_id[pk] for pk in recent if pk in by_id]
        posts = posts_of(found)
    return [Choice(person_token(person.pk), "user", person.name, f"{posts.get(person.pk, '')} {person.employee_number}".strip()) for person in found]


def warnings_about(ids: Sequence[int]) -> list[str]:
    """Who is away today and until when, whose mailbox is full, who does not work here any more."""
    people = {person.pk: person for person in User.objects.filter(pk__in=ids)}
    warnings = [_("%(person)s does not work here any more.") % {"person": person.name} for person in people.values() if not person.is_active]
    for absence in Absence.objects.filter(person__in=list(people), starts_on__lte=today(), ends_on__gte=today()).order_by("person", "-ends_on"):
        words = {"person": people[absence.person_id].name, "reason": absence.get_kind_display(), "day": f"{absence.ends_on:%m-%d}"}
        warnings.append(_("%(person)s is away until %(day)s (%(reason)s).") % words)
    for mailbox in Mailbox.objects.filter(owner__in=list(people), used__gte=F("limit")):
        warnings.append(_("The mailbox of %(person)s is full.") % {"person": people[mailbox.owner_id].name})
    return warnings[:MOST_WARNED]
