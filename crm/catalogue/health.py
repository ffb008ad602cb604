"""What operators see of the ledgers."""

from crm.catalogue.models import LedgerCheck
from portal.runtime.health import Finding, register_check


def _ledgers() -> Finding:
    parts = [f"{one.ledger}: {one.differences} differ, {one.first[0]}" for one in LedgerCheck.objects.filter(differences__gt=0).order_by("ledger")]
    return Finding("failing" if parts else "ok", ". ".join(parts))


register_check("ledgers", _ledgers)
