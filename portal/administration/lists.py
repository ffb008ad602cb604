"""The record and the working calendar as lists."""

from html import escape
from typing import Any

from django.db.models import QuerySet
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from portal.access.capabilities import MANAGE_ORGANIZATION, READ_AUDIT
from portal.access.registry import has_capability
from portal.audit.models import AuditRecord
from portal.audit.verbs import known_verbs
from portal.calendar.models import CalendarDay
from portal.lists.columns import Column
from portal.lists.definition import List, register_list
from portal.lists.filters import ChoiceFilter, DayFilter


def _who(row: AuditRecord) -> str:
    viewer = _("viewed by %(name)s") % {"name": row.on_behalf_of} if row.on_behalf_of else ""
    return escape(row.actor_label or _("the portal itself")) + (f'<br><small class="faint">{escape(viewer)}</small>' if viewer else "")


def _words(values: dict[str, Any]) -> str:
    return "; ".join(f"{name}: {value}" for name, value in values.items())


@register_list
class RecordList(List):
    code = "audit.record"
    url_name = "administration:record_list"
    row_url_name = "administration:record_detail"
    heading = gettext_lazy("Record")
    subtitle = gettext_lazy("Who did what to what, when and from where. It only grows.")
    icon = "scroll-text"
    words_in = ("actor_label", "object_label", "on_behalf_of", "reason")
    words_label = gettext_lazy("Who, or on what")
    default_sort = "-at"
    empty_title = gettext_lazy("Nothing on record fits")
    exports_everything = True
    columns = (
        Column("at", gettext_lazy("When"), kind="instant", order_by=("pk",)),
        Column("actor", gettext_lazy("Who"), _who, "html", plain=lambda row: row.actor_label),
        Column("verb", gettext_lazy("Did"), "verb_label"),
        Column("to", gettext_lazy("To"), "object_label"),
        Column("address", gettext_lazy("From where")),
        Column("reason", gettext_lazy("Reason"), is_shown=False),
        Column("on_behalf_of", gettext_lazy("On behalf of"), is_shown=False),
        Column("before", gettext_lazy("Before"), lambda row: _words(row.before), is_shown=False),
        Column("after", gettext_lazy("After"), lambda row: _words(row.after), is_shown=False),
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
        """All of it: whoever may read the record reads it whole."""
        return AuditRecord.objects.all()


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
