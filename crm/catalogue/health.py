"""What operators see of the ledgers."""

from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from crm.catalogue.models import LedgerCheck
from portal.runtime.health import Finding, joined, register_check


def _ledgers() -> Finding:
    wrong = LedgerCheck.objects.filter(differences__gt=0).order_by("ledger")
    parts = [format_lazy(_("{ledger}: {count} differ, {first}"), ledger=one.ledger, count=one.differences, first=one.first[0]) for one in wrong]
    return Finding("failing" if parts else "ok", joined(parts, ". "))


register_check("ledgers", _ledgers)
