"""Where the bell hangs."""

from portal.foundation.frame import register_slot

register_slot("topbar", "notifications/_slot.html", order=20)
