"""The record and the working calendar as lists."""

from html import escape
from typing import Any

from django.db.models import Q, QuerySet
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from portal.access.capabilities import MANAGE_ORGANIZATION, READ_AUDIT
from portal.access.registry import has_capability
from portal.administration.sight import look_over, open_rows
from portal.audit.models import AuditRecord
from portal.audit.verbs import known_verbs
from portal.calendar.models import CalendarDay
from portal.lists.columns import Column
from portal.lists.definition import MOST_WORDS, List, register_list
from portal.lists.filters import ChoiceFilter, DayFilter


def _who(row: AuditRecord) -> str:
    viewer = _("viewed by %(name)s") % {"name": row.on_behalf_of} if row.on_behalf_of else ""
    return escape(row.actor_label or _("the portal itself")) + (f'<br><small class="faint">{escape(viewer)}</small>' if viewer else "")


def _words(values: dict[str, Any]) -> str:
    return "; ".join(f"{name}: {value}" for name, value in values.items())


def _said(row: Any, words: str) -> str:
    """What is typed or changed, where the reader may see the thing; else that something is there."""
    return words if row.sight.is_open or not words else _("(not shown)")


def _to(row: Any) -> str:
    """The name where the reader may see the thing; else its kind and number, which say which one it was."""
    if not row.object_type:
        return ""
    which = f"{row.kind_label} {row.number_label}"
    name, about = (row.object_label, which) if row.sight.is_open else (which, _("name not shown"))
    about = f"{about} · {row.sight.department}" if row.sight.department else about
    return f'{escape(name)}<br><small class="faint">{escape(about)}</small>'


@register_list
class RecordList(List):
    code = "audit.record"
    url_name = "administration:record_list"
    row_url_name = "administration:record_detail"
    heading = gettext_lazy("Record")
    subtitle = gettext_lazy("Who did what to what, when and from where. It only grows. Names and words are shown where you may see the thing.")
    icon = "scroll-text"
    words_in = ("actor_label", "on_behalf_of")
    words_label = gettext_lazy("Who, or on what")
    default_sort = "-at"
    empty_title = gettext_lazy("Nothing on record fits")
    exports_everything = True
    columns = (
        Column("at", gettext_lazy("When"), kind="instant", order_by=("pk",)),
        Column("actor", gettext_lazy("Who"), _who, "html", plain=lambda row: row.actor_label),
        Column("verb", gettext_lazy("Did"), "verb_label"),
        Column("to", gettext_lazy("To"), _to, "html", plain=lambda row: _said(row, row.object_label)),
        Column("kind", gettext_lazy("Kind"), "kind_label", is_shown=False),
        Column("object", gettext_lazy("No. of the thing"), "number_label", is_shown=False),
        Column("department", gettext_lazy("Department"), "sight.department", is_shown=False),
        Column("address", gettext_lazy("From where")),
        Column("reason", gettext_lazy("Reason"), lambda row: _said(row, row.reason), is_shown=False),
        Column("on_behalf_of", gettext_lazy("On behalf of"), is_shown=False),
        Column("before", gettext_lazy("Before"), lambda row: _said(row, _words(row.before)), is_shown=False),
        Column("after", gettext_lazy("After"), lambda row: _said(row, _words(row.after)), is_shown=False),
        Column("agent", gettext_lazy("Browser"), is_shown=False),
        Column("pk", gettext_lazy("No."), kind="number", is_shown=False),
    )
    filters = (
        ChoiceFilter(key="verb", label=gettext_lazy("Did"), anything=gettext_lazy("anything"), choices=lambda: known_verbs().items()),
        DayFilter(key="at", label=gettext_lazy("Day"), is_instant=True),
    )

    def is_allowed(self, user: Any) -> bool:
        return has_capability(user, READ_AUDIT)

    def rows(self, user: Any) -> QuerySet[AuditRecord]:
        """All of it: whoever may read the record sees that something was done, and to which kind of thing."""
        return AuditRecord.objects.all()

    def made_ready(self, rows: list[Any], user: Any) -> list[Any]:
        return look_over(rows, user)

    def with_words(self, rows: QuerySet[Any], words: str, user: Any) -> QuerySet[Any]:
        """Names of things and reasons are looked in only where they would be shown."""
        for word in words.split()[:MOST_WORDS]:
            who = Q(actor_label__icontains=word) | Q(on_behalf_of__icontains=word)
            rows = rows.filter(who | (Q(object_label__icontains=word) | Q(reason__icontains=word)) & open_rows(user))
        return rows


@register_list
class CalendarList(List):
    code = "calendar.days"
    url_name = "administration:calendar"
    row_url_name = "administration:calendar_day"
    template_name = "administration/calendar.html"
    heading = gettext_lazy("Working calendar")
    subtitle = gettext_lazy("Days that differ from their weekday. All others are worked from Monday to Friday.")
    icon = "calendar"
    words_in = ("name",)
    words_label = gettext_lazy("Occasion")
    default_sort = "-day"
    empty_title = gettext_lazy("No days yet")
    empty_text = gettext_lazy("Fill a year, or set a day.")
    columns = (
        Column("day", gettext_lazy("Day"), lambda row: f"{row.day:%Y-%m-%d}", order_by=("day",)),
        Column("weekday", gettext_lazy("Weekday"), lambda row: date_format(row.day, "l")),
        Column("kind", gettext_lazy("Kind"), lambda row: row.get_kind_display()),
        Column("name", gettext_lazy("Occasion")),
        Column("by_hand", gettext_lazy("Set by hand"), "is_kept_by_hand", "flag"),
    )
    filters = (
        DayFilter(key="days", label=gettext_lazy("Day"), field="day"),
        ChoiceFilter(key="kind", label=gettext_lazy("Kind"), choices=CalendarDay.Kind.choices),
    )

    def is_allowed(self, user: Any) -> bool:
        return has_capability(user, MANAGE_ORGANIZATION)

    def rows(self, user: Any) -> QuerySet[CalendarDay]:
        """All of it: the calendar is no secret, and is kept by whoever keeps the roster."""
        return CalendarDay.objects.all()
