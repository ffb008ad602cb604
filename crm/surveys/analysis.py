"""What was answered, counted by the database: one statement for what was chosen, one for the middles, one for the spread of numbers.

Shares are of those who were asked the question; questions that stayed what they are through versions count as one. Of an anonymous survey nothing is
shown of fewer than FEWEST, nor what would follow for so few from the rest; while it runs, today's answers are not counted yet, so that nobody is
recognized by the moment at which a figure changed.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.db import connection
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from crm.customers.models import Customer
from crm.surveys.models import Answer, Question, Response, Survey
from portal.organization.querysets import today

FEWEST = 5
BINS = 8
Kind = Question.Kind
ALL = ""
COUNTED = """
    WITH counted AS (
        SELECT response.id, {cut} AS cut FROM surveys_response response {join}
        WHERE response.survey_id = %(survey)s AND response.is_counted {where}
    )
"""
CHOSEN = """
    SELECT answer.question, CASE WHEN answer.is_blank THEN '' ELSE answer.option END, counted.cut, count(*), count(*) FILTER (WHERE answer.place = 0),
        count(*) FILTER (WHERE answer.place = 0 AND NOT answer.is_blank), avg(answer.number), count(*) FILTER (WHERE answer.number = 1)
    FROM surveys_answer answer JOIN counted ON counted.id = answer.response_id WHERE answer.survey_id = %(survey)s GROUP BY 1, 2, 3
"""
MIDDLES = """
    SELECT answer.question, counted.cut, avg(answer.number), percentile_cont(0.5) WITHIN GROUP (ORDER BY answer.number), min(answer.number), max(answer.number)
    FROM surveys_answer answer JOIN counted ON counted.id = answer.response_id
    WHERE answer.survey_id = %(survey)s AND answer.question = ANY(%(numbers)s) AND answer.number IS NOT NULL GROUP BY 1, 2
"""
SPREAD = """
    SELECT answer.question, least(width_bucket(answer.number, bound.low, bound.high, %(bins)s), %(bins)s), count(*)
    FROM surveys_answer answer JOIN counted ON counted.id = answer.response_id
        JOIN unnest(%(keys)s::varchar[], %(lows)s::numeric[], %(highs)s::numeric[]) AS bound (question, low, high) ON bound.question = answer.question
    WHERE answer.survey_id = %(survey)s AND answer.number IS NOT NULL GROUP BY 1, 2
"""


@dataclass(frozen=True, slots=True)
class Part:
    """What was chosen how often, and what share that is of those who were asked, in percent."""

    key: str
    label: str
    count: int
    share: float
    mean_rank: float | None = None
    firsts: int = 0


@dataclass(slots=True)
class Figures:
    """Of one question, for all or for one part of a cut."""

    asked: int = 0
    answered: int = 0
    counts: dict[str, int] = field(default_factory=dict)
    ranks: dict[str, tuple[float, int]] = field(default_factory=dict)
    mean: float | None = None
    median: float | None = None
    least: float | None = None
    most: float | None = None
    is_hidden: bool = False


@dataclass(slots=True)
class Asked:
    """A question through its versions, as the newest of them has it."""

    question: Question
    number: int
    versions: list[int]
    differs: list[str]
    whole: Figures
    cuts: list[tuple[str, Figures]]
    spread: list[tuple[str, int]]

    def parts(self, figures: Figures) -> list[Part]:
        return [self._part(figures, key, str(label)) for key, label in self.labels(figures)]

    def labels(self, figures: Figures) -> list[tuple[str, Any]]:
        """The options in their order; behind them those of earlier versions that were chosen, and days as they come."""
        if self.question.kind == Kind.DAY:
            return [(key, key) for key in sorted(figures.counts)]
        known = list(self.question.choices)
        return known + [(key, key) for key in figures.counts if key not in dict(known)]

    def _part(self, figures: Figures, key: str, label: str) -> Part:
        count = figures.counts.get(key, 0)
        mean, firsts = figures.ranks.get(key, (None, 0))
        return Part(key, label, count, round(100 * count / figures.asked, 1) if figures.asked else 0.0, mean, firsts)


@dataclass(slots=True)
class Analysis:
    survey: Survey
    responses: int
    questions: list[Asked]
    is_hidden: bool
    through: date | None


def analyse(survey: Survey, *, version: int = 0, cut: str = "") -> Analysis:
    """`version` alone; `cut` by another closed question (its key), or by `customer`, the kind of customer."""
    versions = _questions_by_version(survey)
    through = _through(survey)
    number = _responses(survey, version, through)
    hidden = survey.is_anonymous and (number < FEWEST or _betrays_versions(survey, version, through))
    if hidden:
        return Analysis(survey, number if not version else 0, [], is_hidden=True, through=through)
    query = _Query(survey, version, cut, through, versions)
    figures = query.figures()
    asked = [query.asked(rows, figures) for rows in _merged(versions, version)]
    return Analysis(survey, number, asked, is_hidden=False, through=through)


def _through(survey: Survey) -> date | None:
    """Up to which day is counted: not today's, where nobody may be recognized by the moment."""
    return today() if survey.is_anonymous and survey.state == Survey.State.RUNNING else None


