import pytest

from bulletin.models import DepartmentBoard
from bulletin.services.boards import board_of, keep_board
from tests.bulletin.writing import write


@pytest.fixture
def board(cast) -> DepartmentBoard:
    """The board of 质检科, with a prefix for its documents."""
    board = board_of(cast.quality)
    keep_board(board, document_prefix="厂质", needs_second_person=False, actor=cast.head)
    return board


@pytest.fixture
def notice(cast, board):
    """A notice of 李敏 for 质检科, published."""
    return write(board, cast.head)


@pytest.fixture
def as_head(client, cast):
    """A browser of 李敏."""
    client.force_login(cast.head)
    return client
