"""Who sees what a form reserves to those who decide (quotations, people's pay): not whoever is only told or was sent a copy."""

from typing import Any

from portal.approvals.models import Paper, PaperReader
from portal.approvals.seats import seats_of

DECIDING = ("began", "heads", "asked", "decided")


def sees_reserved(user: Any, paper: Paper) -> bool:
    """Whether this person takes part in deciding, or began it. Asks nothing where the form reserves nothing."""
    plan = paper.form.plan
    if not any(field.is_reserved for field in (*plan, *(column for table in plan.tables for column in table.columns))):
        return True
    return paper.originator_id == user.pk or PaperReader.objects.filter(thing=paper, reason__in=DECIDING, token__among=seats_of(user)).exists()
