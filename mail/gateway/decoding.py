"""Reading raw mail (RFC 5322, MIME) in the limited process: several at once, for starting one costs more than reading. Imports nothing but Python.

What is beyond the caps is not parsed: its headers are shown as they are, and the raw mail is there.
"""

import json
import re
from collections.abc import Iterator
from email.message import Message
from email.parser import BytesParser
from email.policy import compat32
from typing import IO, Any

from mail.gateway.words import decode, header_text, mailbox, one_line, parameters

MOST_HEADER, MOST_HEADERS, MOST_PARTS, DEEPEST = 64_000, 256_000, 1_000, 30
LONGEST_TEXT, LONGEST_LINE, LONGEST_NAME, MOST_ADDRESSES = 1_000_000, 1_000, 200, 2_000
FIELD = re.compile(rb"([!-9;-~]+)[ \t]*:(.*)", re.DOTALL)
PARTS = re.compile(rb"^content-(?:type|disposition|transfer-encoding)[ \t]*:", re.IGNORECASE | re.MULTILINE)
IDS = re.compile(rb"<[!-~]{1,240}>")
REMOTE = re.compile(r"(?:src|background|srcset|data|poster)\s*=\s*[\"']?\s*(?:https?:)?//|url\(|@import|<(?:object|embed|svg|video|audio)\b", re.IGNORECASE)
STATUS = re.compile(r"\b([245]\.\d{1,3}\.\d{1,3})\b")
AUTOMATIC = re.compile(r"^(?:no-?reply|do-?not-?reply|mailer-daemon|postmaster|owner-.*|.*-request|.*-owner|bounce.*)@", re.IGNORECASE)


class Beyond(Exception):  # noqa: N818  # it is what is done with it
    """More headers, parts or levels than anybody writes."""


def read_all(payload: IO[bytes]) -> bytes:
    """Of mails that follow one another, each behind its length in eight bytes."""
    found = []
    while length := payload.read(8):
        found.append(read_mail(payload.read(int.from_bytes(length, "big"))))
    return json.dumps(found).encode()


def take_part(payload: IO[bytes], number: str) -> bytes:
    """The content of one file of a mail, as `parts` counts them."""
    wanted = int(number)
    for index, part in enumerate(_files(_parsed(payload.read()))):
        if index == wanted:
            return _as_file(part)
    raise ValueError("there is no such part")


