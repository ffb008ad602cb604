"""`{{ step.due_at|due }}`: until when, with the time of day, for what is still to come. `{{ table|said_rows }}`: the lines of a table."""

import json
from datetime import datetime
from html import escape

from django import template
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from portal.approvals.fields_said import SaidTable
from portal.foundation.dates import WEEKDAYS, exact_instant, say_instant

register = template.Library()


@register.filter
def due(instant: datetime | None) -> SafeString | str:
    """今天 16:50, 明天 09:20, 周三 11:30, 12-05 11:30."""
    if instant is None:
        return ""
    local = timezone.localtime(instant)
    days = (local.date() - timezone.localdate()).days
    if -1 <= days <= 1:
        words = say_instant(instant)
    elif 1 < days < 7:
        words = f"{_(WEEKDAYS[local.weekday()])} {local:%H:%M}"
    else:
        words = f"{local:%m-%d %H:%M}" if local.year == timezone.localdate().year else f"{local:%Y-%m-%d}"
    return format_html('<time datetime="{}" title="{}">{}</time>', instant.isoformat(), exact_instant(instant), words)


@register.filter
def said_rows(table: SaidTable) -> SafeString:
    """Drawn without a template for each cell, for there are hundreds."""
    starts = [f'<td class="num" data-label="{escape(head.label)}">' if head.is_number else f'<td data-label="{escape(head.label)}">' for head in table.heads]
    drawn = []
    for number, row in enumerate(table.rows, 1):
        cells = "".join(f"{start}{escape(words)}</td>" for start, words in zip(starts, row, strict=True))
        carried = f' data-carried="{escape(json.dumps(table.carried[number - 1], ensure_ascii=False))}"' if table.carried else ""
        drawn.append(f'<tr{carried}><th scope="row" class="num">{number}</th>{cells}</tr>')
    return mark_safe("".join(drawn))  # every cell is escaped
