"""Lines from elsewhere for a table that is being written: those of the last period, and those of an approved paper."""

from collections.abc import Iterator, Mapping
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _

from portal.access.policies import visible_to
from portal.approvals.definitions.tables import TablePlan
from portal.approvals.lines_form import TableForm
from portal.approvals.models import LineFact, Paper, PaperKind
from portal.approvals.services.contents import new_uid
from portal.approvals.services.lines import left_of, origin_of, pulled_already, source_lines, sources_of

MOST_SOURCES = 24
MOST_KNOWN = 200


def last_lines(kind: PaperKind, table: TablePlan, user: Any, *, besides: int | None) -> list[dict[str, Any]]:
    """What the requester wrote of the last paper of the kind that they see, each line as a new one."""
    papers = visible_to(Paper, user).filter(kind=kind, content__isnull=False).exclude(pk=besides or 0)
    last = papers.select_related("content").order_by("-period", "-pk").first()
    if last is None or last.content is None:
        return []
    own = [column.key for column in table.columns if not column.is_later and not column.is_computed]
    return [{"uid": new_uid()} | {key: line.get(key) for key in own} for line in last.content.values.get(table.key) or ()]


def source_choices(table: TablePlan) -> list[tuple[int, str]]:
    """The approved papers from which lines may be pulled: (id, number and title)."""
    if table.pull is None:
        return []
    return [(paper.pk, f"{paper.number} {paper.title}") for paper in sources_of(table.pull)[:MOST_SOURCES]]


def pull_lines(table: TableForm, source_id: int, *, besides: int | None) -> int:
    """Add what is left of the lines of an approved paper that do not stand here yet; returns how many."""
    pull = table.plan.pull
    if pull is None:
        return 0
    found = source_lines(pull, [source_id])
    here = {origin_of({"origin": row.origin}) for row in table.rows}
    taken = pulled_already(found, besides=besides)
    new = []
    for origin, line in found.items():
        left = left_of(pull, line, taken.get(origin, Decimal(0))) if pull.of else Decimal(1)
        if origin in here or left <= 0:
            continue
        values = {own: line.get(theirs) for own, theirs in pull.columns.items()}
        if pull.quantity and (column := table.plan.column(pull.quantity)) is not None:
            planned = Decimal(str(line.get(pull.of) or 0)) - taken.get(origin, Decimal(0))
            values[pull.quantity] = f"{max(min(planned, left), Decimal(0)):.{column.places}f}"
        new.append({"uid": new_uid(), "origin": f"{origin[0]}:{origin[1]}"} | values)
    if not new:
        table.error = _("Nothing is left to be pulled from there.")
        return 0
    return table.take(new)


def add_hints(table: TableForm, *, besides: int | None) -> None:
    """At each line that was pulled, from where, how much was planned, and how much of it others have pulled already."""
    pull = table.plan.pull
    origins = {number: origin for number, row in enumerate(table.rows) if (origin := origin_of({"origin": row.origin})) is not None}
    if pull is None or not origins:
        return
    numbers = dict(sources_of(pull).filter(pk__in={paper for paper, _uid in origins.values()}).order_by().values_list("pk", "number"))
    sources = source_lines(pull, numbers) if pull.of else {}
    taken = pulled_already(origins.values(), besides=besides) if pull.of else {}
    for number, origin in origins.items():
        said = "".join(_hints(pull.of, numbers.get(origin[0], ""), sources.get(origin), taken.get(origin)))
        table.rows[number].hint = " ".join(part for part in (said, table.rows[number].hint) if part)


def known_names(kind: PaperKind) -> dict[str, list[str]]:
    """Items and suppliers that papers of the kind, and of those from which it pulls, have named."""
    assert kind.form is not None
    codes = {kind.code, *(table.pull.kind for table in kind.form.plan.tables if table.pull)}
    facts = LineFact.objects.filter(kind__code__in=codes).order_by()
    return {name: sorted(facts.exclude(**{name: ""}).values_list(name, flat=True).distinct()[:MOST_KNOWN]) for name in ("item", "supplier")}


def _hints(of: str, number: str, source: Mapping[str, Any] | None, taken: Decimal | None) -> Iterator[str]:
    yield number
    if of and source is not None:
        planned = f"{Decimal(str(source.get(of) or 0)).normalize():,f}"
        if taken:
            yield _(": planned %(planned)s, pulled %(taken)s already") % {"planned": planned, "taken": f"{taken.normalize():,f}"}
        else:
            yield _(": planned %(planned)s") % {"planned": planned}
