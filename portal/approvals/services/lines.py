"""Lines between papers: what was pulled from an approved paper, how much of it is left, and the ceiling prices that bind."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal
from typing import Any

from django.db import connection
from django.db.models import Sum
from django.utils import timezone
from django.utils.translation import gettext as _

from portal.approvals.computing import Trouble, item_key
from portal.approvals.definitions.fields import FieldPlan
from portal.approvals.definitions.forms import FormPlan, Values
from portal.approvals.definitions.tables import Pull, TablePlan
from portal.approvals.models import Ceiling, Content, LineFact, Paper
from portal.approvals.moments import moment

PULLING_LOCK = 482215
COUNTED = ("running", "returned", "approved")
HUNDRED = Decimal(100)

Origin = tuple[int, str]


def origin_of(line: Mapping[str, Any]) -> Origin | None:
    """(paper, uid) of `12:ab34`."""
    paper, _colon, uid = str(line.get("origin") or "").partition(":")
    return (int(paper), uid) if paper.isascii() and paper.isdigit() and len(paper) < 18 and uid else None


def sources_of(pull: Pull) -> Any:
    """The approved papers from which lines are pulled, the latest first. Their lines are open to whoever may begin what is pulled into."""
    return Paper.objects.filter(kind__code=pull.kind, state=Paper.State.APPROVED).select_related("content", "kind").order_by("-finished_at", "-pk")


def pulled_already(origins: Iterable[Origin], *, besides: int | None = None) -> dict[Origin, Decimal]:
    """How much of each line other papers have pulled that are under way or approved."""
    wanted = set(origins)
    rows = LineFact.objects.filter(origin__in={paper for paper, _uid in wanted}, paper__state__in=COUNTED, quantity__isnull=False)
    sums = rows.exclude(paper=besides).values_list("origin", "origin_uid").annotate(taken=Sum("quantity")) if wanted else ()
    return {(paper, uid): taken for paper, uid, taken in sums if (paper, uid) in wanted}


def source_lines(pull: Pull, papers: Iterable[int]) -> dict[Origin, Mapping[str, Any]]:
    """The lines of these papers, as far as they are approved ones of the kind."""
    rows = Content.objects.filter(pk__in=sources_of(pull).filter(pk__in=set(papers)).order_by().values("content")).values_list("paper", "values")
    return {(paper, line["uid"]): line for paper, values in rows for line in values.get(pull.table) or ()}


def left_of(pull: Pull, line: Mapping[str, Any], taken: Decimal) -> Decimal:
    return Decimal(str(line.get(pull.of) or 0)) * pull.limit / HUNDRED - taken


def pulled_too_much(plan: FormPlan, values: Values, *, paper_id: int | None, is_locked: bool = False) -> list[Trouble]:
    """Where a line has no such origin, or more is pulled than is left of it. `is_locked`: nobody else pulls from these papers until the transaction ends."""
    found: list[Trouble] = []
    for table in plan.tables:
        lines = values.get(table.key) or []
        origins = {place: origin for place, line in enumerate(lines) if (origin := origin_of(line)) is not None}
        if not origins:
            continue
        if table.pull is None:
            found += [Trouble(table.key, place, table.columns[0].key, _("No such line can be pulled.")) for place in origins]
            continue
        papers = {paper for paper, _uid in origins.values()}
        if is_locked:
            _lock_sources(papers)
        sources, taken = source_lines(table.pull, papers), pulled_already(origins.values(), besides=paper_id)
        found += _above(table, table.pull, lines, origins, sources, taken)
    return found


def look_up(plan: FormPlan, values: Values) -> dict[str, Any]:
    """The values with what the portal puts there by itself: the ceiling price of a line's item in the month of the paper."""
    found = dict(values)
    month = plan.month(values) or timezone.localtime(moment()).strftime("%Y-%m")
    for table in plan.tables:
        columns = [column for column in table.columns if column.lookup == "ceiling"]
        if not columns or not values.get(table.key):
            continue
        item = table.facts.get("item", "")
        names = {item_key(line.get(item)) for line in values[table.key]}
        prices = dict(Ceiling.objects.filter(month=month, item__in=names).values_list("item", "price"))
        found[table.key] = [line | {column.key: _price(column, prices.get(item_key(line.get(item)))) for column in columns} for line in values[table.key]]
    return found


