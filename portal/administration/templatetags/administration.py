"""The rows of the record, drawn without a template of their own, for there are many."""

from collections.abc import Iterable
from html import escape
from typing import Any

from django import template
from django.urls import reverse
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from portal.audit.verbs import verb_label
from portal.foundation.templatetags.foundation import when

register = template.Library()


@register.simple_tag
def record_rows(rows: Iterable[tuple[Any, ...]]) -> SafeString:
    """The body of the table in `administration/record_list.html`, from `views.COLUMNS`."""
    labels = [escape(label) for label in (_("When"), _("Who"), _("Did"), _("To"), _("From where"))]
    record_url, portal, viewed_by = reverse("administration:record_list"), _("the portal itself"), _("viewed by %(name)s")
    drawn = []
    for pk, at, actor, on_behalf_of, verb, to, address in rows:
        viewer = f'<br><small class="faint">{escape(viewed_by % {"name": on_behalf_of})}</small>' if on_behalf_of else ""
        cells = (
            f'<a href="{record_url}{pk}/">{when(at)}</a>',
            f"<div>{escape(actor or portal)}{viewer}</div>",
            escape(verb_label(verb)),
            escape(to),
            escape(address or ""),
        )
        tds = (f'<td data-label="{label}">{cell}</td>' for label, cell in zip(labels, cells, strict=True))
        drawn.append(f"<tr>{''.join(tds)}</tr>")
    return mark_safe("".join(drawn))  # every part is escaped
