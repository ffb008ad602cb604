"""Shelves of policies: who writes them, and what they are numbered by."""

from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from knowledge.errors import KnowledgeError
from knowledge.models import PolicyShelf
from portal.access.policies import decide
from portal.access.standings import standing_of
from portal.audit.services import record, snapshot
from portal.foundation.signs import one_line
from portal.organization.models import Duty
from portal.pages.drafts import lock_page


def writing_departments(user: Any) -> list[int]:
    """The departments whose policies this person writes today."""
    standing = standing_of(user)
    duties = [int(token.removeprefix("duty:")) for token in standing.tokens if token.startswith("duty:")]
    by_duty = PolicyShelf.objects.filter(writers__in=duties).values_list("department", flat=True) if duties else []
    return sorted({*standing.headed_department_ids, *by_duty})


@transaction.atomic
def keep_shelf(shelf: PolicyShelf, *, actor: Any, prefix: str, writers: Duty | None) -> None:
    """Refuses a prefix that another department numbers by. Numbers that were given stay."""
    lock_page(shelf)
    stored = PolicyShelf.objects.get(pk=shelf.pk)
    decision = decide(actor, "change", stored)
    if not decision:
        raise KnowledgeError(str(decision.rule))
    before = snapshot(stored, "prefix", "writers_id")
    stored.prefix, stored.writers = one_line(prefix).upper(), writers
    if stored.prefix and PolicyShelf.objects.filter(prefix=stored.prefix).exclude(pk=stored.pk).exists():
        raise KnowledgeError(_("Another department numbers its policies by this prefix. Choose another."))
    stored.save(update_fields=["prefix", "writers"])
    record(actor, "policy_shelf.changed", stored, before=before, after=snapshot(stored, "prefix", "writers_id"))
