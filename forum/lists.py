"""What readers reported and who is muted, for those who moderate; how seals are opened, for the officers of both sides."""

from typing import Any

from django.db.models import Count, OuterRef, QuerySet, Subquery
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from forum.models import Case, Ceremony, HeldPost, Mute, Report
from forum.policies import moderates_some, officer_role
from forum.sealing.labels import mask_label
from forum.services.muting import lift_mute
from portal.access.policies import visible_to
from portal.lists.columns import Column
from portal.lists.definition import List, RowAct, register_list
from portal.lists.filters import ChoiceFilter, DayFilter


def _report_count() -> dict[str, Any]:
    counted = Report.objects.filter(case=OuterRef("pk")).order_by().values("case").annotate(number=Count("*")).values("number")
    return {"report_count": Subquery(counted)}


@register_list
class CaseList(List):
    code = "forum.cases"
    url_name = "forum:case_list"
    row_url_name = "forum:case"
    heading = gettext_lazy("Reported posts")
    subtitle = gettext_lazy("What readers reported in the boards that you moderate. Nobody judges their own post.")
    icon = "flag"
    words_in = ("post__thread__title", "post__author__name")
    words_label = gettext_lazy("Title of the thread, author")
    default_sort = "-opened_at"
    empty_title = gettext_lazy("Nothing was reported")
    columns = (
        Column("opened_at", gettext_lazy("Reported at"), kind="instant", order_by=("opened_at",)),
        Column("thread", gettext_lazy("Thread"), lambda case: f"{case.post.thread.title} #{case.post.number}", related=("post__thread",)),
        Column("board", pgettext_lazy("of the forum", "Board"), lambda case: case.post.thread.board.label, related=("post__thread__board",)),
        Column("author", gettext_lazy("Author"), lambda case: case.post.author_name, related=("post__author",)),
        Column("reports", gettext_lazy("Reports"), "report_count", kind="number", annotations=_report_count),
        Column("state", gettext_lazy("State"), lambda case: case.get_state_display()),
        Column("closed_by", gettext_lazy("Decided by"), lambda case: case.closed_by and case.closed_by.name, related=("closed_by",)),
        Column("answer", gettext_lazy("Reason"), is_shown=False),
    )
    filters = (
        ChoiceFilter(key="state", label=gettext_lazy("State"), choices=Case.State.choices),
        DayFilter(key="opened", label=gettext_lazy("Reported at"), field="opened_at", is_instant=True, is_further=True),
    )

    def is_allowed(self, user: Any) -> bool:
        return moderates_some(user)

    def rows(self, user: Any) -> QuerySet[Case]:
        return visible_to(Case, user)

    def crumbs(self) -> list[tuple[str, str]]:
        return [(_("Forum"), reverse("forum:front"))]


@register_list
class HeldList(List):
    code = "forum.held"
    url_name = "forum:held_list"
    row_url_name = "forum:held_post"
    heading = gettext_lazy("Held posts")
    subtitle = gettext_lazy("What has words to be looked at first, in the boards that you moderate. Nobody judges their own post.")
    icon = "flag"
    words_in = ("title", "thread__title", "author__name")
    words_label = gettext_lazy("Title of the thread, author")
    default_sort = "-held_at"
    empty_title = gettext_lazy("Nothing is kept back")
    columns = (
        Column("held_at", gettext_lazy("Held since"), kind="instant", order_by=("held_at",)),
        Column("thread", gettext_lazy("Thread"), lambda held: held.label, related=("thread",)),
        Column("board", pgettext_lazy("of the forum", "Board"), lambda held: held.board.label, related=("board",)),
        Column("author", gettext_lazy("Author"), lambda held: held.author_name, related=("author",)),
        Column("words", gettext_lazy("Held words")),
        Column("state", gettext_lazy("State"), lambda held: held.get_state_display()),
        Column("decided_by", gettext_lazy("Decided by"), lambda held: held.decided_by and held.decided_by.name, related=("decided_by",)),
        Column("answer", gettext_lazy("Reason"), is_shown=False),
    )
    filters = (ChoiceFilter(key="state", label=gettext_lazy("State"), choices=HeldPost.State.choices),)

    def is_allowed(self, user: Any) -> bool:
        return moderates_some(user)

    def rows(self, user: Any) -> QuerySet[HeldPost]:
        return visible_to(HeldPost, user).exclude(author=user.pk)

    def crumbs(self) -> list[tuple[str, str]]:
        return [(_("Forum"), reverse("forum:front"))]


@register_list
class MuteList(List):
    code = "forum.mutes"
    url_name = "forum:mute_list"
    heading = gettext_lazy("Muted")
    subtitle = gettext_lazy("Who may not write for a while in the boards that you moderate. A mask is nobody's name.")
    icon = "volume-x"
    default_sort = "-muted_at"
    empty_title = gettext_lazy("Nobody is muted")
    columns = (
        Column("who", gettext_lazy("Who"), lambda mute: mute.person.name if mute.person else mask_label(mute.mask.number), related=("person", "mask")),
        Column("thread", gettext_lazy("Thread"), lambda mute: mute.post and mute.post.thread.title, related=("post__thread",)),
        Column("where", pgettext_lazy("of the forum", "Board"), lambda mute: mute.board.label if mute.board else _("All boards"), related=("board",)),
        Column("reason", gettext_lazy("Reason")),
        Column("muted_at", gettext_lazy("Since"), kind="instant", order_by=("muted_at",)),
        Column("until", gettext_lazy("Until"), kind="instant", order_by=("until",)),
        Column("muted_by", gettext_lazy("By"), lambda mute: mute.muted_by.name, related=("muted_by",)),
        Column("lifted_at", gettext_lazy("Lifted at"), kind="instant"),
    )
    acts = (RowAct("lift", gettext_lazy("Lift"), "lift", lambda mute, *, actor: lift_mute(actor=actor, mute=mute), "volume-2"),)

    def is_allowed(self, user: Any) -> bool:
        return moderates_some(user)

    def rows(self, user: Any) -> QuerySet[Mute]:
        return visible_to(Mute, user)

    def crumbs(self) -> list[tuple[str, str]]:
        return [(_("Forum"), reverse("forum:front"))]


@register_list
class CeremonyList(List):
    code = "forum.unsealings"
    url_name = "forum:ceremony_list"
    row_url_name = "forum:ceremony"
    heading = gettext_lazy("Sealed authors")
    subtitle = gettext_lazy("Which seals were asked for, and how far that is. No name stands here.")
    icon = "lock-open"
    default_sort = "-asked_at"
    empty_title = gettext_lazy("No author was asked for")
    is_exported = False
    columns = (
        Column("asked_at", gettext_lazy("Asked at"), kind="instant", order_by=("asked_at",)),
        Column("post", gettext_lazy("Post"), lambda row: f"{row.post.thread.title} #{row.post.number}", related=("post__thread",)),
        Column("state", gettext_lazy("State"), lambda row: row.get_state_display()),
        Column("reference", gettext_lazy("File number")),
        Column("asked_by", gettext_lazy("Asked by"), lambda row: row.asked_by.name, related=("asked_by",)),
        Column("answered_by", gettext_lazy("Answered by"), lambda row: row.answered_by and row.answered_by.name, related=("answered_by",)),
    )

    def is_allowed(self, user: Any) -> bool:
        return officer_role(user) is not None

    def rows(self, user: Any) -> QuerySet[Ceremony]:
        return visible_to(Ceremony, user)

    def crumbs(self) -> list[tuple[str, str]]:
        return [(_("Forum"), reverse("forum:front")), (_("Anonymous posts"), reverse("forum:anonymity"))]
