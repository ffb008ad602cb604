import pytest

from portal.access.models import Audience
from portal.access.rules import AudienceRule, department_token
from tests.cast import Cast
from tests.papers.models import Paper


@pytest.fixture
def paper(cast: Cast) -> Paper:
    """For the quality department: its head (who moderates), its inspector and the deputy."""
    audience = Audience.objects.for_rule(AudienceRule.of([department_token(cast.quality.pk)]))
    return Paper.objects.create(title="质量月报", audience=audience)
