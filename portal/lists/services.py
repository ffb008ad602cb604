"""What people do with lists: keep views, arrange columns, take files away."""

from collections.abc import Sequence
from typing import Any

from django.db import transaction
from django.http import QueryDict
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from portal.access.models import Audience
from portal.access.rules import AudienceRule, person_token
from portal.audit.services import record
from portal.lists.asked import Asked
from portal.lists.definition import List
from portal.lists.errors import ListError
from portal.lists.models import LONGEST_QUERY, Arrangement, ListExport, SavedView
from portal.outbox.services import enqueue

EXPORT = "lists.export"
MOST_VIEWS = 50


@transaction.atomic
def save_view(*, actor: Any, definition: List, name: str, query: str, rule: AudienceRule | None = None, starts: bool = False) -> SavedView:
    """Keep what is asked of a list under a name; an own view of that name is replaced. `rule` shares it. Refuses one view too many."""
    own = SavedView.objects.filter(owner=actor, list_code=definition.code)
    view = own.filter(name=name).first()
    if view is None and own.count() >= MOST_VIEWS:
        raise ListError(_("You keep %(count)s views of this list. Delete one of them first.") % {"count": MOST_VIEWS})
    kept = Asked(definition, actor, QueryDict(query[:LONGEST_QUERY])).kept_query
    values = {"query": kept[:LONGEST_QUERY], "audience": _audience(actor, rule), "is_shared": rule is not None}
    if view is None:
        view = SavedView.objects.create(owner=actor, list_code=definition.code, name=name, **values)
    else:
        SavedView.objects.filter(pk=view.pk).update(**values)
        view.refresh_from_db()
    record(actor, "view.saved", view, after={"query": kept, "shared": view.is_shared})
    if starts:
        choose_start(view, actor=actor)
    return view


@transaction.atomic
def change_view(view: SavedView, *, actor: Any, name: str, rule: AudienceRule | None) -> None:
    """Another name, or another audience. Refuses the name of another own view."""
    if SavedView.objects.filter(owner=actor, list_code=view.list_code, name=name).exclude(pk=view.pk).exists():
        raise ListError(_("You have a view “%(name)s” already.") % {"name": name})
    before = {"name": view.name, "shared": view.is_shared}
    view.name, view.audience, view.is_shared = name, _audience(actor, rule), rule is not None
    view.save()
    record(actor, "view.changed", view, before=before, after={"name": view.name, "shared": view.is_shared})


@transaction.atomic
def delete_view(view: SavedView, *, actor: Any) -> None:
    """For everybody who opened it."""
    record(actor, "view.deleted", view, before={"query": view.query})
    view.delete()


def choose_start(view: SavedView | None, *, actor: Any, list_code: str = "") -> None:
    """The view that the list opens with for this person; None for the list as it is declared."""
    Arrangement.objects.update_or_create(person=actor, list_code=view.list_code if view else list_code, defaults={"start_view": view})


def choose_columns(definition: List, keys: Sequence[str], *, actor: Any) -> None:
    """The columns of a list, in this order. What the person may not see is left out; nothing at all is the list's own choice."""
    known = {column.key for column in definition.columns_for(actor)}
    chosen = [key for key in dict.fromkeys(keys) if key in known]
    Arrangement.objects.update_or_create(person=actor, list_code=definition.code, defaults={"columns": chosen})


@transaction.atomic
def note_export(asked: Asked, *, actor: Any, kind: str, count: int) -> None:
    """A file was taken away at once."""
    record(actor, "list.exported", after={"list": asked.definition.code, "kind": kind, "rows": count} | asked.described())


@transaction.atomic
def start_export(asked: Asked, *, actor: Any, kind: str) -> ListExport:
    """Begin a file in the background; the person is told when it is ready."""
    columns = ",".join(column.key for column in asked.shown)
    export = ListExport.objects.create(
        person=actor,
        list_code=asked.definition.code,
        query=asked.query(columns=columns)[:LONGEST_QUERY],
        kind="csv" if kind == "csv" else "xlsx",
        language=get_language() or "",
    )
    record(actor, "list.exported", after={"list": asked.definition.code, "kind": export.kind} | asked.described())
    enqueue(EXPORT, {"export_id": export.pk})
    return export


def shared_rule(view: SavedView) -> AudienceRule | None:
    """Whom a view is shared with; None for its owner alone."""
    return view.audience.rule if view.is_shared else None


def _audience(actor: Any, rule: AudienceRule | None) -> Audience:
    return Audience.objects.for_rule(rule or AudienceRule.of([person_token(actor.pk)]))
