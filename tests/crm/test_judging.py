"""The judgement without a database: what passes, what does not, and the sentence that says what would."""

from datetime import date, timedelta
from typing import Any

import pytest
from django.utils import translation

from crm.catalogue.units import Packing
from crm.orders.judging import AskedLine, Facts, available, first_day, judge

DAY = date(2026, 11, 28)
CARTONS = Packing("carton", 200, 50, 250)


def after(days: int) -> date:
    return DAY + timedelta(days=days)


def line(quantity: int = 10, fen: int | None = 10_000, *, on_hand: int = 1_000, product: int = 1, **more: Any) -> AskedLine:
    return AskedLine(product=product, name=more.pop("name", "甲"), packing=CARTONS, quantity=quantity, fen=fen, on_hand=on_hand, **more)


def facts(*lines: AskedLine, limit: int = 10_000_000, wanted: date = DAY, **more: Any) -> Facts:
    return Facts(day=DAY, wanted_on=wanted, lines=lines or (line(),), limit=limit, **more)


CASES: list[tuple[Facts, list[tuple[str, str]], str]] = [
    (facts(), [], ""),
    (facts(line(1)), [], ""),
    # price
    (facts(line(fen=None)), [("price", "no_price")], "甲没有"),
    (facts(line(fen=None), line(product=2)), [("price", "no_price")], ""),
    (facts(line(is_sold=False)), [("price", "not_sold")], "停售"),
    (facts(line(fen=None, is_sold=False)), [("price", "not_sold")], ""),
    # term
    (facts(overdue=1, oldest_due=after(-9)), [("term", "overdue")], "2026-11-19"),
    (facts(overdue=120_000, oldest_due=after(-40)), [("term", "overdue")], "1,200.00"),
    (facts(overdue=0), [], ""),
    # credit: limit, exposure, what would pass
    (facts(limit=100_000), [], ""),
    (facts(limit=99_999), [("credit", "credit_fewer")], "1 条"),
    (facts(line(100), limit=680_000), [("credit", "credit_fewer")], "3,200.00 元；甲减少 32 条"),
    (facts(line(100, 8_500), limit=530_000), [("credit", "credit_fewer")], "3,200.00 元；甲减少 38 条"),
    (facts(line(7_600_000, 10_000, on_hand=9_000_000), limit=10**9), [("credit", "credit_fewer")], "条即可通过"),
    (facts(line(10), limit=100_000, exposure=1), [("credit", "credit_fewer")], "0.01"),
    (facts(line(10), limit=100_000, exposure=100_000), [("credit", "credit_none")], "1,000.00"),
    (facts(line(10), limit=0), [("credit", "credit_none")], ""),
    (facts(line(1, 20_000), limit=10_000), [("credit", "credit_short")], "100.00"),
    (facts(line(1, 20_000), line(1, 30_000, product=2), limit=25_000), [("credit", "credit_fewer")], "减少 1 条"),
    (facts(line(1, 20_000), line(1, 20_000, product=2), limit=10_000), [("credit", "credit_short")], ""),
    (facts(line(10), limit=0, exposure=-100_000), [], ""),
    (facts(line(10), limit=0, exposure=-99_999), [("credit", "credit_fewer")], ""),
    (facts(line(10), limit=20_000_000, exposure=7_553_250), [], ""),
    (facts(line(10), limit=100_000, exposure=200_000), [("credit", "credit_none")], "2,000.00"),
    # date: on hand, supplies, promises
    (facts(line(10, on_hand=10)), [], ""),
    (facts(line(11, on_hand=10)), [("date", "date_fewer")], "减少 1 条"),
    (facts(line(1, on_hand=0)), [("date", "date_none")], "没有计划到货"),
    (facts(line(11, on_hand=10, supplies=[(after(3), 5)])), [("date", "date_later")], "2026-12-01"),
    (facts(line(11, on_hand=10, supplies=[(after(3), 5)]), wanted=after(3)), [], ""),
    (facts(line(16, on_hand=10, supplies=[(after(3), 5)])), [("date", "date_fewer")], "减少 6 条"),
    (facts(line(11, on_hand=10, supplies=[(after(-1), 5)])), [("date", "date_fewer")], ""),
    (facts(line(6, on_hand=10, promises=[(DAY, 5)])), [("date", "date_fewer")], "减少 1 条"),
    (facts(line(6, on_hand=10, promises=[(after(-4), 5)])), [("date", "date_fewer")], ""),
    (facts(line(6, on_hand=10, promises=[(after(9), 5)])), [("date", "date_fewer")], ""),
    (facts(line(6, on_hand=10, promises=[(after(9), 5)], supplies=[(after(8), 5)])), [], ""),
    (facts(line(6, on_hand=10, promises=[(after(7), 5)], supplies=[(after(8), 5)])), [("date", "date_later")], "2026-12-06"),
    (facts(wanted=after(-1)), [("date", "date_past")], ""),
    # quota: caps, licence, closed
    (facts(line(10, cap_left=10)), [], ""),
    (facts(line(10, cap_left=7)), [("quota", "cap")], "减少 3 条"),
    (facts(line(10, cap_left=0)), [("quota", "cap")], "减少 10 条"),
    (facts(line(10, cap_left=-4)), [("quota", "cap")], "减少 10 条"),
    (facts(licence_ended_on=DAY), [], ""),
    (facts(licence_ended_on=after(-1)), [("quota", "licence")], "2026-11-27"),
    (facts(closed_on=DAY), [("quota", "closed")], ""),
    (facts(closed_on=after(1)), [], ""),
    # all five at once: never the first alone
    (
        facts(line(20, on_hand=1, cap_left=2), line(1, None, product=2), limit=1_000, overdue=5, oldest_due=after(-3)),
        [("price", "no_price"), ("term", "overdue"), ("credit", "credit_short"), ("date", "date_fewer"), ("quota", "cap")],
        "",
    ),
]


@pytest.mark.parametrize("case", range(len(CASES)))
def test_all_parts_are_judged_and_said_in_both_languages(case: int) -> None:
    asked, expected, words = CASES[case]
    verdict = judge(asked)
    assert sorted((one.part, one.code) for one in verdict.findings) == sorted(expected)
    assert verdict.passes == (not expected)
    with translation.override("zh-hans"):
        chinese = verdict.said()
        assert words in chinese
    with translation.override("en"):
        english = verdict.said()
    assert (english != chinese) == bool(expected)
    assert verdict == judge(asked), "the same facts, the same verdict"


def test_fewer_by_what_is_said_passes_and_one_more_does_not() -> None:
    for quantity, fen, limit in ((100, 8_500, 530_000), (77, 333, 10_001), (9, 12_345, 60_000)):
        short = quantity * fen - limit
        fewer = -(-short // fen)
        assert judge(facts(line(quantity - fewer, fen), limit=limit)).passes
        assert not judge(facts(line(quantity - fewer + 1, fen), limit=limit)).passes


def test_a_promise_is_never_above_what_there_will_be_on_any_later_day() -> None:
    asked = line(1, on_hand=10, supplies=[(after(2), 5), (after(6), 20)], promises=[(after(1), 4), (after(4), 9)])
    assert [available(asked, after(day), DAY) for day in range(8)] == [2, 2, 2, 2, 2, 2, 22, 22]
    assert first_day(line(22, on_hand=10, supplies=asked.supplies, promises=asked.promises), DAY, DAY) == after(6)
    assert first_day(line(23, on_hand=10, supplies=asked.supplies, promises=asked.promises), DAY, DAY) is None
