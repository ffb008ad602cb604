from portal.discussion.registry import register_discussable
from tests.papers.models import Paper

register_discussable(Paper, url=lambda paper: f"/papers/{paper.pk}/", label=lambda paper: f"《{paper.title}》")
