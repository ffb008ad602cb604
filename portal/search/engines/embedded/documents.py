"""What the index keeps of an entry: schemas, and documents written and removed."""

from collections.abc import Iterator
from contextlib import contextmanager

import tantivy
from tantivy import Document, Query, Schema, SchemaBuilder

from portal.search.engines.base import Change, ChangeRefusedError, freshness, newest
from portal.search.question import Gone, IndexedEntry, IndexedPassage
from portal.search.weights import marks_of, open_terms

FIELDS_OF_TERMS = {"pairs": "basic", "single": "position", "loose": "basic"}
CURSOR = "cursor"


def _entry_schema() -> Schema:
    builder = SchemaBuilder()
    for name in ("id", "department", "author", "year", "dated_at", "ends_at", "departments"):
        builder.add_unsigned_field(name, indexed=True, fast=name != "departments")
    for name in ("version", CURSOR, "newest"):
        builder.add_unsigned_field(name, fast=True)
    builder.add_float_field("freshness", fast=True)
    for name in ("kind", "file_type"):
        builder.add_text_field(name, tokenizer_name="raw", index_option="basic", fast=True)
    for name in ("key", "mark", "place"):
        builder.add_text_field(name, tokenizer_name="raw", index_option="basic")
    for name in ("allow", "deny", "names", "title", "whole", "heads", "spelled", "open", "weights", "readers"):
        builder.add_text_field(name, tokenizer_name="whitespace", index_option="basic")
    for name, option in FIELDS_OF_TERMS.items():
        builder.add_text_field(name, tokenizer_name="whitespace", index_option=option)
    return builder.build()


def _passage_schema() -> Schema:
    builder = SchemaBuilder()
    for name in ("id", "entry"):
        builder.add_unsigned_field(name, indexed=True, fast=True)
    for name, option in FIELDS_OF_TERMS.items():
        builder.add_text_field(name, tokenizer_name="whitespace", index_option=option)
    return builder.build()


ENTRIES, PASSAGES = _entry_schema(), _passage_schema()


def remove(writer: tantivy.IndexWriter, schema: Schema, ids: list[int]) -> None:
    """Entries, or their passages. By a query: a term of a number is taken for one with a sign, and matches nothing."""
    if ids:
        writer.delete_documents_by_query(Query.term_set_query(schema, "entry" if schema is PASSAGES else "id", ids))


def entry_documents(change: Change) -> list[Document]:
    """The document of an entry, none of one that is gone. Raises ChangeRefusedError for a value that the index cannot hold."""
    if isinstance(change, Gone):
        return []
    document = Document()
    with _refusals(change):
        for name in ("id", "version", "department", "author", "year", "dated_at", "ends_at"):
            document.add_unsigned(name, getattr(change, name))
        document.add_unsigned("newest", newest(change))
        document.add_float("freshness", freshness(change))
        for department in change.departments:
            document.add_unsigned("departments", department)
        for name in ("kind", "file_type", "key", "place"):
            document.add_text(name, getattr(change, name))
        for name in ("deny", "names", "title", "whole", "heads", "spelled"):
            document.add_text(name, " ".join(getattr(change, name)))
        document.add_text("allow", " ".join(f"{token}@{change.level}" for token in change.allow))
        document.add_text("readers", " ".join(f"{token}@{change.readers_level}" for token in change.readers))
        document.add_text("open", " ".join(open_terms(change)))
        document.add_text("weights", " ".join(marks_of(change)))
        _add_terms(document, change)
    return [document]


def passage_documents(change: Change) -> list[Document]:
    """Those of its passages."""
    return [] if isinstance(change, Gone) else [_passage_document(change, passage) for passage in change.passages]


def _passage_document(change: IndexedEntry, passage: IndexedPassage) -> Document:
    document = Document()
    with _refusals(change):
        document.add_unsigned("id", passage.id)
        document.add_unsigned("entry", change.id)
        _add_terms(document, passage)
    return document


@contextmanager
def _refusals(change: IndexedEntry) -> Iterator[None]:
    try:
        yield
    except (ValueError, TypeError, OverflowError) as error:
        raise ChangeRefusedError(f"entry {change.id}: {error}") from error


def _add_terms(document: Document, terms: IndexedEntry | IndexedPassage) -> None:
    """Only the places of single characters and words are asked for; of the rest, whether it is there."""
    document.add_text("pairs", " ".join(dict.fromkeys(terms.pairs)))
    document.add_text("single", " ".join(terms.single))
    document.add_text("loose", " ".join(dict.fromkeys(terms.loose)))


def marked() -> Query:
    return Query.term_query(ENTRIES, "mark", CURSOR)


def mark(writer: tantivy.IndexWriter, cursor: int) -> None:
    """The cursor is a document of the index, so that it is committed with what it speaks of."""
    writer.delete_documents_by_term("mark", CURSOR)
    document = Document()
    document.add_text("mark", CURSOR)
    document.add_unsigned(CURSOR, cursor)
    writer.add_document(document)
