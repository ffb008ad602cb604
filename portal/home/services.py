"""Arranging one's home page. It is nobody else's business, so it is not on record."""

import json
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any, Literal

from django.db import connection, transaction
from django.utils.translation import gettext as _

from portal.foundation.errors import PortalError
from portal.foundation.language import is_chinese
from portal.foundation.widgets import Widget, allowed_widgets
from portal.home.models import HomeArrangement
from portal.organization.querysets import today

Change = Literal["up", "down", "other_column", "hide", "show"]
CHANGES: tuple[Change, ...] = ("up", "down", "other_column", "hide", "show")
STORED = """
    SELECT arranged.main, arranged.side, arranged.hidden, department.name, department.name_en
    FROM (SELECT %(person)s::bigint AS person_id) asked
    LEFT JOIN home_homearrangement arranged ON arranged.user_id = asked.person_id
    LEFT JOIN LATERAL (
        SELECT department_id FROM organization_employment
        WHERE person_id = asked.person_id AND starts_on <= %(day)s AND (ends_on IS NULL OR ends_on >= %(day)s) ORDER BY is_primary DESC, id LIMIT 1
    ) held ON true
    LEFT JOIN organization_department department ON department.id = held.department_id
"""


@dataclass(slots=True)
class Arrangement:
    """The widgets that a person may see, as that person has placed them, and the name of where they work first today."""

    main: list[Widget] = field(default_factory=list)
    side: list[Widget] = field(default_factory=list)
    hidden: list[Widget] = field(default_factory=list)
    department: str = ""


def arrangement_of(user: Any) -> Arrangement:
    """One query. Widgets that came later than the arrangement stand at the end of their own column."""
    with connection.cursor() as cursor:
        cursor.execute(STORED, {"person": user.pk, "day": today()})
        *columns, name, name_en = cursor.fetchone()
    widgets = {widget.code: widget for widget in allowed_widgets(user)}
    arrangement = Arrangement(department=(name if is_chinese() else name_en or name) or "")
    for column, codes in zip(("main", "side", "hidden"), columns, strict=True):
        getattr(arrangement, column).extend(widgets.pop(code) for code in json.loads(codes or "[]") if code in widgets)
    for widget in widgets.values():
        getattr(arrangement, widget.column).append(widget)
    return arrangement


@transaction.atomic
def arrange_home(*, actor: Any, main: Iterable[str], side: Iterable[str], hidden: Iterable[str]) -> None:
    """Place the widgets by their codes. Refuses a code that is unknown to this person, and one that stands twice."""
    columns = {"main": list(main), "side": list(side), "hidden": list(hidden)}
    codes = [code for column in columns.values() for code in column]
    if len(codes) != len(set(codes)) or not set(codes) <= {widget.code for widget in allowed_widgets(actor)}:
        raise PortalError(_("The home page could not be arranged like this. Load the page again."))
    HomeArrangement.objects.update_or_create(user=actor, defaults=columns)


def change_arrangement(*, actor: Any, code: str, change: Change) -> None:
    """Move one widget a step, to the other column, or out of sight and back. At an end, a step does nothing."""
    arrangement = arrangement_of(actor)
    columns = {name: [widget.code for widget in getattr(arrangement, name)] for name in ("main", "side", "hidden")}
    own_column = {widget.code: widget.column for widget in allowed_widgets(actor)}
    place = next((name for name, codes in columns.items() if code in codes), None)
    if place is None:
        raise PortalError(_("The home page could not be arranged like this. Load the page again."))
    codes = columns[place]
    index = codes.index(code)
    if change in ("up", "down"):
        target = max(0, index - 1) if change == "up" else min(len(codes) - 1, index + 1)
        codes.insert(target, codes.pop(index))
    else:
        codes.remove(code)
        targets = {"hide": "hidden", "show": own_column[code], "other_column": "main" if place == "side" else "side"}
        columns[targets[change]].append(code)
    arrange_home(actor=actor, **columns)


def reset_home(*, actor: Any) -> None:
    """Put everything back where the modules placed it."""
    HomeArrangement.objects.filter(user=actor).delete()
