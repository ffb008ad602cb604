"""Numbers by which firms and people are known: read as people write them, kept in one form."""

import re
import unicodedata
from dataclasses import dataclass

from django.utils.translation import gettext as _

# 统一社会信用代码, GB 32100-2015: seventeen characters, each with its weight, and one that checks them.
USCC_CHARACTERS = "0123456789ABCDEFGHJKLMNPQRTUWXY"
USCC_LENGTH = 18
MODULUS = 31
EXTENSION = re.compile(r"(?:转|分机|轉|ext\.?|x|#)\s*(\d{1,6})$", re.IGNORECASE)
MOBILE = re.compile(r"1[3-9]\d{9}")
LANDLINE = re.compile(r"0\d{2,3}\d{7,8}")
SERVICE = re.compile(r"[48]00\d{7}|1\d{4}|9\d{4,5}")
LOCAL = re.compile(r"[2-8]\d{6,7}")


def folded(text: str) -> str:
    """Full-width letters and digits as plain ones, without spaces around."""
    return unicodedata.normalize("NFKC", text).strip()


def read_uscc(text: str) -> str:
    """A unified social credit code in its one form; empty for nothing. Raises ValueError with a sentence."""
    code = folded(text).upper().replace(" ", "").replace("-", "")
    if not code:
        return ""
    if len(code) != USCC_LENGTH or any(character not in USCC_CHARACTERS for character in code):
        raise ValueError(_("A unified social credit code has 18 digits and capital letters, without I, O, S, V and Z."))
    total = sum(USCC_CHARACTERS.index(character) * pow(3, place, MODULUS) for place, character in enumerate(code[:-1]))
    if USCC_CHARACTERS[-total % MODULUS] != code[-1]:
        raise ValueError(_("The last character of the code does not fit the others. Compare it with the business licence."))
    return code


def read_licence(text: str) -> str:
    """A licence number: 12 digits, as licences for retail of tobacco have; empty for nothing. Raises ValueError with a sentence."""
    number = re.sub(r"[\s-]", "", folded(text))
    if number and not re.fullmatch(r"\d{12}", number):
        raise ValueError(_("A licence for tobacco has 12 digits."))
    return number


@dataclass(frozen=True, slots=True)
class Phone:
    """`normal` is what numbers are compared by: digits with the area code, without the country's 86."""

    shown: str
    normal: str
    extension: str = ""


def read_phone(text: str) -> Phone:
    """A telephone number as somebody wrote it. Raises ValueError with a sentence."""
    plain = folded(text)
    extension = EXTENSION.search(plain)
    digits = re.sub(r"[\s().\-–—]", "", plain[: extension.start()] if extension else plain)
    digits = re.sub(r"^(?:\+|00)86", "", digits)
    if prefixed := re.fullmatch(r"(?:86|0)(1[3-9]\d{9})", digits):
        digits = prefixed[1]  # a long-distance call shows a mobile number with 0 before it
    is_foreign = re.fullmatch(r"\+[1-9]\d{6,14}", digits)
    if not (is_foreign or any(shape.fullmatch(digits) for shape in (MOBILE, LANDLINE, SERVICE, LOCAL))):
        raise ValueError(
            _("“%(text)s” is no telephone number. Write 13807316620 or 0731-85123307, with 转802 behind it for an extension.") % {"text": text[:40]}
        )
    shown = plain[: extension.start()].strip(" ,，") if extension else plain
    return Phone(shown, digits.lstrip("+"), extension[1] if extension else "")


def are_near(one: str, other: str) -> bool:
    """Do two cores of names differ by one character (another, one more, one less), or by a place of two or three before one of them?"""
    short, long = sorted((one, other), key=len)
    if len(short) < 3 or one == other:
        return False
    before = long.removesuffix(short)
    if long != before and len(before) in (2, 3):
        return True
    if len(long) < 4 or len(long) - len(short) > 1:
        return False
    same = next((place for place, (a, b) in enumerate(zip(short, long, strict=False)) if a != b), len(short))
    return short[same + (len(short) == len(long)) :] == long[same + 1 :]


# What says what kind of shop it is, and nothing of which one.
COMMON = re.compile(
    "(?:有限责任公司|股份有限公司|有限公司|烟酒商行|名烟名酒|烟酒超市|烟酒行|烟酒店|食杂店|便利店|副食店|综合商店|日用百货|生活超市|批发部|经营部|"
    "商行|超市|商店|商场|商贸|百货|小卖部|零售店|门市部|专卖店|旗舰店|分公司|店)+"
)
PLACE = re.compile(r"[（(][^（）()]*[)）]")


def name_core(name: str) -> str:
    """What is left of a firm's name without its place in brackets and the words for its kind: 红星路金穗烟酒商行 -> 红星路金穗."""
    plain = re.sub(r"[\s·•.,，。\-—_'\"“”]", "", PLACE.sub("", folded(name))).lower()
    return COMMON.sub("", plain) or plain