def read_mail(raw: bytes) -> dict[str, Any]:
    """What is shown of it. Never fails: what cannot be read is shown as its headers (`note`)."""
    block = re.split(rb"\r?\n\r?\n", raw[: MOST_HEADERS + 4], maxsplit=1)[0]
    fields = _fields(block)
    found = _envelope(fields)
    try:
        message = _parsed(raw)
        found |= _content(message)
    except (Beyond, RecursionError):
        found["note"] = "capped"
    except Exception:  # whatever it is, the mail is there and says so
        found["note"] = "unread"
    if found["note"]:
        found["text"], found["parts"] = decode(block[: LONGEST_TEXT // 50]), []
    return found


def _fields(block: bytes) -> dict[str, list[bytes]]:
    fields: dict[str, list[bytes]] = {}
    for line in re.split(rb"\r?\n(?![ \t])", block):
        match = FIELD.match(line)
        if match:
            fields.setdefault(match[1].decode("latin-1").lower(), []).append(re.sub(rb"\r?\n[ \t]+", b" ", match[2])[:MOST_HEADER].strip())
    return fields


def _envelope(fields: dict[str, list[bytes]]) -> dict[str, Any]:
    def first(name: str) -> bytes:
        return fields.get(name, [b""])[0]

    name, address = mailbox(first("from"))
    automatic = header_text(first("auto-submitted")).lower().partition(";")[0].strip()
    is_automatic = (
        automatic not in ("", "no")
        or any(field.startswith("list-") for field in fields)
        or header_text(first("precedence")).lower() in ("bulk", "list", "junk")
        or "x-auto-response-suppress" in fields
        or bool(AUTOMATIC.match(address))
    )
    return {
        "subject": header_text(first("subject")),
        "name": name[:LONGEST_NAME],
        "address": address[:254],
        "reply_to": mailbox(first("reply-to"))[1][:254],
        "to": header_text(b", ".join(fields.get("to", [])))[:LONGEST_LINE],
        "cc": header_text(b", ".join(fields.get("cc", [])))[:LONGEST_LINE],
        "addressed": " ".join(
            re.findall(r"[^\s<>,;:\"()]+@[^\s<>,;:\"()]+", decode(b" ".join(fields.get("to", []) + fields.get("cc", []))))[:MOST_ADDRESSES]
        ).lower(),
        "message_id": (IDS.findall(first("message-id")) or [b""])[0].decode("ascii"),
        "answers": [one.decode("ascii") for one in [*IDS.findall(first("in-reply-to"))[:5], *reversed(IDS.findall(first("references"))[-20:])]],
        "date": header_text(first("date"))[:100],
        "is_automatic": is_automatic,
        "text": "",
        "html": "",
        "has_remote": False,
        "parts": [],
        "status": "",
        "note": "",
    }


def _parsed(raw: bytes) -> Message:
    head = re.split(rb"\r?\n\r?\n", raw, maxsplit=1)[0]
    if len(head) > MOST_HEADERS or any(len(line) > MOST_HEADER for line in re.split(rb"\r?\n(?![ \t])", head)):
        raise Beyond
    if sum(1 for _found in PARTS.finditer(raw)) > 3 * MOST_PARTS:
        raise Beyond
    message = BytesParser(policy=compat32).parsebytes(raw)
    if sum(1 for _part in _leaves(message, 0)) > MOST_PARTS:
        raise Beyond
    return message


def _leaves(part: Message, depth: int) -> Iterator[Message]:
    if depth > DEEPEST:
        raise Beyond
    if part.is_multipart() and part.get_content_maintype() != "message":
        for child in _children(part):
            yield from _leaves(child, depth + 1)
    else:
        yield part


def _content(message: Message) -> dict[str, Any]:
    """Text, HTML and files. Of alternatives the last that is HTML or text is shown."""
    texts: list[tuple[str, str]] = []
    for part in _shown(message, 0):
        kind = "html" if part.get_content_subtype() == "html" else "text"
        texts.append((kind, decode(_bytes(part), parameters(_header(part, "content-type")).get("charset", ""))))
    is_html = any(kind == "html" for kind, _text in texts)
    html = "".join(text if kind == "html" else f"<pre>{_escaped(text)}</pre>" for kind, text in texts) if is_html else ""
    text = "\n\n".join(text for kind, text in texts if kind == "text") if not is_html else ""
    note = "long" if len(html) > LONGEST_TEXT or len(text) > LONGEST_TEXT else ""
    if note and html:
        text, html = re.sub(r"<[^>]{0,2000}>", " ", html[: 2 * LONGEST_TEXT]), ""
    parts = [
        {"number": number, "name": _name(part, number), "media_type": part.get_content_type()[:100], "size": len(_as_file(part))}
        for number, part in enumerate(_files(message))
    ]
    return {"html": html, "text": text[:LONGEST_TEXT], "has_remote": bool(REMOTE.search(html)), "parts": parts, "status": _status(message), "note": ""} | (
        {"cut": True} if note else {}
    )


def _escaped(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;")


def _is_file(part: Message) -> bool:
    disposition = _header(part, "content-disposition")
    named = parameters(disposition).get("filename") or parameters(_header(part, "content-type")).get("name")
    return (
        part.get_content_maintype() != "text"
        or bool(named)
        or disposition.lower().startswith(b"attachment")
        or part.get_content_subtype() not in ("plain", "html")
    )


def _shown(part: Message, depth: int) -> Iterator[Message]:
    if depth > DEEPEST:
        raise Beyond
    if not part.is_multipart() or part.get_content_maintype() == "message":
        if not _is_file(part):
            yield part
        return
    children = _children(part)
    if part.get_content_subtype() == "alternative":
        readable = [child for child in children if any(True for _leaf in _shown(child, depth + 1))]
        best = [child for child in readable if any(leaf.get_content_subtype() == "html" for leaf in _shown(child, depth + 1))] or readable
        children = best[-1:]
    for child in children:
        yield from _shown(child, depth + 1)


def _files(message: Message) -> Iterator[Message]:
    """In their order; an attached mail is one."""
    return (part for part in _leaves(message, 0) if _is_file(part))


def _name(part: Message, number: int) -> str:
    named = parameters(_header(part, "content-disposition")).get("filename") or parameters(_header(part, "content-type")).get("name") or ""
    if not named and part.get_content_maintype() == "message":
        named = f"{number + 1}.eml" if part.get_content_subtype() == "rfc822" else f"{number + 1}.txt"
    return re.sub(r"[/\\:*?\"<>|]", "_", one_line(named))[-LONGEST_NAME:].strip(". ") or f"{number + 1}.bin"


def _as_file(part: Message) -> bytes:
    if part.get_content_maintype() == "message" and part.is_multipart():
        return b"\r\n".join(child.as_bytes() for child in _children(part))
    return _bytes(part)


def _bytes(part: Message) -> bytes:
    try:
        content = part.get_payload(decode=True)
    except (ValueError, LookupError, AssertionError):
        content = None
    if isinstance(content, bytes):
        return content
    payload = part.get_payload()
    return payload.encode("utf-8", "surrogateescape") if isinstance(payload, str) else b""


def _children(part: Message) -> list[Message]:
    payload = part.get_payload()
    return [child for child in payload if isinstance(child, Message)] if isinstance(payload, list) else []


def _header(part: Message, name: str) -> bytes:
    for field, value in part._headers:  # type: ignore[attr-defined]  # as bytes: what the accessors make of 8 bit is not what was sent
        if field.lower() == name:
            return re.sub(rb"\r?\n[ \t]+", b" ", str(value).encode("utf-8", "surrogateescape"))[:MOST_HEADER]
    return b""


def _status(message: Message) -> str:
    """The code of a report of delivery (RFC 3464), or one that stands in the first words of a bounce without that form."""
    for part in _leaves(message, 0):
        if part.get_content_type() == "message/delivery-status":
            found = STATUS.findall(decode(_as_file(part)))
            return next((code for code in found if code[0] in "54"), found[0] if found else "")
    for part in _shown(message, 0):
        if found := STATUS.findall(decode(_bytes(part)[:5000])):
            return next((code for code in found if code[0] in "54"), "")
    return ""