def write_facts(paper: Paper) -> None:
    """What the paper's lines say now, for whoever asks about lines of all papers."""
    plan = paper.form.plan
    if not plan.tables:
        return
    assert paper.content is not None
    LineFact.objects.filter(paper=paper).delete()
    LineFact.objects.bulk_create(
        _fact(paper, table, place, line) for table in plan.tables for place, line in enumerate(paper.content.values.get(table.key) or ())
    )


def count_facts(paper: Paper, *, is_counted: bool) -> None:
    """From the approval on a paper's lines are counted in statistics, in their month or else in that of the approval; of one that is void no more."""
    rows = LineFact.objects.filter(paper=paper)
    if is_counted:
        rows.filter(period="").update(period=timezone.localtime(moment()).strftime("%Y-%m"))
    rows.update(is_counted=is_counted)


def bind_ceilings(paper: Paper) -> None:
    """From the approval of a list of ceiling prices on, they bind in its month."""
    assert paper.content is not None
    plan, values = paper.form.plan, paper.content.values
    for table in plan.tables:
        if not table.ceilings:
            continue
        item, price = table.facts["item"], table.facts["price"]
        found = {item_key(line.get(item)): Decimal(str(line[price])) for line in values.get(table.key) or () if line.get(price)}
        Ceiling.objects.bulk_create(
            [Ceiling(item=name, month=plan.month(values), price=most, paper=paper) for name, most in sorted(found.items())],
            update_conflicts=True,
            unique_fields=["item", "month"],
            update_fields=["price", "paper"],
        )


def _above(
    table: TablePlan,
    pull: Pull,
    lines: Sequence[Mapping[str, Any]],
    origins: Mapping[int, Origin],
    sources: Mapping[Origin, Mapping[str, Any]],
    taken: Mapping[Origin, Decimal],
) -> list[Trouble]:
    found, here = [], defaultdict[Origin, Decimal](Decimal)
    for place, origin in origins.items():
        if (source := sources.get(origin)) is None:
            found.append(Trouble(table.key, place, table.columns[0].key, _("No such line can be pulled.")))
            continue
        if not pull.of:
            continue
        here[origin] += Decimal(str(lines[place].get(pull.quantity) or 0))
        left = left_of(pull, source, taken.get(origin, Decimal(0)))
        if here[origin] > left:
            words = {
                "planned": f"{Decimal(str(source.get(pull.of) or 0)):,}",
                "taken": f"{taken.get(origin, Decimal(0)).normalize():,f}",
                "left": f"{max(left, Decimal(0)).normalize():,f}",
            }
            found.append(Trouble(table.key, place, pull.quantity, _("Planned %(planned)s, pulled %(taken)s already: up to %(left)s here.") % words))
    return found


def _lock_sources(papers: Iterable[int]) -> None:
    """In one order, after the paper's own row."""
    with connection.cursor() as cursor:
        for paper in sorted(papers):
            cursor.execute("SELECT pg_advisory_xact_lock(%s, %s)", [PULLING_LOCK, paper % 2**31])


def _price(column: FieldPlan, price: Decimal | None) -> str | None:
    return None if price is None else f"{price.quantize(Decimal(1).scaleb(-column.places)):f}"


def _fact(paper: Paper, table: TablePlan, place: int, line: Mapping[str, Any]) -> LineFact:
    def number(name: str) -> Decimal | None:
        value = line.get(table.facts.get(name, ""))
        return None if value in (None, "") else Decimal(str(value))

    origin = origin_of(line)
    return LineFact(
        paper=paper,
        kind_id=paper.kind_id,
        table=table.key,
        uid=line["uid"],
        ordinal=place,
        period=paper.form.plan.month(paper.content.values) if paper.content else "",
        department_id=paper.department_id,
        item=str(line.get(table.facts.get("item", "")) or "")[:200],
        supplier=str(line.get(table.facts.get("supplier", "")) or "")[:200],
        quantity=number("quantity"),
        price=number("price"),
        amount=number("amount"),
        origin_id=origin[0] if origin else None,
        origin_uid=origin[1] if origin else "",
    )
