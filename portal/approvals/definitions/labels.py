"""Words of a definition, in both languages."""

from collections.abc import Mapping
from typing import Any

from portal.approvals.errors import DefinitionError
from portal.foundation.language import is_chinese


def read_label(raw: Any, where: str) -> dict[str, str]:
    """`{"zh": …, "en": …}`; Chinese is what there must be."""
    if not isinstance(raw, Mapping) or not str(raw.get("zh", "")).strip():
        raise DefinitionError(f"{where} has no name in Chinese")
    return {"zh": str(raw["zh"]), "en": str(raw.get("en") or raw["zh"])}


def said(label: Mapping[str, str]) -> str:
    """In the reader's language."""
    return label.get("zh" if is_chinese() else "en") or label.get("zh", "")
