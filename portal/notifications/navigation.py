"""Where the bell hangs."""

from portal.foundation.frame import register_slot

register_slot("topbar", "notifications/_bell.html", order=20)
