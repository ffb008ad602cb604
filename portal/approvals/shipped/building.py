"""Short ways to write the definition of a kind."""

from typing import Any

Raw = dict[str, Any]

DIRECTOR: Raw = {"by": "requester_head", "levels": 9}
OWN_HEAD: Raw = {"by": "requester_head", "whole": True}
LEADER: Raw = {"by": "covering_duty"}


def words(zh: str, en: str) -> Raw:
    return {"zh": zh, "en": en}


def field(key: str, kind: str, zh: str, en: str, **more: Any) -> Raw:
    return {"key": key, "type": kind, "label": words(zh, en)} | more


def needed(key: str, kind: str, zh: str, en: str, **more: Any) -> Raw:
    return field(key, kind, zh, en, required=True, **more)


def choice(key: str, zh: str, en: str, *several: tuple[str, str, str], **more: Any) -> Raw:
    return field(key, "choice", zh, en, choices=[{"value": value, "label": words(*label)} for value, *label in several], **more)


def title(zh: str = "标题", en: str = "Title") -> Raw:
    return field("title", "text", zh, en, role="title", required=True, longest=120)


def period() -> Raw:
    return needed("period", "month", "月份", "Month", role="period")


def ending() -> list[Raw]:
    """A note and files, at the foot of every form."""
    return [field("note", "long_text", "说明", "Note", longest=2000), field("files", "files", "附件", "Files", binding=True)]


def check(at: str, test: str, zh: str, en: str) -> Raw:
    return {"at": at, "test": test, "says": words(zh, en)}


def head_of(code: str) -> Raw:
    return {"by": "department_head", "department": code}


def post(position: str, code: str) -> Raw:
    return {"by": "position", "position": position, "department": code}


def step(key: str, zh: str, en: str, *approvers: Raw, days: int = 2, mode: str = "any", **more: Any) -> Raw:
    return {"key": key, "type": "approve", "label": words(zh, en), "groups": [{"mode": mode, "approvers": list(approvers)}], "due": {"days": days}} | more


def tell(key: str, *approvers: Raw) -> Raw:
    """抄送."""
    return {"key": key, "type": "tell", "label": words("抄送", "Told"), "groups": [{"approvers": list(approvers)}]}


def fill(key: str, zh: str, en: str, approver: Raw, writes: dict[str, bool], **more: Any) -> Raw:
    return step(key, zh, en, approver, type="fill", writes=writes, **more)


def where(*alternatives: tuple[str, str, str], then: list[Raw], otherwise: list[Raw] | None = None) -> Raw:
    """Where one of these holds: (field, operator, value)."""
    when = [[{"field": name, "op": op, "value": value}] for name, op, value in alternatives]
    return {"type": "choose", "cases": [{"when": when, "steps": then}], "otherwise": otherwise or []}


def lines(columns: list[Raw], **more: Any) -> Raw:
    return {"key": "lines", "label": words("明细", "Lines"), "columns": columns} | more


def kind(code: str, name: str, name_en: str, prefix: str, note: str, note_en: str, icon: str, order: int, begun_by: tuple[str, ...] = ()) -> Raw:
    named = {"code": code, "name": name, "name_en": name_en, "number_prefix": prefix, "note": note, "note_en": note_en, "icon": icon}
    return named | {"numbered_at": "submission", "order": order, "begun_by": list(begun_by)}
