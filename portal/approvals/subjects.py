"""What bells say of a paper: its title as it is now."""

from portal.approvals.models import Paper
from portal.notifications.registry import Subject, register_subject

register_subject(Paper, Subject(lambda paper: {"title": paper.title}))
