"""What access does when the plant changes, and what the plant's duties add to standings."""

from portal.access.duties import duties_of
from portal.access.services import refresh_people
from portal.access.sources import register_source
from portal.organization.registry import follow_changes

follow_changes(refresh_people)
register_source(duties_of)
