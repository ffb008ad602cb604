"""How often something was tried. Counted in the database under a lock of the key, so that ten at a moment are ten (S32)."""

from datetime import timedelta

from django.db import connection, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from crm.extranet.errors import TooManyError
from crm.extranet.models import Attempt

KEPT_FOR = timedelta(days=1)


def count_attempt(key: str, *, most: int, within: timedelta) -> int:
    """Note one more, and return its key; refuses where there were as many already."""
    now = timezone.now()
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [f"extranet:{key}"])
        if Attempt.objects.filter(key=key[:90], at__gt=now - within).count() >= most:
            raise TooManyError(_("Too many attempts. Wait five minutes, or ask your account manager."))
        return Attempt.objects.create(key=key[:90], at=now).pk


def forgive(attempts: list[int]) -> None:
    """It was right, so it does not count."""
    Attempt.objects.filter(pk__in=attempts).delete()


def forget_old_attempts() -> None:
    Attempt.objects.filter(at__lt=timezone.now() - KEPT_FOR).delete()
