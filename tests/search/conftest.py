import pytest

from bulletin.services.boards import board_of
from portal.search.checking import check_feed
from tests.search.indexing import start_afresh
from tests.services.elasticsearch import stop_all


@pytest.fixture(scope="session", autouse=True)
def servers():
    """Whatever Elasticsearch a test has started ends with the last test here."""
    yield
    stop_all()


@pytest.fixture
def index(cast):
    """No index from another test; the first `settle` makes one."""
    start_afresh()
    check_feed()
    yield
    start_afresh()


@pytest.fixture
def board(cast):
    """The board of 质检科."""
    return board_of(cast.quality)
