"""A number as a list of Word writes it: the formats of ECMA-376, 17.18.59, that are met in China. What a format cannot say is said in digits."""

from collections.abc import Callable
from typing import NamedTuple

MOST_LETTERS = 780  # Word repeats a letter 30 times at most
MOST_ROMAN = 32_767
ROMAN = [(1000, "M"), (900, "CM"), (500, "D"), (400, "CD"), (100, "C"), (90, "XC"), (50, "L"), (40, "XL"), (10, "X"), (9, "IX"), (5, "V"), (4, "IV"), (1, "I")]
STEMS = "甲乙丙丁戊己庚辛壬癸"
BRANCHES = "子丑寅卯辰巳午未申酉戌亥"


class Counting(NamedTuple):
    """Digits from nought on, units, myriads; the units that go without a one before them, and whether noughts between are said."""

    digits: str
    units: str
    myriads: str
    bare: str = ""
    says_nought: bool = True


SIMPLIFIED = Counting("〇一二三四五六七八九", "十百千", "万亿", bare="十")
TRADITIONAL = Counting("零一二三四五六七八九", "十百千", "萬億", bare="十")
JAPANESE = Counting("〇一二三四五六七八九", "十百千", "万億", bare="十百千", says_nought=False)
LEGAL_SIMPLIFIED = Counting("零壹贰叁肆伍陆柒捌玖", "拾佰仟", "万亿")
LEGAL_TRADITIONAL = Counting("零壹貳參肆伍陸柒捌玖", "拾佰仟", "萬億")
LEGAL_JAPANESE = Counting("〇壱弐参四伍六七八九", "拾百阡", "萬億", says_nought=False)


def written(number: int, number_format: str) -> str:
    """Empty for `none` and for bullets, which are no numbers."""
    if number_format in ("none", "bullet"):
        return ""
    write = FORMATS.get(number_format)
    return write(number) if write and number >= 0 else str(number)


def counted(number: int, counting: Counting) -> str:
    """The number as it is spoken: 10 is 十, 101 is 一百〇一, 10020 is 一万〇二十."""
    if not 0 < number < 10**12:
        return counting.digits[0] if number == 0 else str(number)
    parts: list[str] = []
    is_nought_due = False
    for place in reversed(range(3)):
        four = number // 10_000**place % 10_000
        if not four:
            is_nought_due = bool(parts)
            continue
        if parts and counting.says_nought and (is_nought_due or four < 1000):
            parts.append(counting.digits[0])
        parts.append(_thousands(four, counting, is_first=not parts) + ("", *counting.myriads)[place])
        is_nought_due = False
    return "".join(parts)


def _thousands(number: int, counting: Counting, *, is_first: bool) -> str:
    said = ""
    is_nought_due = False
    for place in reversed(range(4)):
        digit = number // 10**place % 10
        if not digit:
            is_nought_due = bool(said)
            continue
        if is_nought_due and counting.says_nought:
            said += counting.digits[0]
        unit = ("", *counting.units)[place]
        is_bare = digit == 1 and unit in counting.bare and unit != "" and (not counting.says_nought or (is_first and not said))
        said += ("" if is_bare else counting.digits[digit]) + unit
        is_nought_due = False
    return said


def _spelled(digits: str) -> Callable[[int], str]:
    """Digit by digit: 101 is 一〇一."""
    return lambda number: str(number).translate({ord("0") + value: sign for value, sign in enumerate(digits)})


def _counted(counting: Counting) -> Callable[[int], str]:
    return lambda number: counted(number, counting)


def _up_to_a_hundred(counting: Counting) -> Callable[[int], str]:
    """The smaller systems of counting know no hundred: from there on they go digit by digit."""
    spelled = _spelled(counting.digits)
    return lambda number: counted(number, counting) if number < 100 else spelled(number)


def _signs(signs: str) -> Callable[[int], str]:
    """One sign for each number from 1 on, as far as they reach."""
    return lambda number: signs[number - 1] if 1 <= number <= len(signs) else str(number)


def _run(first: int, count: int) -> str:
    return "".join(map(chr, range(first, first + count)))


def _letters(number: int) -> str:
    """a to z, then aa, bb: Word repeats the letter."""
    return chr(ord("a") + (number - 1) % 26) * ((number - 1) // 26 + 1) if 1 <= number <= MOST_LETTERS else str(number)


def _roman(number: int) -> str:
    if not 1 <= number <= MOST_ROMAN:
        return str(number)
    said = ""
    for value, sign in ROMAN:
        said += sign * (number // value)
        number %= value
    return said


def _cycle(number: int) -> str:
    """The sixty pairs of stem and branch."""
    return STEMS[(number - 1) % 10] + BRANCHES[(number - 1) % 12] if 1 <= number <= 60 else str(number)


def _ordinal(number: int) -> str:
    ending = "th" if number % 100 in (11, 12, 13) else {1: "st", 2: "nd", 3: "rd"}.get(number % 10, "th")
    return f"{number}{ending}"


CIRCLES = _run(0x2460, 20)
FORMATS: dict[str, Callable[[int], str]] = {
    "decimalZero": "{:02d}".format,
    "upperRoman": _roman,
    "lowerRoman": lambda number: _roman(number).lower(),
    "upperLetter": lambda number: _letters(number).upper(),
    "lowerLetter": _letters,
    "ordinal": _ordinal,
    "hex": "{:X}".format,
    "numberInDash": "- {} -".format,
    **dict.fromkeys(("decimalFullWidth", "decimalFullWidth2"), _spelled(_run(0xFF10, 10))),
    **dict.fromkeys(("decimalEnclosedCircle", "decimalEnclosedCircleChinese"), _signs(CIRCLES)),
    "decimalEnclosedFullstop": _signs(_run(0x2488, 20)),
    "decimalEnclosedParen": _signs(_run(0x2474, 20)),
    "ideographEnclosedCircle": _signs(_run(0x3220, 10)),
    "ideographTraditional": _signs(STEMS),
    "ideographZodiac": _signs(BRANCHES),
    "ideographZodiacTraditional": _cycle,
    **dict.fromkeys(("ideographDigital", "japaneseDigitalTenThousand"), _spelled(SIMPLIFIED.digits)),
    "taiwaneseDigital": _spelled(TRADITIONAL.digits.replace("零", "〇")),
    "chineseCounting": _up_to_a_hundred(SIMPLIFIED),
    "chineseCountingThousand": _counted(SIMPLIFIED),
    "chineseLegalSimplified": _counted(LEGAL_SIMPLIFIED),
    "taiwaneseCounting": _up_to_a_hundred(TRADITIONAL._replace(digits=SIMPLIFIED.digits)),
    "taiwaneseCountingThousand": _counted(TRADITIONAL),
    "ideographLegalTraditional": _counted(LEGAL_TRADITIONAL),
    "japaneseCounting": _counted(JAPANESE),
    "japaneseLegal": _counted(LEGAL_JAPANESE),
}
