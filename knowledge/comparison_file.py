"""The comparison table as plants circulate it: a sheet with both texts of each article and what became of it."""

from collections.abc import Sequence

from django.http.response import HttpResponseBase
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from knowledge.clauses import Clause
from knowledge.comparison import Line
from knowledge.models import Policy, PolicyVersion
from knowledge.pairing import Change
from portal.foundation.spreadsheets import csv_response, xlsx_response

WIDTHS = (6, 60, 60, 16)


def export_comparison(kind: str, policy: Policy, before: PolicyVersion, after: PolicyVersion, lines: Sequence[Line]) -> HttpResponseBase:
    """XLSX, or CSV when `kind` is "csv", of the lines that are shown."""
    title, earlier, revised = _("Comparison table"), _("Earlier article"), _("Article as revised")
    headings = ["#", f"{earlier} ({before.heading})", f"{revised} ({after.heading})", _("Change")]
    rows = [(number, _whole(line.before), _whole(line.after), said(line.change)) for number, line in enumerate(lines, start=1)]
    name = f"{title}-{policy.number or policy.pk}-{before.number}-{after.number}"
    return csv_response(name, headings, rows) if kind == "csv" else xlsx_response(name, title, headings, rows, widths=WIDTHS)


def said(change: Change) -> str:
    """What became of an article, as the page says it."""
    context = "article of a policy"
    return {
        Change.ADDED: pgettext(context, "added"),
        Change.REMOVED: pgettext(context, "removed"),
        Change.CHANGED: pgettext(context, "changed"),
        Change.MOVED: pgettext(context, "moved"),
        Change.RENUMBERED: pgettext(context, "only renumbered"),
        Change.SAME: pgettext(context, "unchanged"),
    }[change]


def _whole(clause: Clause | None) -> str:
    return f"{clause.label}　{clause.text}".strip() if clause is not None else ""
