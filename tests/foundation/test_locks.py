"""Locks of the database that are held over many transactions."""

import pytest

from portal.foundation.locks import TakenError, alone, is_held

LOCK = 482_999


@pytest.mark.django_db(transaction=True)
def test_a_lock_is_free_in_the_moment_in_which_it_is_let_go_of():
    for _turn in range(200):
        with alone(LOCK):
            assert is_held(LOCK)
            with pytest.raises(TakenError), alone(LOCK):
                raise AssertionError("two are at it")
        assert not is_held(LOCK)
