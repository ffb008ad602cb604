"""Questions about people, and how accounts are made."""

from typing import TYPE_CHECKING, Any

from django.contrib.auth.base_user import BaseUserManager
from django.db import models
from django.db.models import Q

if TYPE_CHECKING:
    from portal.accounts.models import User


class UserQuerySet(models.QuerySet["User"]):
    def active(self) -> "UserQuerySet":
        """Those who may sign in."""
        return self.filter(is_active=True)

    def employees(self) -> "UserQuerySet":
        return self.filter(kind="employee")

    def matching(self, words: str) -> "UserQuerySet":
        """By a beginning of the name, its pinyin, its English form, the initials or the employee number; every word must match."""
        found = self
        for word in words.lower().split():
            found = found.filter(fits_word(word))
        return found


def fits_word(word: str) -> Q:
    """What one word of `matching` asks of a person."""
    return Q(name_starts__contains=f"|{word.lower()}")


class UserManager(BaseUserManager.from_queryset(UserQuerySet)):  # type: ignore[misc]
    use_in_migrations = True

    def create_user(self, employee_number: str, password: str | None = None, **fields: Any) -> "User":
        """A person with an account; without a password the account cannot be used until one is set."""
        user = self.model(employee_number=employee_number, **fields)
        user.set_password(password)
        user.save(using=self._db)
        return user

    def create_superuser(self, employee_number: str, password: str | None = None, **fields: Any) -> "User":
        return self.create_user(employee_number, password, is_superuser=True, **fields)
