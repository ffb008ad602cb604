"""Questions as tantivy asks them."""

import re

from tantivy import FieldType, Occur, Query, Schema

from portal.search.engines.embedded.documents import ENTRIES, FIELDS_OF_TERMS, PASSAGES
from portal.search.question import Clause, Filters, Match, Near, Phrase, Prefix, Question, Term


def query_of(question: Question) -> Query:
    parts = [(Occur.Must, Query.const_score_query(_filter(question.filters), 0.0))]
    clauses = [clause_query(ENTRIES, clause) for clause in question.clauses]
    if clauses:
        if question.least is None or question.least >= len(clauses):
            parts += [(Occur.Must, clause) for clause in clauses]
        else:
            parts.append((Occur.Must, Query.boolean_query([(Occur.Should, clause) for clause in clauses], question.least)))
    parts += [(Occur.Must, clause_query(ENTRIES, clause)) for clause in question.required]
    parts += [(Occur.Should, _match(ENTRIES, match)) for match in question.liked]
    parts += [(Occur.MustNot, clause_query(ENTRIES, clause)) for clause in question.excluded]
    return Query.boolean_query(parts)


def clause_query(schema: Schema, clause: Clause) -> Query:
    if len(clause.any_of) == 1:
        return _match(schema, clause.any_of[0])
    return Query.boolean_query([(Occur.Should, _match(schema, match)) for match in clause.any_of], 1)


def _match(schema: Schema, match: Match) -> Query:
    if schema is PASSAGES and not isinstance(match, Phrase) and match.field not in FIELDS_OF_TERMS:
        return Query.empty_query()
    if isinstance(match, Term):
        term = Query.term_query(schema, match.field, match.value)
        if match.field == "names":
            return Query.const_score_query(term, match.weight)
        return term if match.weight == 1.0 else Query.boost_query(term, match.weight)
    if isinstance(match, Prefix):
        query = Query.regex_query(schema, match.field, f"{re.escape(match.value)}.*")
    elif isinstance(match, Near):
        query = Query.fuzzy_term_query(schema, match.field, match.value, distance=1)
    elif len(match.values) > 1:
        query = Query.phrase_query(schema, "single", list(match.values))
    else:
        query = Query.term_query(schema, "single", match.values[0])
    return Query.const_score_query(query, match.weight)


def _filter(filters: Filters) -> Query:
    # A token is kept with the level that it asks for, so that one look-up answers both; little has ended, so it is left out rather than the rest taken.
    allowed = [f"{token}@{level}" for token in filters.tokens for level in range(filters.level + 1)]
    parts = [
        (Occur.Must, Query.term_set_query(ENTRIES, "allow", allowed)),
        (Occur.MustNot, Query.range_query(ENTRIES, "ends_at", FieldType.Unsigned, 0, filters.now)),
        (Occur.MustNot, Query.term_set_query(ENTRIES, "deny", list(filters.tokens))),
    ]
    for name, values in (("kind", filters.kinds), ("departments", filters.departments), ("author", filters.authors), ("file_type", filters.file_types)):
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
