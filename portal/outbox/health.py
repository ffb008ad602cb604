"""What operators are told of things that were put aside."""

from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from portal.outbox.known_queues import all_queues
from portal.runtime.health import Finding, joined, register_check

MOST_NAMED = 2
LONGEST_REASON = 100


def _aside() -> Finding:
    """Each queue with the number of what is aside there, and the first of it by name with its reason."""
    parts = []
    for queue in all_queues():
        if count := queue.count():
            named = "; ".join(f"{aside.key} ({aside.reason[:LONGEST_REASON]})" for aside in queue.aside(MOST_NAMED))
            parts.append(format_lazy(_("{queue}: {count} put aside, {named}"), queue=queue.code, count=count, named=named))
    return Finding("failing" if parts else "ok", joined(parts, ". "))


register_check("queues", _aside)
