"""Remarks on papers."""

from portal.approvals.models import Paper
from portal.discussion.registry import register_discussable

register_discussable(Paper, url=Paper.get_absolute_url, label=str)