def counted(survey: Survey, version: int = 0) -> QuerySet[Response]:
    """What the figures are of."""
    rows = Response.objects.filter(survey=survey, is_counted=True)
    through = _through(survey)
    if through is not None:
        rows = rows.filter(day__lt=through)
    return rows.filter(version__number=version) if version else rows


def _responses(survey: Survey, version: int, through: date | None) -> int:
    return counted(survey, version).count()


def _betrays_versions(survey: Survey, version: int, through: date | None) -> bool:
    """Would the others than this version be so few that they follow from the whole?"""
    if not version:
        return False
    return 0 < counted(survey).count() - counted(survey, version).count() < FEWEST


def _questions_by_version(survey: Survey) -> dict[int, list[Question]]:
    rows = Question.objects.filter(version__survey=survey, version__published_at__isnull=False).select_related("version").order_by("version__number", "place")
    found: dict[int, list[Question]] = {}
    for one in rows:
        found.setdefault(one.version.number, []).append(one)
    return found


def _merged(versions: Mapping[int, list[Question]], version: int) -> list[list[Question]]:
    """Each question through the versions that are counted, oldest first; in the order of the newest, and behind them what it has no more."""
    kept = {number: rows for number, rows in versions.items() if not version or number == version}
    order: dict[str, list[Question]] = {}
    for number in sorted(kept, reverse=True):
        for one in kept[number]:
            if not one.is_section:
                order.setdefault(one.key, []).insert(0, one)
    return list(order.values())


class _Query:
    """The three statements over the same answers."""

    def __init__(self, survey: Survey, version: int, cut: str, through: date | None, versions: Mapping[int, list[Question]]) -> None:
        self.survey, self.cut = survey, cut
        self.questions = {one.key: one for rows in versions.values() for one in rows if not one.is_section}
        self.numbers = {key: place for place, key in enumerate(_numbered(versions), start=1)}
        self.values: dict[str, Any] = {"survey": survey.pk, "bins": BINS}
        column, join, where = "''::varchar", "", ""
        if cut == "customer":
            column = "coalesce(customer.kind, '')"
            join = "LEFT JOIN customers_customer customer ON customer.id = response.customer_id"
        elif cut:
            column = "chosen.option"
            join = "JOIN surveys_answer chosen ON chosen.response_id = response.id AND chosen.question = %(cut)s AND NOT chosen.is_blank"
            self.values["cut"] = cut
        if version:
            where = "AND response.version_id IN (SELECT id FROM surveys_surveyversion WHERE survey_id = %(survey)s AND number = %(version)s)"
            self.values["version"] = version
        if through is not None:
            where += " AND response.day < %(through)s"
            self.values["through"] = through
        self.where, self.begun = where, COUNTED.format(cut=column, join=join, where=where)
        self.whole = COUNTED.format(cut="''::varchar", join="", where=where)

    def figures(self) -> dict[tuple[str, str], Figures]:
        """By question and part of the cut; of all by question and ALL."""
        found: dict[tuple[str, str], Figures] = {}
        self._read(found, self.whole, is_whole=True)
        if self.cut:
            self._read(found, self.begun, is_whole=False)
        return found

    def _read(self, found: dict[tuple[str, str], Figures], begun: str, *, is_whole: bool) -> None:
        def of(question: str, cut: str) -> Figures:
            return found.setdefault((question, ALL if is_whole else f"={cut}"), Figures())

        for question, option, cut, count, asked, answered, mean, firsts in self._rows(begun + CHOSEN):
            figures = of(question, cut)
            figures.asked += asked
            figures.answered += answered
            if option:
                figures.counts[option] = count
                figures.ranks[option] = (round(float(mean), 2) if mean is not None else 0.0, firsts)
        numbers = [key for key, one in self.questions.items() if one.kind in (Kind.NUMBER, Kind.SCALE)]
        if numbers:
            for question, cut, mean, median, least, most in self._rows(begun + MIDDLES, numbers=numbers):
                figures = of(question, cut)
                figures.mean, figures.median, figures.least, figures.most = float(mean), float(median), float(least), float(most)

    def _rows(self, statement: str, **values: Any) -> list[tuple[Any, ...]]:
        with connection.cursor() as cursor:
            cursor.execute(statement, self.values | values)
            return cursor.fetchall()

    def asked(self, rows: Sequence[Question], figures: Mapping[tuple[str, str], Figures]) -> Asked:
        question = rows[-1]
        whole = figures.get((question.key, ALL), Figures())
        cuts = self._cuts(question.key, figures) if self.cut and self.cut != question.key else []
        if self.survey.is_anonymous:
            if 0 < whole.answered < FEWEST:
                whole = Figures(asked=whole.asked, is_hidden=True)
                cuts = []
            cuts = _without_few(cuts, whole)
        spread = self._spread(question, whole) if question.kind == Kind.NUMBER and not whole.is_hidden else []
        return Asked(question, self.numbers[question.key], [one.version.number for one in rows], _differences(rows), whole, cuts, spread)

    def _cuts(self, key: str, figures: Mapping[tuple[str, str], Figures]) -> list[tuple[str, Figures]]:
        labels = cut_labels(self.survey, self.cut, self.questions)
        found = {cut[1:]: one for (question, cut), one in figures.items() if question == key and cut.startswith("=")}
        return [(str(label), found[code]) for code, label in labels if code in found]

    def _spread(self, question: Question, whole: Figures) -> list[tuple[str, int]]:
        """How many numbers lie between which bounds."""
        if whole.least is None or whole.most is None:
            return []
        low, high = whole.least, whole.most
        if low == high:
            return [(f"{low:g}", whole.answered)]
        values = {"keys": [question.key], "lows": [low], "highs": [high]}
        counts = {place: count for _question, place, count in self._rows(self.whole + SPREAD, **values)}
        width = (high - low) / BINS
        return [(f"{low + width * place:,.4g}–{low + width * (place + 1):,.4g}", counts.get(place + 1, 0)) for place in range(BINS)]


