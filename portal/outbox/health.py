"""What operators are told of things that were put aside."""

from portal.outbox.known_queues import all_queues
from portal.runtime.health import Finding, register_check

MOST_NAMED = 2
LONGEST_REASON = 100


def _aside() -> Finding:
    """Each queue with the number of what is aside there, and the first of it by name with its reason."""
    parts = []
    for queue in all_queues():
        if count := queue.count():
            named = "; ".join(f"{aside.key} ({aside.reason[:LONGEST_REASON]})" for aside in queue.aside(MOST_NAMED))
            parts.append(f"{queue.code}: {count} put aside, {named}")
    return Finding("failing" if parts else "ok", ". ".join(parts))


register_check("queues", _aside)
