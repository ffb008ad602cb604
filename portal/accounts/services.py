"""Passwords, sessions and preferences: what can be done to an account."""

import secrets
from typing import Any

from allauth.account.forms import default_token_generator
from allauth.account.utils import user_pk_to_url_str
from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from django.conf import settings
from django.core.mail import send_mail
from django.db import transaction
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import override

from portal.accounts.models import Preferences, User
from portal.audit.services import record
from portal.outbox.services import enqueue

# Without letters and digits that are mistaken for each other on a printed slip.
PASSWORD_ALPHABET = "abcdefghjkmnpqrstuvwxyz23456789"  # noqa: S105  # an alphabet
PREFERENCES = ("language", "theme", "density", "start_page")


@transaction.atomic
def set_first_password(person: User, *, actor: Any) -> str:
    """Give a person a password that they must change, end their sessions, and return it: it can be read only now."""
    password = "-".join("".join(secrets.choice(PASSWORD_ALPHABET) for _character in range(4)) for _group in range(3))
    person.set_password(password)
    person.must_change_password = True
    person.save(update_fields=["password", "must_change_password"])
    end_sessions(person)
    record(actor, "password.issued", person)
    return password


@transaction.atomic
def change_password(person: User, *, password: str) -> None:
    """Set a person's own new password. Their other sessions end with the old one, for a session knows its password."""
    person.set_password(password)
    person.must_change_password = False
    person.save(update_fields=["password", "must_change_password"])
    record(person, "password.changed", person)


@transaction.atomic
def remove_second_factors(person: User, *, actor: Any) -> int:
    """For someone who lost their phone: remove all second factors and end the sessions; return how many were removed."""
    count, _by_model = Authenticator.objects.filter(user=person).delete()
    end_sessions(person)
    record(actor, "second_factors.removed", person, before={"count": count})
    return count


def end_sessions(person: User, *, except_key: str | None = None) -> int:
    """Sign a person out everywhere (but in one session, where given); sockets follow after commit. Returns how many ended."""
    sessions = list(UserSession.objects.filter(user=person).exclude(session_key=except_key))
    for session in sessions:
        session.end()
    if sessions:
        enqueue("sessions.ended", {"user_id": person.pk}, at_once=True)
    return len(sessions)


@transaction.atomic
def end_session(session: UserSession, *, actor: User) -> None:
    """End one session."""
    record(actor, "session.ended", session.user, before={"address": session.ip, "agent": session.user_agent[:200]})
    session.end()
    enqueue("sessions.ended", {"user_id": session.user_id}, at_once=True)


def save_preferences(person: User, **values: str) -> Preferences:
    """Keep how a person wants the portal. Names and values come from the form's choices."""
    unknown = set(values) - set(PREFERENCES)
    if unknown:
        raise ValueError(f"not preferences: {sorted(unknown)}")
    preferences, _created = Preferences.objects.update_or_create(user=person, defaults=values)
    return preferences


def request_password_reset(people: list[User]) -> None:
    """Send each of them a link after commit; what the page answers takes the same time whether there is anyone (S32)."""
    for person in people:
        enqueue("password_reset.mail", {"user_id": person.pk})


def mail_password_reset(person: User) -> None:
    """Mail the link to the address that is stored, whatever was typed (S31)."""
    preferences = Preferences.objects.filter(user=person).first()
    with override(preferences.language if preferences and preferences.language else settings.LANGUAGE_CODE):
        key = {"uidb36": user_pk_to_url_str(person), "key": default_token_generator.make_token(person)}
        link = settings.PUBLIC_URL + reverse("account_reset_password_from_key", kwargs=key)
        text = render_to_string("account/email/password_reset.txt", {"person": person, "link": link})
        send_mail(_("A new password for the portal"), text, settings.DEFAULT_FROM_EMAIL, [person.email])
