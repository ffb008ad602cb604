"""Questions in Elasticsearch's words; the same in meaning as the embedded engine's."""

from collections.abc import Sequence
from math import log

from elasticsearch.dsl.function import FieldValueFactor
from elasticsearch.dsl.query import Bool, ConstantScore, FunctionScore, Fuzzy, Ids, MatchNone, MatchPhrase, Prefix, Query, Range, Term, Terms

from portal.search.engines.elasticsearch.mapping import FIELDS_OF_TERMS
from portal.search.question import Clause, Filters, Match, Near, Phrase, Question
from portal.search.question import Prefix as Beginning
from portal.search.question import Term as Word

# base.freshness: log2(2 + dated_at / 1e11), which is ln(2 + dated_at / 1e11) / ln(2).
FRESHNESS = FieldValueFactor(field="dated_at", factor=1e-11, modifier="ln2p", missing=0, weight=1 / log(2))


def query_of(question: Question, *, is_scored: bool) -> Query:
    """Everything that fits; by its score times its freshness, or without a score."""
    clauses = [_clause(clause) for clause in question.clauses]
    least = len(clauses) if question.least is None else question.least
    required = clauses if least >= len(clauses) else [Bool(should=clauses, minimum_should_match=least)]
    required += [_clause(clause) for clause in question.required]
    excluded = [_clause(clause) for clause in question.excluded]
    filters, barred = _filters(question.filters)
    if not is_scored:
        return Bool(filter=[*required, *filters], must_not=[*excluded, *barred])
    liked = [_match(match) for match in question.liked]
    query = Bool(must=required, should=liked, minimum_should_match=0, filter=filters, must_not=[*excluded, *barred])
    return FunctionScore(query=query, functions=[FRESHNESS], boost_mode="multiply")


def passages_of(entry_ids: Sequence[int], clauses: Sequence[Clause]) -> Query:
    """Passages of these entries in which at least one clause holds."""
    return Bool(
        filter=[Terms(entry=[str(pk) for pk in entry_ids])],
        should=[_clause(clause, is_passage=True) for clause in clauses],
        minimum_should_match=1,
    )


def _clause(clause: Clause, *, is_passage: bool = False) -> Query:
    if len(clause.any_of) == 1:
        return _match(clause.any_of[0], is_passage=is_passage)
    return Bool(should=[_match(match, is_passage=is_passage) for match in clause.any_of], minimum_should_match=1)


def _match(match: Match, *, is_passage: bool = False) -> Query:
    if is_passage and not isinstance(match, Phrase) and match.field not in FIELDS_OF_TERMS:
        return MatchNone()
    if isinstance(match, Word):
        if match.field == "names":
            return ConstantScore(filter=Term(match.field, {"value": match.value}), boost=match.weight)
        return Term(match.field, {"value": match.value, "boost": match.weight})
    query: Query
    if isinstance(match, Beginning):
        query = Prefix(match.field, {"value": match.value})
    elif isinstance(match, Near):
        query = Fuzzy(match.field, {"value": match.value, "fuzziness": "1", "transpositions": True, "rewrite": "constant_score"})
    elif len(match.values) > 1:
        query = MatchPhrase(single={"query": " ".join(match.values), "slop": 0})
    else:
        query = Term(single={"value": match.values[0]})
    return ConstantScore(filter=query, boost=match.weight)


def _filters(filters: Filters) -> tuple[list[Query], list[Query]]:
    """What must hold, and what must not."""
    # A token is kept with the level that it asks for, so that one look-up answers both.
    allowed = [f"{token}@{level}" for token in filters.tokens for level in range(filters.level + 1)]
    holds: list[Query] = [Terms(allow=allowed)]
    barred: list[Query] = [Range(ends_at={"lte": filters.now}), Terms(deny=list(filters.tokens))]
    for name, values in (("kind", filters.kinds), ("departments", filters.departments), ("author", filters.authors), ("file_type", filters.file_types)):
        if values:
            holds.append(Terms(name, [str(value) for value in values]))
    if filters.entries:
        holds.append(Ids(values=[str(pk) for pk in filters.entries]))
    period = {name: value for name, value in (("gte", filters.after), ("lt", filters.before)) if value is not None}
    if period:
        holds.append(Range(dated_at=period))
    if filters.without:
        barred.append(Terms(key=list(filters.without)))
    return holds, barred
