"""Many at once still make one chain."""

import threading

import pytest
from django.db import connection, transaction

from portal.audit.chain import verify_chain
from portal.audit.services import record


@pytest.mark.django_db(transaction=True)
def test_writers_at_the_same_time_make_one_chain() -> None:
    def write() -> None:
        for _turn in range(15):
            with transaction.atomic():
                record(None, "thing.changed")
                record(None, "thing.changed")
        connection.close()

    threads = [threading.Thread(target=write) for _index in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    verdict = verify_chain()
    assert (verdict.checked, verdict.fault) == (180, None)
