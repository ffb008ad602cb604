from collections.abc import Callable
from datetime import timedelta

import pytest
from django.utils import timezone

from portal.access.models import Audience
from portal.access.rules import AudienceRule, department_token
from tests.cast import Cast
from tests.papers.models import Paper

PAPERS = "/papers/"


@pytest.fixture(autouse=True)
def papers_have_an_address(settings: object) -> None:
    settings.ROOT_URLCONF = "tests.lists.urls"  # type: ignore[attr-defined]


@pytest.fixture
def write(cast: Cast) -> Callable[..., Paper]:
    """A paper for the quality department, `age` days old."""
    audience = Audience.objects.for_rule(AudienceRule.of([department_token(cast.quality.pk)]))

    def write_one(title: str, age: float = 0, **values: object) -> Paper:
        return Paper.objects.create(title=title, **({"audience": audience, "issued_at": timezone.now() - timedelta(days=age)} | values))

    return write_one
