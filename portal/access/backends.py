"""Loading the person of a request, with everything that each page asks, in one query."""

from typing import Any

from allauth.account.auth_backends import AuthenticationBackend

from portal.access.rules import CUSTOMERS, EVERYONE
from portal.access.standings import standing_of
from portal.accounts.models import User


class StandingBackend(AuthenticationBackend):
    """Sign-in by employee number. Someone who is inactive, or employed by nobody today, is signed in nowhere, from one request to the next."""

    def get_user(self, user_id: Any) -> User | None:
        user = User.objects.select_related("stored_standing", "stored_preferences").filter(pk=user_id).first()
        return user if user is not None and self.user_can_authenticate(user) else None

    def user_can_authenticate(self, user: Any) -> bool:
        return bool(user.is_active) and not standing_of(user).token_set.isdisjoint({EVERYONE, CUSTOMERS})
