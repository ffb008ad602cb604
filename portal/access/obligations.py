"""Positions may oblige their holders to a second factor."""

from typing import Any

from allauth.mfa.models import Authenticator
from django.utils.translation import gettext_lazy as _

from portal.access.standings import standing_of
from portal.accounts.obligations import Obligation, register_obligation


def owes_second_factor(request: Any) -> bool:
    """Whether the person's position asks for a second factor that they have not set up; no query for everyone else."""
    if not standing_of(request.user).needs_second_factor:
        return False
    return not Authenticator.objects.filter(user=request.user, type__in=[Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN]).exists()


register_obligation(
    Obligation(is_owed=owes_second_factor, url_name="mfa_index", sentence=_("Your position needs a second factor. Set one up before you go on."))
)
