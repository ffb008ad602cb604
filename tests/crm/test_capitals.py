"""Sums in capitals, as they stand on a quotation."""

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crm.sales.capitals import DIGITS, in_capitals

UNITS = {"拾": 10, "佰": 100, "仟": 1_000}


def read(text: str) -> int:
    """Back into fen, by another way."""
    whole, _yuan, rest = text.rpartition("元")
    total = group = digit = 0
    for letter in whole:
        if letter in DIGITS:
            digit = DIGITS.index(letter)
        elif letter in UNITS:
            group, digit = group + digit * UNITS[letter], 0
        elif letter == "万":
            total, group, digit = total + (group + digit) * 10_000, 0, 0
        elif letter == "亿":
            total, group, digit = (total + group + digit) * 10**8, 0, 0
    fen = (total + group + digit) * 100
    for name, worth in (("角", 10), ("分", 1)):
        found = re.search(f"(.){name}", rest)
        fen += worth * DIGITS.index(found.group(1)) if found else 0
    return fen


@pytest.mark.parametrize(
    ("fen", "said"),
    [
        (0, "零元整"),
        (5, "伍分"),
        (50, "伍角整"),
        (100, "壹元整"),
        (101, "壹元零壹分"),
        (123_450, "壹仟贰佰叁拾肆元伍角整"),
        (10_005_00, "壹万零伍元整"),
        (100_000_000_00, "壹亿元整"),
        (1_020_300_00, "壹佰零贰万零叁佰元整"),
        (100_100_00, "壹拾万零壹佰元整"),
        (100_000_100_07, "壹亿零壹佰元零柒分"),
    ],
)
def test_sums_are_said_as_a_bank_says_them(fen: int, said: str) -> None:
    assert in_capitals(fen) == said


@settings(max_examples=300, deadline=None, derandomize=True)
@given(st.integers(0, 10**13))
def test_what_is_said_is_read_back(fen: int) -> None:
    said = in_capitals(fen)
    assert read(said) == fen
    assert "零零" not in said
