"""In which order formulas are computed, so that each finds what it needs. Refuses unknown names, and formulas that go round."""

from collections.abc import Sequence
from graphlib import CycleError, TopologicalSorter

from django.utils.translation import gettext as _

from portal.approvals.definitions.fields import FieldPlan
from portal.approvals.definitions.tables import TablePlan
from portal.approvals.errors import DefinitionError

Node = tuple[str, str]


def order_of(fields: Sequence[FieldPlan], tables: Sequence[TablePlan]) -> tuple[Node, ...]:
    known: dict[Node, FieldPlan] = {("", field.key): field for field in fields}
    known |= {(table.key, column.key): column for table in tables for column in table.columns}
    graph: dict[Node, set[Node]] = {}
    for node, plan in known.items():
        if plan.formula is not None:
            graph[node] = {_found(name, node, plan, known) for name in plan.formula.names}
            for column in plan.formula.sums:
                if column not in known:
                    raise DefinitionError(_("%(where)s: the formula names “%(name)s”, which is not there.") % {"where": plan.label, "name": ".".join(column)})
                graph[node].add(column)
    try:
        return tuple(node for node in TopologicalSorter(graph).static_order() if node in graph)
    except CycleError as error:
        around = " → ".join(known[node].label for node in error.args[1])
        raise DefinitionError(_("Formulas that need each other cannot be computed: %(around)s.") % {"around": around}) from error


def _found(name: str, node: Node, plan: FieldPlan, known: dict[Node, FieldPlan]) -> Node:
    """A column of the same line, else a field of the form."""
    for found in ((node[0], name), ("", name)):
        if found in known:
            return found
    raise DefinitionError(_("%(where)s: the formula names “%(name)s”, which is not there.") % {"where": plan.label, "name": name})
