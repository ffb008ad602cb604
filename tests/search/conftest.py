import pytest

from tests.search.indexing import start_afresh


@pytest.fixture
def index(cast):
    """No index from another test; the first `settle` makes one."""
    start_afresh()
    yield
    start_afresh()
