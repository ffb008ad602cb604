from datetime import timedelta

import pytest
from django.utils import timezone

from bulletin.models import Notice
from bulletin.services.boards import board_of
from tests.bulletin.writing import write


@pytest.fixture
def asked(cast) -> Notice:
    """Of 质检科 for its three people, to be confirmed in three days."""
    return write(board_of(cast.quality), cast.head, title="须确认", needs_confirmation=True, confirm_by=timezone.now() + timedelta(days=3))
