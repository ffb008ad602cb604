"""The working calendar from a file: the days that differ from their weekday, as a plant gets them from the State Council's notice."""

from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from portal.access.capabilities import MANAGE_ORGANIZATION
from portal.calendar.models import CalendarDay
from portal.calendar.services import set_day
from portal.calendar.working_time import FRIDAY
from portal.imports.columns import ColumnSet, ImportColumn
from portal.imports.definition import register_importer
from portal.imports.keyed import KeyedImporter
from portal.imports.lines import Fault, Line
from portal.imports.plan import PlannedLine
from portal.imports.values import read_date, read_text, short_reader

KINDS = {
    CalendarDay.Kind.REST: "休 休息 休息日 放假 节假日 假日 假期 法定节假日 rest restday holiday dayoff off",
    CalendarDay.Kind.MAKE_UP: "补班 补班日 调休上班 调休补班 make-up makeup make-upday makeupday",
    CalendarDay.Kind.WORK: "班 上班 工作 工作日 work workingday workday",
}
_KIND_OF = {word: kind for kind, words in KINDS.items() for word in words.split()}


def read_kind(cell: Any) -> str | None:
    """休 or 班, in the words that notices have. 调休 alone could be either, and is refused."""
    text = read_text(cell)
    if text is None:
        return None
    kind = _KIND_OF.get(text.lower().replace(" ", ""))
    if kind is None:
        raise ValueError(_("“%(text)s” is no kind of day. Write rest day, make-up day or working day.") % {"text": text[:40]})
    return kind.value


@register_importer
class CalendarImporter(KeyedImporter):
    code = "calendar"
    url_prefix = "administration:calendar_import"
    capability = MANAGE_ORGANIZATION
    home = (gettext_lazy("Working calendar"), "administration:calendar")
    heading = gettext_lazy("Days from a file")
    upload_heading = gettext_lazy("Import days of the calendar")
    subject = gettext_lazy("Day")
    template_label = gettext_lazy("Present days")
    nothing_to_do = gettext_lazy("There is nothing to do: the calendar is as the file says.")
    key = "day"
    compared = ("kind", "name")
    columns = ColumnSet(
        (
            ImportColumn("day", gettext_lazy("day"), "日期", "Day", "日期 日子 时间 date", read_date, is_needed=True),
            ImportColumn("kind", gettext_lazy("kind"), "类型", "Kind", "类型 类别 性质 安排 放假安排 休/班 type status", read_kind, is_needed=True),
            ImportColumn("name", gettext_lazy("occasion"), "事由", "Occasion", "事由 名称 节日 节假日 备注 说明 note name holiday", short_reader(40)),
        ),
        telling=("day",),
        key="day",
    )

    def present(self) -> Mapping[date, Mapping[str, Any]]:
        return {row["day"]: row for row in CalendarDay.objects.values("day", "kind", "name")}

    def judge(self, line: Line, before: Mapping[str, Any] | None) -> Iterator[Fault]:
        day, kind = line.values["day"], line.values.get("kind") or (before or {}).get("kind")
        if kind == CalendarDay.Kind.MAKE_UP and day.weekday() <= FRIDAY:
            yield Fault("kind", _("%(day)s is no Saturday or Sunday, so nothing is made up for on it.") % {"day": f"{day:%Y-%m-%d}"})

    def say(self, field: str, value: Any) -> str:
        return str(CalendarDay.Kind(value).label) if field == "kind" and value else super().say(field, value)

    def write(self, line: PlannedLine, *, actor: Any) -> None:
        set_day(line.values["day"], kind=line.values["kind"], name=line.values["name"] or "", actor=actor)

    def template_rows(self) -> Iterator[list[Any]]:
        for row in CalendarDay.objects.all():
            yield [row.day, row.get_kind_display(), row.name]
