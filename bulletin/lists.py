"""What departments have published, for those who watch over the boards: titles, dates and reach. Never the text."""

from html import escape
from typing import Any

from django.db.models import OuterRef, Q, QuerySet, Subquery
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from bulletin.capabilities import OVERSEE
from bulletin.models import Notice, NoticeVersion
from portal.access.capabilities import EXPLAIN_ACCESS
from portal.access.registry import has_capability
from portal.access.templatetags.access import why_link
from portal.lists.columns import Column
from portal.lists.definition import List, register_list
from portal.lists.filters import ChoiceFilter, DayFilter, FlagFilter


def _state(notice: Notice) -> str:
    """What can still be done, or that it was."""
    if notice.retracted_at:
        said = escape(_("retracted"))
        return f'<span class="tag" title="{escape(notice.retraction_reason)}">{said}</span>'
    label = escape(_("Retract"))
    return f'<a class="button small" href="{reverse("bulletin:notice_retraction", args=[notice.pk])}">{label}</a>'


def _reach() -> dict[str, Any]:
    return {"reach": Subquery(NoticeVersion.objects.filter(notice=OuterRef("pk")).order_by("-number").values("reach")[:1])}


@register_list
class OversightList(List):
    code = "bulletin.oversight"
    url_name = "bulletin:oversight"
    template_name = "bulletin/oversight.html"
    heading = gettext_lazy("Oversight of the boards")
    subtitle = gettext_lazy("Titles, dates and reach of what departments publish. Never the text.")
    icon = "telescope"
    words_in = ("title", "department__name", "department__name_en")
    words_label = gettext_lazy("Words of the title, department")
    default_sort = "-published_at"
    picks_keys_first = True  # sorting whole rows of all that was ever published takes thirty times as long
    empty_title = gettext_lazy("Nothing has been published yet")
    columns = (
        Column("title", gettext_lazy("Title"), lambda notice: f"{notice.number} {notice.title}".strip()),
        Column("department", gettext_lazy("Department"), "department.label", related=("department",)),
        Column("published_at", gettext_lazy("Published at"), kind="instant", order_by=("published_at",)),
        Column("published_by", gettext_lazy("Published by"), lambda notice: notice.published_by and notice.published_by.name, related=("published_by",)),
        Column("reach", gettext_lazy("Reach"), kind="number", annotations=_reach),
        Column(
            "why",
            gettext_lazy("Who can see this?"),
            lambda notice: why_link(notice, "small"),
            "html",
            plain=lambda notice: "",
            is_allowed=lambda user: has_capability(user, EXPLAIN_ACCESS),
        ),
        Column("state", gettext_lazy("Retract"), _state, "html", plain=lambda notice: _("retracted") if notice.retracted_at else ""),
    )
    filters = (
        ChoiceFilter(key="kind", label=gettext_lazy("Kind"), choices=Notice.Kind.choices),
        DayFilter(key="published", label=gettext_lazy("Published"), field="published_at", is_instant=True, is_further=True),
        FlagFilter(key="retracted", label=gettext_lazy("Retracted"), holds=Q(retracted_at__isnull=False)),
    )

    def is_allowed(self, user: Any) -> bool:
        return has_capability(user, OVERSEE)

    def rows(self, user: Any) -> QuerySet[Notice]:
        """Everything that was ever published, by a right that belongs to no single notice."""
        return Notice.objects.filter(published_at__isnull=False).defer("body")

    def crumbs(self) -> list[tuple[str, str]]:
        return [(_("Notices"), reverse("bulletin:board"))]
