"""Questions as tantivy asks them."""

import re
from collections.abc import Sequence
from functools import lru_cache

from tantivy import FieldType, Occur, Query, Schema

from portal.search.engines.embedded.documents import ENTRIES, FIELDS_OF_TERMS, PASSAGES
from portal.search.question import Clause, Filters, Match, Near, Phrase, Prefix, Question, Term
from portal.search.weights import Rarities, is_weighed, rounded


def query_of(question: Question) -> Query:
    """Everything that fits, without a score."""
    return Query.boolean_query([(Occur.Must, _filter(question.filters)), *_holding(question, None)])


def scored_query_of(question: Question, rarities: Rarities) -> Query:
    """Everything that fits, by the points of its words and the weights of its other matches."""
    liked = [(Occur.Should, score) for match in question.liked for score in _scores(ENTRIES, match, rarities)]
    return Query.boolean_query([(Occur.Must, Query.const_score_query(_filter(question.filters), 0.0)), *_holding(question, rarities), *liked])


def passages_query_of(entry_ids: Sequence[int], clauses: Sequence[Clause], rarities: Rarities) -> Query:
    """Passages of these entries in which at least one clause holds."""
    among = Query.const_score_query(Query.term_set_query(PASSAGES, "entry", list(entry_ids)), 0.0)
    fitting = Query.boolean_query([(Occur.Should, _clause(PASSAGES, clause, rarities)) for clause in clauses], 1)
    return Query.boolean_query([(Occur.Must, among), (Occur.Must, fitting)])


def _holding(question: Question, rarities: Rarities | None) -> list[tuple[Occur, Query]]:
    """What must hold and what must not."""
    clauses = [_clause(ENTRIES, clause, rarities) for clause in question.clauses]
    parts = [(Occur.Must, clause) for clause in clauses]
    if question.least is not None and question.least < len(clauses):
        parts = [(Occur.Must, Query.boolean_query([(Occur.Should, clause) for clause in clauses], question.least))]
    parts += [(Occur.Must, _clause(ENTRIES, clause, rarities)) for clause in question.required]
    return parts + [(Occur.MustNot, _clause(ENTRIES, clause, None)) for clause in question.excluded]


def _clause(schema: Schema, clause: Clause, rarities: Rarities | None) -> Query:
    """With rarities it scores."""
    matches = [query for match in clause.any_of for query in ([_match(schema, match)] if rarities is None else _scores(schema, match, rarities))]
    if not matches:
        return Query.empty_query()
    return matches[0] if len(matches) == 1 else Query.boolean_query([(Occur.Should, match) for match in matches], 1)


def _scores(schema: Schema, match: Match, rarities: Rarities) -> list[Query]:
    """What a match adds. Where a word stands one of its marks does, so they say besides whether it stands there; a passage has no names."""
    if schema is PASSAGES and not isinstance(match, Phrase) and match.field not in FIELDS_OF_TERMS:
        return []
    if isinstance(match, Term) and is_weighed(match):
        every = rarities.points(match, is_passage=schema is PASSAGES)
        return [Query.const_score_query(Query.term_query(schema, points.field, points.value), points.score) for points in every]
    return [Query.const_score_query(_match(schema, match), rounded(match.weight))]


def _match(schema: Schema, match: Match) -> Query:
    if isinstance(match, Term):
        return Query.term_query(schema, match.field, match.value)
    if isinstance(match, Prefix):
        return _beginning(schema is PASSAGES, match.field, match.value)
    if isinstance(match, Near):
        return Query.fuzzy_term_query(schema, match.field, match.value, distance=1)
    if len(match.values) > 1:
        return Query.phrase_query(schema, "single", list(match.values))
    return Query.term_query(schema, "single", match.values[0])


@lru_cache(maxsize=512)
def _beginning(is_passage: bool, field: str, value: str) -> Query:
    """Kept, for an expression takes half a millisecond to be made and each question asks it twice; one of letters alone a tenth of that."""
    return Query.regex_query(PASSAGES if is_passage else ENTRIES, field, f"{re.escape(value)}{'[a-z]*' if field == 'spelled' else '.*'}")


def _filter(filters: Filters) -> Query:
    # A token is kept with the level that it asks for, so that one look-up answers both; little has ended, so it is left out rather than the rest taken.
    allowed = [f"{token}@{level}" for token in filters.tokens for level in range(filters.level + 1)]
    denied = Query.term_set_query(ENTRIES, "deny", list(filters.tokens))
    in_audience = Query.boolean_query([(Occur.Must, Query.term_set_query(ENTRIES, "allow", allowed)), (Occur.MustNot, denied)])
    takes_part = Query.term_set_query(ENTRIES, "readers", allowed)
    parts = [
        (Occur.Must, Query.boolean_query([(Occur.Should, in_audience), (Occur.Should, takes_part)], 1)),
        (Occur.MustNot, Query.range_query(ENTRIES, "ends_at", FieldType.Unsigned, 0, filters.now)),
    ]
    named = {"kind": filters.kinds, "departments": filters.departments, "author": filters.authors, "file_type": filters.file_types, "place": filters.places}
    for name, values in named.items():
        if values:
            parts.append((Occur.Must, Query.term_set_query(ENTRIES, name, list(values))))
    if filters.entries:
        parts.append((Occur.Must, Query.term_set_query(ENTRIES, "id", list(filters.entries))))
    if filters.after is not None or filters.before is not None:
        before = filters.before
        parts.append((Occur.Must, Query.range_query(ENTRIES, "dated_at", FieldType.Unsigned, filters.after or 0, before, include_upper=before is None)))
    if filters.without:
        parts.append((Occur.MustNot, Query.term_set_query(ENTRIES, "key", list(filters.without))))
    return Query.boolean_query(parts)
