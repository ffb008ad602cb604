"""What the two indexes hold: terms as words with spaces between, which every server can cut. Nothing is kept but what is asked for; the feed has the rest."""

from typing import Any

from elasticsearch.dsl import Mapping

# Counted up with every change of what is written: an index of another format counts as missing.
FORMAT = 7
# The document whose version is the cursor.
CURSOR = "cursor"
FIELDS_OF_TERMS = {"pairs": "docs", "single": "positions", "loose": "docs"}


def _text(index_options: str) -> dict[str, Any]:
    return {"analyzer": "whitespace", "index_options": index_options, "norms": False}


def _entries() -> Mapping:
    mapping = Mapping()
    for name in ("id", "version", "newest", "dated_at", "ends_at"):
        mapping.field(name, "long")
    mapping.field("freshness", "double")
    for name in ("kind", "file_type", "department", "author", "year"):
        mapping.field(name, "keyword")
    for name in ("key", "place", "allow", "deny", "readers", "departments"):
        mapping.field(name, "keyword", doc_values=False)
    for name in ("title", "names", "whole", "heads", "spelled", "open", "weights"):
        mapping.field(name, "text", **_text("docs"))
    for name, options in FIELDS_OF_TERMS.items():
        mapping.field(name, "text", **_text(options))
    return mapping


def _passages() -> Mapping:
    mapping = Mapping()
    mapping.field("id", "long")
    mapping.field("entry", "keyword")
    for name, options in FIELDS_OF_TERMS.items():
        mapping.field(name, "text", **_text(options))
    return mapping


def _strict(mapping: Mapping) -> dict[str, Any]:
    mapping.meta("dynamic", "strict")
    mapping.meta("_source", enabled=False)
    return dict(mapping.to_dict())


ENTRIES, PASSAGES = _strict(_entries()), _strict(_passages())
