"""Rows of notices, which are drawn so often that they have no template of their own."""

from collections.abc import Iterable
from datetime import date, datetime, timedelta
from functools import cache, lru_cache
from html import escape
from urllib.parse import urlencode

from django import template
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html_join
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from bulletin.listing import MOST_COUNTED, Counts, NoticeFilter, NoticeRow
from bulletin.models import Notice
from portal.foundation.dates import say_day, say_long_day
from portal.foundation.icons import icon_svg
from portal.organization.models import Department

register = template.Library()
CURRENT = ' aria-current="page"'


@register.simple_tag
def notices_by_day(rows: Iterable[NoticeRow], *, level: int = 2) -> SafeString:
    """Rows under the days on which they were published: today and yesterday each, then by week and month."""
    words = _Words()
    parts: list[str] = []
    heading = ""
    for row in rows:
        said = words.heading(row.published_at.astimezone(words.zone).date())
        if said != heading:
            parts.append(f'{"</ul>" if heading else ""}<h{level} class="day">{said}</h{level}><ul class="list notices">')
            heading = said
        parts.append(notice_row(row, words))
    return mark_safe("".join(parts) + ("</ul>" if heading else ""))  # every part is escaped


@register.simple_tag
def notice_rows(rows: Iterable[NoticeRow]) -> SafeString:
    """The items of a list without days, each with its own."""
    words = _Words(has_days=False)
    return mark_safe("".join(notice_row(row, words) for row in rows))  # every part is escaped


@register.simple_tag(takes_context=True)
def notice_chips(context: template.Context, asked: NoticeFilter, counts: Counts) -> SafeString:
    """The filters that are pressed: each leads to the same address with itself put in or taken out."""
    query = {name: value for name, value in context["request"].GET.items() if name != "page"}
    words = _Words()
    chips = [_chip(query, "unread", "1", words.said["unread chip"], asked.is_unread, counts.unread)]
    chips += [_chip(query, "kind", value, label, asked.kind == value) for value, label in words.kinds.items()]
    chips.append(_chip(query, "confirmation", "waiting", words.said["to confirm chip"], asked.confirmation == "waiting", counts.waiting))
    if asked.confirmation == "overdue":
        chips.append(_chip(query, "confirmation", "overdue", words.said["overdue chip"], is_on=True))
    chips.append(_chip(query, "confirmation", "confirmed", words.said["confirmed chip"], asked.confirmation == "confirmed"))
    return mark_safe("".join(chips))  # every part is escaped


@register.simple_tag
def board_tabs(tabs: Iterable[tuple[int, str]], department: Department | None) -> SafeString:
    """What is for me, the boards of the departments that are near, and other ways into what stands on the boards."""
    words = _Words()
    links = [("", words.said["for me"], department is None)]
    links += [(f"departments/{pk}/", escape(label), department is not None and pk == department.pk) for pk, label in tabs]
    links += [
        ("departments/", words.said["all departments"], False),
        ("archive/", words.said["by month"], False),
        ("calendar/", words.said["ends soon"], False),
    ]
    drawn = "".join(f'<a href="{words.base}{end}"{CURRENT if is_on else ""}>{label}</a>' for end, label, is_on in links)
    return mark_safe(f'<nav class="tabs" aria-label="{words.said["boards"]}">{drawn}</nav>')  # every part is escaped


def say_count(number: int) -> str:
    """Nothing where there is none."""
    return f"{number}{'+' if number >= MOST_COUNTED else ''}" if number else ""


@register.simple_tag
def moved_counts(counts: Counts) -> SafeString:
    """The counts at the filters, for a page that is open while they change."""
    numbers = (("unread", counts.unread), ("waiting", counts.waiting))
    return format_html_join("", '<span hx-swap-oob="innerHTML:[data-count={}]">{}</span>', ((name, say_count(number)) for name, number in numbers))


def _chip(query: dict[str, str], name: str, value: str, label: str, is_on: bool, number: int | None = None) -> str:
    changed = {known: given for known, given in query.items() if known != name} if is_on else query | {name: value}
    count = f' <span class="num" data-count="{value if name == "confirmation" else name}">{say_count(number)}</span>' if number is not None else ""
    pressed = ' aria-current="true"' if is_on else ""
    return f'<a class="chip"{pressed} href="?{escape(urlencode(changed))}">{label}{count}</a>'


@cache
def _said(language: str) -> tuple[str, dict[str, str], dict[str, str]]:
    """What rows say in a language, escaped, and the address that theirs begin with; asked for once in a process."""
    kinds = {str(value): escape(str(label)) for value, label in Notice.Kind.choices}
    said = {
        "with files": _("with files"),
        "unread": _("unread"),
        "boards": _("Boards"),
        "for me": _("For me"),
        "all departments": _("All departments"),
        "by month": _("By month"),
        "ends soon": _("Ends soon"),
        "unread chip": _("Unread"),
        "to confirm chip": _("To confirm"),
        "overdue chip": _("Overdue for long"),
        "confirmed chip": _("Confirmed"),
        "urgent": _("urgent"),
        "pinned": _("pinned"),
        "corrected": _("corrected %(day)s"),
        "confirmed": _("confirmed %(day)s"),
        "to confirm": _("to confirm"),
        "confirm by": _("confirm by %(day)s"),
        "overdue": _("confirmation overdue since %(day)s"),
    }
    return reverse("bulletin:board"), kinds, {name: escape(text) for name, text in said.items()}


