"""What a page of a list needs to know of its reader, in one statement: the columns they chose, and the views they may open."""

from dataclasses import dataclass, field
from typing import Any

from django.db import connection
from django.urls import reverse

from portal.access.standings import standing_of
from portal.lists.definition import list_of
from portal.lists.models import SavedView

STATEMENT = """
    SELECT kept.columns, kept.start_view_id, view.id, view.name, view.query, view.owner_id, view.is_shared
    FROM (SELECT %(person)s::bigint AS person_id) asked
    LEFT JOIN lists_arrangement kept ON kept.person_id = asked.person_id AND kept.list_code = %(code)s
    LEFT JOIN (
        SELECT saved.* FROM lists_savedview saved JOIN access_audience ON access_audience.id = saved.audience_id
        WHERE saved.list_code = %(code)s AND (saved.owner_id = %(person)s OR (
            include && %(tokens)s::varchar[] AND level <= %(level)s AND NOT exclude && %(tokens)s::varchar[]))
        ORDER BY saved.id DESC LIMIT 200
    ) view ON true
    ORDER BY view.owner_id <> asked.person_id, view.name, view.id
"""


@dataclass(frozen=True, slots=True)
class View:
    pk: int
    name: str
    query: str
    is_own: bool
    is_shared: bool


@dataclass(slots=True)
class Arranged:
    columns: list[str] = field(default_factory=list)
    start_view: int = 0
    views: list[View] = field(default_factory=list)

    def view(self, pk: int) -> View | None:
        return next((view for view in self.views if view.pk == pk), None)


def arranged_for(user: Any, code: str) -> Arranged:
    """Own views first, then those that others share, each by name."""
    standing = standing_of(user)
    with connection.cursor() as cursor:
        cursor.execute(STATEMENT, {"person": user.pk, "code": code, "tokens": standing.tokens, "level": standing.level})
        rows = cursor.fetchall()
    found = Arranged(rows[0][0] or [], rows[0][1] or 0)
    found.views = [View(pk, name, query, owner == user.pk, shared) for _columns, _start, pk, name, query, owner, shared in rows if pk is not None]
    return found


@dataclass(frozen=True, slots=True)
class KeptView:
    """A view that somebody kept, as a way to it from elsewhere."""

    name: str
    icon: str
    url: str


def kept_views(user: Any, most: int) -> list[KeptView]:
    """The views that this person kept themselves, of lists that they may still open; those changed last first."""
    found = []
    for view in SavedView.objects.filter(owner=user.pk).order_by("-changed_at", "-pk")[:most]:
        definition = list_of(view.list_code)
        if definition is not None and definition.is_allowed(user):
            found.append(KeptView(view.name, definition.icon, f"{reverse(definition.url_name)}?view={view.pk}"))
    return found
