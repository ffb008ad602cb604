"""A category and an article in it."""

import pytest

from knowledge.models import Article, ArticleCategory
from tests.cast import Cast
from tests.knowledge.writing import admitted, make_category


@pytest.fixture
def category(cast: Cast) -> ArticleCategory:
    """设备操作与保养, kept by 李敏; 赵静 stands in for her."""
    return make_category(cast)


@pytest.fixture
def article(cast: Cast, category: ArticleCategory) -> Article:
    """Written by 王伟 of 质检科, admitted by 李敏, for everyone."""
    return admitted(category, cast.inspector, cast.head, department=cast.quality, owner_position=cast.staff_post)
