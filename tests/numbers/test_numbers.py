"""Numbers come in sequence, each once, whoever asks at the same time and whatever is rolled back."""

import threading

import pytest
from django.db import connection, transaction
from django.db.transaction import TransactionManagementError

from portal.numbers.models import NumberSequence
from portal.numbers.series import NumberSeries
from portal.numbers.services import continue_after, issue_number, next_number

PAPERS = NumberSeries("test.paper", "{prefix}〔{year}〕{number}号")
ORDERS = NumberSeries("test.order", "DD{year}{month:02}-{number:04}", is_monthly=True)


@pytest.mark.parametrize(
    ("pattern", "is_monthly"),
    [("{number}", False), ("{year}", False), ("{year}-{number}", True), ("{year}{number}{day}", False), ("{year.real}{number}", False),
     ("{year}{number!r}", False), ("{year}{number:>9999999}", False), ("{year}{number:04x}", False), ("{}{year}{number}", False), ("{year}{number", False)],
)  # fmt: skip
def test_a_pattern_that_writes_two_numbers_alike_or_more_than_numbers_is_refused(pattern, is_monthly):
    with pytest.raises(ValueError):  # noqa: PT011  # ours, and that of a broken bracket
        NumberSeries("test.refused", pattern, is_monthly)


def test_numbers_are_written_by_the_pattern_of_the_series():
    assert PAPERS.write(12, year=2026, prefix="厂发") == "厂发〔2026〕12号"
    assert PAPERS.write(12, year=2026, prefix="{number}") == "{number}〔2026〕12号"
    assert [ORDERS.write(number, year=2026, month=3) for number in (7, 12_345)] == ["DD202603-0007", "DD202603-12345"]


@pytest.mark.django_db
def test_each_scope_and_period_has_its_own_sequence_and_the_next_number_is_known_before():
    for year, scope in ((2026, "厂发"), (2026, "厂质"), (2027, "厂发")):
        assert next_number(PAPERS, year=year, scope=scope) == 1
        assert [issue_number(PAPERS, year=year, scope=scope) for _turn in range(3)] == [1, 2, 3]
        assert next_number(PAPERS, year=year, scope=scope) == 4
    assert [issue_number(ORDERS, year=2026, month=month) for month in (11, 11, 12)] == [1, 2, 1]
    for series, month in ((ORDERS, None), (PAPERS, 3)):
        with pytest.raises(ValueError, match="begins anew"):
            issue_number(series, year=2026, month=month)
    for last, following in ((40, 41), (12, 42)):
        continue_after(PAPERS, last, year=2026, scope="厂发")
        assert issue_number(PAPERS, year=2026, scope="厂发") == following


@pytest.mark.django_db(transaction=True)
def test_many_at_once_leave_neither_gap_nor_double_also_when_some_fail():
    kept: list[int] = []

    class RefusedError(Exception):
        pass

    def write(writer: int) -> None:
        for turn in range(20):
            try:
                with transaction.atomic():
                    number = issue_number(PAPERS, year=2026)
                    if (writer + turn) % 3 == 0:
                        raise RefusedError
            except RefusedError:
                continue
            kept.append(number)
        connection.close()

    threads = [threading.Thread(target=write, args=[writer]) for writer in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(kept) == list(range(1, len(kept) + 1))
    assert len(kept) == 80
    assert NumberSequence.objects.get().last_number == len(kept)
    with pytest.raises(TransactionManagementError):
        issue_number(PAPERS, year=2026)
    assert next_number(PAPERS, year=2026) == 81
