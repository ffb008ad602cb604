"""Words of headers as people read them (RFC 2047, RFC 2231), from bytes that nobody vouches for. Imports nothing but Python: it runs in the limited process."""

import base64
import binascii
import codecs
import quopri
import re

WORD = re.compile(rb"=\?([^?\s]{1,60})\?([bBqQ])\?([^?\s]*)\?=")
BETWEEN = re.compile(rb"[ \t\r\n]*")
PARAMETER = re.compile(rb';\s*([^=;\s"]{1,60})\s*=\s*("(?:[^"\\]|\\.)*"|[^;]*)')
CONTROLS = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069\ufeff]")
CHINESE = {"gb2312", "gb_2312-80", "gbk", "x-gbk", "cp936", "ms936", "gb18030", "euc-cn", "eucgb2312_cn", "windows-936"}
MOST_PARAMETERS = 100
ANGLED = re.compile(rb"<([^<>]*)>[^<>]*$")
ADDRESS = re.compile(r"[^\s@<>,;:\"()\[\]\\]{1,64}@[^\s@<>,;:\"()\\]{1,189}")


def decode(content: bytes, charset: str = "") -> str:
    """Never fails. GB2312 and its kin are read as GB18030, which has them all; what names no charset is UTF-8 where it can be, else GB18030."""
    name = charset.strip().strip("\"'").lower()
    if name in CHINESE:
        name = "gb18030"
    if name and name not in ("us-ascii", "ascii", "utf-8", "utf8", "unknown-8bit", "x-unknown"):
        try:
            if codecs.lookup(name)._is_text_encoding:
                return content.decode(name, "replace")
        except (LookupError, ValueError):
            pass
    for guess in ("utf-8", "gb18030"):
        try:
            return content.decode(guess)
        except UnicodeDecodeError:
            pass
    return content.decode("utf-8" if name.startswith("utf") else "gb18030", "replace")


def header_text(value: bytes) -> str:
    """One line. Encoded words that stand beside one another in one charset are joined before they are decoded: mailers split inside a character."""
    pieces: list[tuple[str, bytes]] = []  # a charset, "" for what is not encoded, and its bytes
    at = 0
    for match in WORD.finditer(value):
        between = value[at : match.start()]
        charset = match[1].decode("latin-1").partition("*")[0].lower()
        if between and not (pieces and pieces[-1][0] and BETWEEN.fullmatch(between)):
            pieces.append(("", between))
        content = _word(match[2], match[3])
        if pieces and pieces[-1][0] == charset:
            pieces[-1] = (charset, pieces[-1][1] + content)
        else:
            pieces.append((charset, content))
        at = match.end()
    if rest := value[at:]:
        pieces.append(("", rest))
    return one_line("".join(decode(content, charset) for charset, content in pieces))


def one_line(text: str) -> str:
    """Without line ends and other controls, those that turn the direction of writing included."""
    return " ".join(CONTROLS.sub(" ", text).split())


def _word(encoding: bytes, content: bytes) -> bytes:
    if encoding in b"qQ":
        return quopri.decodestring(content.replace(b"_", b" "), header=False)
    try:
        return base64.b64decode(content + b"=" * (-len(content) % 4))
    except (binascii.Error, ValueError):
        return content


def mailbox(value: bytes) -> tuple[str, str]:
    """Name and address of a From. Of several angles the last is the address, so that no name passes for one."""
    angled = ANGLED.search(value)
    if angled:
        address, name = angled[1], value[: angled.start()]
    else:
        address, name = value.partition(b"(")[0], b""
    found = ADDRESS.search(one_line(decode(address)))
    return header_text(name.strip().strip(b'"')).strip("\"' "), found[0].lower() if found else ""


def parameters(value: bytes) -> dict[str, str]:
    """Of a Content-Type or Content-Disposition, the first hundred: pieces (`filename*0*`) joined as bytes, then decoded."""
    plain: dict[str, bytes] = {}
    pieces: dict[str, dict[int, bytes]] = {}
    charsets: dict[str, str] = {}
    for number, match in enumerate(PARAMETER.finditer(value)):
        if number >= MOST_PARAMETERS:
            break
        name, content = match[1].decode("latin-1").lower(), match[2].strip()
        if content.startswith(b'"'):
            content = re.sub(rb"\\(.)", rb"\1", content[1:-1])
        base, star, index = name.partition("*")
        if not star:
            plain.setdefault(base, content)
            continue
        is_encoded = name.endswith("*")
        place = index.rstrip("*")
        order = int(place) if place.isascii() and place.isdecimal() and len(place) < 4 else 0
        if is_encoded:
            if order == 0 and content.count(b"'") >= 2:
                charset, _language, content = content.split(b"'", 2)
                charsets[base] = charset.decode("latin-1")
            content = _percents(content)
        pieces.setdefault(base, {})[order] = content
    found = {name: header_text(content) for name, content in plain.items()}
    for name, several in pieces.items():
        found[name] = one_line(decode(b"".join(several[order] for order in sorted(several)), charsets.get(name, "")))
    return found


def _percents(content: bytes) -> bytes:
    return re.sub(rb"%([0-9a-fA-F]{2})", lambda match: bytes([int(match[1], 16)]), content)
