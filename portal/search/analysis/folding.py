"""Folding: what is written differently and meant the same becomes one, character by character, so that places in the text stay the same.

Lower case, half width, without accents, and traditional characters as simplified ones (by OpenCC's table).
"""

import unicodedata
from functools import cache

from opencc import OpenCC

HAN = "\u3005\u3007\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003134f"
# Written without spaces too, so taken by pairs like Chinese: kana and Hangul.
UNSPACED = HAN + "\u3041-\u30ff\uac00-\ud7af"
_BLOCKS = ((0xA0, 0x3400), (0xF900, 0x10000))
_HAN_BLOCKS = ((0x3400, 0x4DC0), (0x4E00, 0xA000), (0xF900, 0xFB00), (0x20000, 0x2A6E0))


def fold(text: str) -> str:
    """The same number of characters, folded."""
    return text.translate(_table())


def is_common(character: str) -> bool:
    """Whether it is one of the 3,755 of GB 2312's first level, which are nearly all that is written."""
    written = character.encode("gb2312", "ignore")
    return len(written) > 1 and 0xB0 <= written[0] <= 0xD7


@cache
def _table() -> dict[int, int]:
    table = {code: code + 32 for code in range(ord("A"), ord("Z") + 1)}
    for first, end in _BLOCKS:
        for code in range(first, end):
            folded = _folded(chr(code))
            if folded != chr(code):
                table[code] = ord(folded)
    for code, simplified in _simplified():
        table[code] = simplified
    return table


def _folded(character: str) -> str:
    """Compatible forms, case and accents, where one character answers to one."""
    plain = unicodedata.normalize("NFKC", character)
    if len(plain) != 1:
        return character
    base = unicodedata.normalize("NFD", plain)[0]
    if base.isascii() and base.isalpha():
        return base.lower()
    lower = plain.lower()
    return lower if len(lower) == 1 else plain


def _simplified() -> list[tuple[int, int]]:
    codes = [code for first, end in _HAN_BLOCKS for code in range(first, end)]
    plain = [_folded(chr(code)) for code in codes]
    # A line each, so that no character is read together with its neighbour.
    simplified = OpenCC("t2s").convert("\n".join(plain)).split("\n")
    return [(code, ord(after)) for code, after in zip(codes, simplified, strict=True) if len(after) == 1 and ord(after) != code]
