"""How departments are named in lists, and the rows of people, which are drawn so often that they have no template of their own."""

from collections.abc import Iterable
from html import escape
from typing import Any

from django import template
from django.urls import reverse
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from portal.directory.people import place_label
from portal.directory.search import PersonRow
from portal.foundation.avatars import avatar_html
from portal.organization.models import Department

register = template.Library()


@register.filter
def place(department: Department) -> str:
    """The name, with the one above where it says little by itself."""
    return place_label(department)


@register.simple_tag
def department_choices(options: Iterable[tuple[int, str]], chosen: int | None = None) -> SafeString:
    """The options of a list of departments."""
    return mark_safe("".join(f'<option value="{pk}"{" selected" if pk == chosen else ""}>{escape(label)}</option>' for pk, label in options))


@register.simple_tag
def people_rows(rows: Iterable[PersonRow]) -> SafeString:
    """The body of the table in `directory/_people.html`."""
    labels: list[str] = [escape(label) for label in (_("Department"), _("Position"), _("Office phone"), _("Mobile"), _("Room"))]
    people, departments = reverse("organization:person_list"), reverse("organization:department_list")
    return mark_safe("".join(_person_row(row, people, departments, labels) for row in rows))  # every part is escaped


@register.simple_tag
def department_rows(nodes: Iterable[dict[str, Any]]) -> SafeString:
    """The body of the table in `directory/department_list.html`."""
    headed, people, phone = (escape(label) for label in (_("Headed by"), _("People"), _("Phone")))
    departments, comma = reverse("organization:department_list"), _(", ")
    rows = []
    for node in nodes:
        department = node["department"]
        rows.append(
            f'<tr><th scope="row"><span class="indent" data-depth="{department.depth}">'
            f'<a href="{departments}{department.pk}/">{escape(department.label)}</a></span></th>'
            f'<td data-label="{headed}">{escape(comma.join(head.name for head in node["heads"]))}</td>'
            f'<td class="num" data-label="{people}">{node["count"]:,}</td><td data-label="{phone}">{escape(department.phone)}</td></tr>'
        )
    return mark_safe("".join(rows))  # every part is escaped


def _person_row(row: PersonRow, people: str, departments: str, labels: list[str]) -> str:
    department, position, phone, mobile, room = labels
    away = f' <span class="tag due">{escape(row.away)}</span>' if row.away else ""
    place = f'<a href="{departments}{row.department_id}/">{escape(row.place)}</a>' if row.department_id else ""
    return (
        f'<tr><th scope="row"><span class="who">{avatar_html(row.name)}<a href="{people}{row.pk}/">{escape(row.name)}</a>'
        f' <span class="faint small">{escape(row.number)}</span>{away}</span></th>'
        f'<td data-label="{department}">{place}</td><td data-label="{position}">{escape(row.position)}</td>'
        f'<td data-label="{phone}">{escape(row.phone)}</td>'
        f'<td data-label="{mobile}">{escape(row.mobile)}</td><td data-label="{room}">{escape(row.room)}</td></tr>'
    )
