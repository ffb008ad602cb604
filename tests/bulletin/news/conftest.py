import pytest

from portal.accounts.models import User
from tests.bulletin.news.feed_site import running_feeds
from tests.bulletin.news.writing import make_editor


@pytest.fixture
def editor(cast) -> User:
    """王伟, who may edit the news."""
    return make_editor(cast.inspector, cast.admin)


@pytest.fixture
def site(settings):
    """A server of feeds on the loopback, which the operator allows."""
    settings.FETCH_INTERNAL = ["127.0.0.1/32"]
    with running_feeds() as server:
        yield server
