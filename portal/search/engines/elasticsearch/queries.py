"""Questions in Elasticsearch's words; the same in meaning as the embedded engine's."""

from collections.abc import Sequence
from math import log

from elasticsearch.dsl.function import FieldValueFactor
from elasticsearch.dsl.query import Bool, ConstantScore, FunctionScore, Fuzzy, Ids, MatchNone, MatchPhrase, Prefix, Query, Range, Term, Terms

from portal.search.engines.elasticsearch.mapping import FIELDS_OF_TERMS
from portal.search.question import Clause, Filters, Match, Near, Phrase, Question
from portal.search.question import Prefix as Beginning
from portal.search.question import Term as Word
from portal.search.weights import Rarities, is_weighed, rounded

# log2(2 + freshness) is ln(2 + freshness) / ln(2).
FRESHNESS = FieldValueFactor(field="freshness", modifier="ln2p", missing=0, weight=1 / log(2))


def query_of(question: Question) -> Query:
    """Everything that fits, without a score."""
    filters, barred = _filters(question.filters)
    return Bool(filter=[*_holding(question, None), *filters], must_not=[*_excluded(question), *barred])


def scored_query_of(question: Question, rarities: Rarities) -> Query:
    """Everything that fits, by the points of its words and the weights of its other matches, times its freshness."""
    filters, barred = _filters(question.filters)
    liked = [score for match in question.liked for score in _scores(match, rarities)]
    query = Bool(must=_holding(question, rarities), should=liked, minimum_should_match=0, filter=filters, must_not=[*_excluded(question), *barred])
    return FunctionScore(query=query, functions=[FRESHNESS], boost_mode="multiply")


def passages_of(entry_ids: Sequence[int], clauses: Sequence[Clause], rarities: Rarities) -> Query:
    """Passages of these entries in which at least one clause holds."""
    fitting = [_clause(clause, rarities, is_passage=True) for clause in clauses]
    return Bool(filter=[Terms(entry=[str(pk) for pk in entry_ids])], should=fitting, minimum_should_match=1)


def _holding(question: Question, rarities: Rarities | None) -> list[Query]:
    clauses = [_clause(clause, rarities) for clause in question.clauses]
    least = len(clauses) if question.least is None else question.least
    holding = clauses if least >= len(clauses) else [Bool(should=clauses, minimum_should_match=least)]
    return holding + [_clause(clause, rarities) for clause in question.required]


def _excluded(question: Question) -> list[Query]:
    return [_clause(clause, None) for clause in question.excluded]


def _clause(clause: Clause, rarities: Rarities | None, *, is_passage: bool = False) -> Query:
    """With rarities it scores."""
    matches = [query for match in clause.any_of for query in ([_match(match)] if rarities is None else _scores(match, rarities, is_passage=is_passage))]
    if not matches:
        return MatchNone()
    return matches[0] if len(matches) == 1 else Bool(should=matches, minimum_should_match=1)


def _scores(match: Match, rarities: Rarities, *, is_passage: bool = False) -> list[Query]:
    """What a match adds. Where a word stands one of its marks does, so they say besides whether it stands there; a passage has no names."""
    if is_passage and not isinstance(match, Phrase) and match.field not in FIELDS_OF_TERMS:
        return []
    if isinstance(match, Word) and is_weighed(match):
        every = rarities.points(match, is_passage=is_passage)
        return [ConstantScore(filter=Term(points.field, {"value": points.value}), boost=points.score) for points in every]
    return [ConstantScore(filter=_match(match), boost=rounded(match.weight))]


def _match(match: Match) -> Query:
    if isinstance(match, Word):
        return Term(match.field, {"value": match.value})
    if isinstance(match, Beginning):
        return Prefix(match.field, {"value": match.value})
    if isinstance(match, Near):
        return Fuzzy(match.field, {"value": match.value, "fuzziness": "1", "transpositions": True, "rewrite": "constant_score"})
    if len(match.values) > 1:
        return MatchPhrase(single={"query": " ".join(match.values), "slop": 0})
    return Term(single={"value": match.values[0]})


def _filters(filters: Filters) -> tuple[list[Query], list[Query]]:
    """What must hold, and what must not."""
    # A token is kept with the level that it asks for, so that one look-up answers both.
    allowed = [f"{token}@{level}" for token in filters.tokens for level in range(filters.level + 1)]
    in_audience = Bool(filter=[Terms(allow=allowed)], must_not=[Terms(deny=list(filters.tokens))])
    holds: list[Query] = [Bool(should=[in_audience, Terms(readers=allowed)], minimum_should_match=1)]
    barred: list[Query] = [Range(ends_at={"lte": filters.now})]
    named = {"kind": filters.kinds, "departments": filters.departments, "author": filters.authors, "file_type": filters.file_types, "place": filters.places}
    for name, values in named.items():
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
