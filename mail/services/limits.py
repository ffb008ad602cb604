"""Setting limits, and bringing the mailboxes in step with them."""

from collections.abc import Collection
from typing import Any

from django.db import connection, transaction
from django.utils.translation import gettext as _

from mail.capabilities import KEEP_LIMITS
from mail.errors import MailError
from mail.limits import FIELDS, USUAL
from mail.models import Limit
from portal.access.registry import has_capability
from portal.accounts.models import User
from portal.audit.services import record, snapshot

# Mailboxes whose limit is another than the one in force, locked in the order of their ids as every writer locks them.
WANTED = """
    SELECT mailbox.id, coalesce(own.mailbox_bytes, graded.mailbox_bytes, %(usual)s) AS wanted FROM mail_mailbox mailbox
    LEFT JOIN access_standing standing ON standing.user_id = mailbox.owner_id
    LEFT JOIN mail_limit own ON own.person_id = mailbox.owner_id
    LEFT JOIN mail_limit graded ON graded.level = standing.level
    WHERE mailbox."limit" <> coalesce(own.mailbox_bytes, graded.mailbox_bytes, %(usual)s)
        AND (%(owners)s::bigint[] IS NULL OR mailbox.owner_id = ANY(%(owners)s))
    ORDER BY mailbox.id FOR NO KEY UPDATE OF mailbox
"""
APPLY = f'WITH wanted AS MATERIALIZED ({WANTED}) UPDATE mail_mailbox SET "limit" = wanted.wanted FROM wanted WHERE mail_mailbox.id = wanted.id'  # noqa: S608


@transaction.atomic
def set_limit(*, actor: Any, values: dict[str, int | None], person: User | None = None, level: int | None = None) -> None:
    """Limits of a person or of a level; without any value they are taken away. A lower one takes effect at once, and takes nothing from anybody."""
    if not has_capability(actor, KEEP_LIMITS):
        raise MailError(_("Limits are set by the computer centre."))
    limit = Limit.objects.select_for_update().filter(person=person, level=level).first() or Limit(person=person, level=level)
    before = snapshot(limit, *FIELDS) if limit.pk else {}
    for name in FIELDS:
        setattr(limit, name, values.get(name))
    if any(getattr(limit, name) is not None for name in FIELDS):
        limit.save()
        record(actor, "mail.limited", person or limit, before=before, after=snapshot(limit, *FIELDS))
    elif limit.pk:
        record(actor, "mail.limited", person or limit, before=before)
        limit.delete()
    apply_limits([person.pk] if person is not None else None)


@transaction.atomic
def apply_limits(user_ids: Collection[int] | None = None) -> int:
    """Give mailboxes the limit in force for their owners; of how many it was another."""
    with connection.cursor() as cursor:
        cursor.execute(APPLY, {"usual": USUAL.mailbox_bytes, "owners": None if user_ids is None else list(user_ids)})
        return int(cursor.rowcount)