class _Words:
    """What the rows of one list share; `has_days` where yesterday stands above them."""

    def __init__(self, *, has_days: bool = True) -> None:
        self.language = get_language() or ""
        self.base, self.kinds, self.said = _said(self.language)
        self.clip = icon_svg("paperclip")
        self.zone = timezone.get_current_timezone()
        self.now = timezone.now().astimezone(self.zone)
        self.today = self.now.date()
        self.timed_from = self.today - timedelta(days=1) if has_days else self.today

    def short_day(self, instant: datetime) -> str:
        return format(instant.astimezone(self.zone), "%m-%d")

    def heading(self, day: date) -> str:
        return _heading(self.language, self.today, day)

    def when(self, at: datetime) -> str:
        return f"{at:%H:%M}" if at.date() >= self.timed_from else _day(self.language, self.today, at.date())


@lru_cache(maxsize=2_000)
def _heading(language: str, today: date, day: date) -> str:
    """Under what a day's notices stand, escaped, in the language that is active."""
    monday = today - timedelta(days=today.weekday())
    if day >= today - timedelta(days=1):
        heading = f"{say_day(day, today=today)} · {say_long_day(day)}"
    elif day >= monday:
        heading = _("This week")
    elif day >= monday - timedelta(days=7):
        heading = _("Last week")
    else:
        heading = _("%(year)s-%(month)02d") % {"year": day.year, "month": day.month}
    return escape(heading)


@lru_cache(maxsize=2_000)
def _day(language: str, today: date, day: date) -> str:
    """A day, escaped, in the language that is active."""
    return escape(say_day(day, today=today))


def notice_row(row: NoticeRow, words: _Words) -> str:
    said = words.said
    number = f'<span class="number">{escape(row.number)}</span> ' if row.number else ""
    clip = f' {words.clip}<span class="visually-hidden">{said["with files"]}</span>' if row.has_files else ""
    title = f"{number}{escape(row.title)}{clip}"
    at = row.published_at.astimezone(words.zone)
    dot = f'<span class="dot"><span class="visually-hidden">{said["unread"]}</span></span>' if row.is_unread else '<span class="dot"></span>'
    return (
        f'<li class="item{" unread" if row.is_unread else ""}">{dot}<span class="tag kind">{words.kinds.get(row.kind, "")}</span>'
        f'<a class="title" href="{words.base}notices/{row.pk}/">{title}</a>'
        f'<span class="state">{_state(row, words)}</span><span class="from">{escape(row.department)}</span>'
        f'<time datetime="{at.isoformat(timespec="minutes")}" title="{at:%Y-%m-%d %H:%M:%S}">{words.when(at)}</time></li>'
    )


def _state(row: NoticeRow, words: _Words) -> str:
    parts = []
    if row.corrected_at:
        parts.append(f'<span class="small faint">{words.said["corrected"] % {"day": words.short_day(row.corrected_at)}}</span>')
    if row.is_urgent and row.is_unread:
        parts.append(f'<span class="tag urgent">{words.said["urgent"]}</span>')
    elif row.is_pinned:
        parts.append(f'<span class="tag">{words.said["pinned"]}</span>')
    if row.confirmed_at is not None:
        parts.append(f'<span class="tag done">✓ {words.said["confirmed"] % {"day": words.short_day(row.confirmed_at)}}</span>')
    elif row.asks_confirmation:
        parts.append(_deadline(row, words))
    if row.kind == Notice.Kind.TOPIC:
        parts.append(f'<span class="small">{escape(_topic(row, words))}</span>')
    return "".join(parts)


def _deadline(row: NoticeRow, words: _Words) -> str:
    if row.confirm_by is None:
        return f'<span class="tag due">{words.said["to confirm"]}</span>'
    meaning, text = ("urgent", "overdue") if row.confirm_by < words.now else ("due", "confirm by")
    return f'<span class="tag {meaning}">{words.said[text] % {"day": words.short_day(row.confirm_by)}}</span>'


def _topic(row: NoticeRow, words: _Words) -> str:
    if row.is_closed and row.adopted:
        return ngettext("closed · %(number)s adopted", "closed · %(number)s adopted", row.adopted) % {"number": row.adopted}
    if row.is_closed or (row.closes_on is not None and row.closes_on < words.today):
        return _("closed")
    if row.opens_on is not None and row.opens_on > words.today:
        return _("opens %(day)s") % {"day": say_day(row.opens_on, today=words.today)}
    if row.closes_on is None:
        return ""
    days = (row.closes_on - words.today).days + 1
    return ngettext("%(number)s day left", "%(number)s days left", days) % {"number": days}