def _numbered(versions: Mapping[int, list[Question]]) -> list[str]:
    return [rows[-1].key for rows in _merged(versions, 0)]


def cut_labels(survey: Survey, cut: str, questions: Mapping[str, Question]) -> list[tuple[str, Any]]:
    if cut == "customer":
        return [*Customer.Kind.choices, ("", _("without a name"))]
    return list(questions[cut].choices) if cut in questions else []


def possible_cuts(survey: Survey) -> list[tuple[str, str]]:
    """By what the answers can be cut: closed questions, and the kind of customer where answers have a name."""
    versions = _questions_by_version(survey)
    found = [(rows[-1].key, rows[-1].text) for rows in _merged(versions, 0) if rows[-1].is_closed]
    return [("customer", _("kind of customer")), *found] if survey.whom == Survey.Whom.CUSTOMERS and not survey.is_anonymous else found


def _without_few(cuts: Iterable[tuple[str, Figures]], whole: Figures) -> list[tuple[str, Figures]]:
    """Parts of fewer than FEWEST are hidden; where together they are so few that they follow from the rest, the smallest of the others is hidden too."""
    rows = list(cuts)
    few = {label for label, one in rows if one.answered < FEWEST}
    hidden = whole.answered - sum(one.answered for label, one in rows if label not in few)
    if 0 < hidden < FEWEST:
        others = sorted((one.answered, label) for label, one in rows if label not in few)
        few |= {label for _number, label in others[:1]}
    return [(label, Figures(is_hidden=True) if label in few else one) for label, one in rows]


def _differences(rows: Sequence[Question]) -> list[str]:
    """Where earlier versions asked the same otherwise."""
    newest, found = rows[-1], []
    for one in rows[:-1]:
        number = one.version.number
        if one.text != newest.text:
            found.append(_("Version %(number)s asked: “%(text)s”.") % {"number": number, "text": one.text})
        now = {key: str(label) for key, label in newest.choices}
        for key, label in one.choices:
            if key not in now:
                found.append(_("Version %(number)s also had “%(option)s”.") % {"number": number, "option": label})
            elif now[key] != str(label):
                found.append(_("In version %(number)s “%(after)s” read “%(before)s”.") % {"number": number, "after": now[key], "before": label})
        found += [
            _("Version %(number)s did not have “%(option)s” yet.") % {"number": number, "option": label}
            for key, label in now.items()
            if key not in dict(one.choices)
        ]
    return found


def texts_of(survey: Survey, key: str, version: int = 0) -> QuerySet[Answer]:
    """Words that were written to a question, in no order that tells of time."""
    rows = Answer.objects.filter(survey=survey, question=key, response__in=counted(survey, version)).exclude(text="").order_by("pk")
    hidden = survey.is_anonymous and (counted(survey, version).count() < FEWEST or _betrays_versions(survey, version, None) or len(rows[:FEWEST]) < FEWEST)
    return rows.none() if hidden else rows
