"""What access does when the plant changes."""

from portal.access.services import refresh_people
from portal.organization.registry import follow_changes

follow_changes(refresh_people)
