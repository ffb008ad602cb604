"""A sum in the capitals in which it stands on a quotation: 壹仟贰佰叁拾肆元伍角整."""

DIGITS = "零壹贰叁肆伍陆柒捌玖"
PLACES = ("", "拾", "佰", "仟")
GROUPS = ("", "万", "亿", "万亿")


def in_capitals(fen: int) -> str:
    """Of a sum that is not below nought and below a billion billion."""
    yuan, rest = divmod(fen, 100)
    jiao, cents = divmod(rest, 10)
    whole = f"{_whole(yuan)}元" if yuan else ""
    if not rest:
        return f"{whole or '零元'}整"
    if not jiao:
        return f"{whole}{'零' if whole else ''}{DIGITS[cents]}分"
    return f"{whole}{DIGITS[jiao]}角" + (f"{DIGITS[cents]}分" if cents else "整")


def _whole(number: int) -> str:
    """In groups of four places; nought is said once between digits, never at the end of a group."""
    said, place, gap = "", 0, False
    groups: list[int] = []
    while number:
        number, group = divmod(number, 10_000)
        groups.append(group)
    for place in range(len(groups) - 1, -1, -1):
        group = groups[place]
        if not group:
            gap = bool(said)
            continue
        if said and (gap or group < 1_000):
            said += "零"
        said += _group(group) + GROUPS[place]
        gap = False
    return said


def _group(group: int) -> str:
    said, gap = "", False
    for place in (3, 2, 1, 0):
        digit = group // 10**place % 10
        if not digit:
            gap = bool(said)
            continue
        said += ("零" if gap else "") + DIGITS[digit] + PLACES[place]
        gap = False
    return said
