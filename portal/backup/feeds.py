"""A private address that was ended since the backup was made does not come back to life with it, as no session does."""

from bulletin.services.feeds import end_all_feed_addresses
from portal.backup.after_restore import register_after_restore

register_after_restore("the private addresses of feeds end", end_all_feed_addresses)
