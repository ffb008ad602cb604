"""Papers as lists: those that a person began, decided on, or has a copy of."""

from collections.abc import Iterable
from typing import Any

from django.db.models import Count, Exists, OuterRef, Q, QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from portal.access.policies import visible_to
from portal.access.registry import has_capability
from portal.access.rules import person_token
from portal.approvals.capabilities import DRAW_PAPERS
from portal.approvals.models import Drawing, Paper, PaperKind, PaperReader, Vote
from portal.lists.columns import Column
from portal.lists.definition import List, around_key, register_list
from portal.lists.filters import ChoiceFilter, DayFilter, NumberFilter

TONES = {
    Paper.State.DRAFT: "",
    Paper.State.RUNNING: "notice",
    Paper.State.RETURNED: "warning",
    Paper.State.APPROVED: "good",
    Paper.State.REFUSED: "danger",
    Paper.State.WITHDRAWN: "",
    Paper.State.VOID: "",
}


def _state(paper: Paper) -> tuple[str, str]:
    return str(paper.get_state_display()), TONES[Paper.State(paper.state)]


def _kinds() -> Iterable[tuple[str, str]]:
    return [(str(kind.pk), kind.label) for kind in PaperKind.objects.order_by("order", "pk")]


class PaperList(List):
    """What the three lists share. Each is of papers that this person sees."""

    icon = "stamp"
    words_in = ("title", "number")
    words_label = gettext_lazy("Words of the title, number")
    default_sort = "-at"
    template_name = "approvals/paper_list.html"
    empty_title = gettext_lazy("No papers here yet")
    columns = (
        Column("title", gettext_lazy("Title"), lambda paper: paper.title or str(paper.kind), order_by=("title",)),
        Column("kind", gettext_lazy("Kind"), "kind.label", related=("kind",)),
        Column("number", gettext_lazy("Number"), order_by=("number",)),
        Column("originator", gettext_lazy("Begun by"), "originator.name", order_by=("originator__name_pinyin",), related=("originator",)),
        Column("department", gettext_lazy("Department"), "department.label", related=("department",)),
        Column("state", gettext_lazy("State"), _state, "tag"),
        Column("amount", gettext_lazy("Amount (yuan)"), kind="money", order_by=("amount",)),
        Column("at", gettext_lazy("Submitted"), "submitted_at", "instant", order_by=("pk",)),
        Column("finished", gettext_lazy("Finished"), "finished_at", "instant", order_by=("finished_at",), is_shown=False),
    )
    filters = (
        ChoiceFilter(key="state", label=gettext_lazy("State"), choices=Paper.State.choices),
        ChoiceFilter(key="kind", label=gettext_lazy("Kind"), field="kind", choices=_kinds),
        DayFilter(key="submitted", label=gettext_lazy("Submitted"), field="submitted_at", is_instant=True, is_further=True),
        NumberFilter(key="amount", label=gettext_lazy("Amount (yuan)"), field="amount", unit=100, is_further=True),
    )
    related = ("kind",)
    # Of four tables, those columns alone that a row shows.
    read = (
        "title",
        "number",
        "state",
        "amount",
        "submitted_at",
        "finished_at",
        "kind__name",
        "kind__name_en",
        "originator__name",
        "department__name",
        "department__name_en",
    )

    def of(self, user: Any) -> Q:
        raise NotImplementedError

    def rows(self, user: Any) -> QuerySet[Paper]:
        return visible_to(Paper, user).filter(self.of(user)).only(*self.read)

    def row_url(self, row: Paper) -> str:
        before, after = around_key("approvals:paper_draft" if row.state == Paper.State.DRAFT else "approvals:paper_detail")
        return f"{before}{row.pk}{after}"

    def crumbs(self) -> list[tuple[str, str]]:
        return [(_("Approvals"), reverse("approvals:inbox"))]


@register_list
class BegunList(PaperList):
    code = "approvals.begun"
    url_name = "approvals:paper_list"
    heading = gettext_lazy("Papers that I began")
    empty_text = gettext_lazy("What you begin stands here, drafts too.")

    def of(self, user: Any) -> Q:
        return Q(originator=user)


@register_list
class DecidedList(PaperList):
    code = "approvals.decided"
    url_name = "approvals:decided_list"
    heading = gettext_lazy("Papers on which I decided")

    def of(self, user: Any) -> Q:
        return Q(pk__in=Vote.objects.filter(person=user).exclude(decision=Vote.Decision.REVISE).values("paper"))


@register_list
class CopiedList(PaperList):
    code = "approvals.copied"
    url_name = "approvals:copied_list"
    heading = gettext_lazy("Papers sent to me")

    def of(self, user: Any) -> Q:
        return Q(pk__in=PaperReader.objects.filter(token=person_token(user.pk), reason="copied").values("thing"))


def _version(kind: PaperKind) -> str:
    if kind.form is None or kind.route is None:
        return _("not published yet")
    return _("form %(form)s, route %(route)s") % {"form": kind.form.number, "route": kind.route.number}


def _drawing(kind: Any) -> tuple[str, str]:
    return (_("being drawn"), "notice") if kind.is_drawn else ("", "")


@register_list
class KindList(List):
    """Kinds of papers, for those who draw them."""

    code = "approvals.kinds"
    url_name = "approvals:kind_list"
    heading = gettext_lazy("Kinds of papers")
    subtitle = gettext_lazy("Their forms and routes. What is published holds for papers begun from then on.")
    icon = "stamp"
    words_in = ("name", "name_en", "number_prefix")
    words_label = gettext_lazy("Words of the name, prefix")
    default_sort = "order"
    template_name = "approvals/kind_list.html"
    empty_title = gettext_lazy("No kind of paper yet")
    columns = (
        Column("name", pgettext_lazy("of a thing", "Name"), lambda kind: kind.label, order_by=("name",)),
        Column("number_prefix", gettext_lazy("Prefix"), order_by=("number_prefix",)),
        Column("version", gettext_lazy("Version"), _version, related=("form", "route")),
        Column("drawing", gettext_lazy("Drawing"), _drawing, "tag"),
        Column("under_way", gettext_lazy("Under way"), "under_way", "number", order_by=("under_way",)),
        Column("order", gettext_lazy("Order"), kind="number", order_by=("order", "pk"), is_shown=False),
    )

    def is_allowed(self, user: Any) -> bool:
        return has_capability(user, DRAW_PAPERS)

    def rows(self, user: Any) -> QuerySet[PaperKind]:
        under_way = Count("papers", filter=Q(papers__state__in=[Paper.State.RUNNING, Paper.State.RETURNED]))
        return PaperKind.objects.annotate(under_way=under_way, is_drawn=Exists(Drawing.objects.filter(kind=OuterRef("pk"))))

    def row_url(self, row: PaperKind) -> str:
        return reverse("approvals:kind_form", args=[row.code])

    def crumbs(self) -> list[tuple[str, str]]:
        return [(_("Approvals"), reverse("approvals:inbox"))]
