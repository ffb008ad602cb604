"""Who sees what in the forum: the audience of a board sees its threads and posts, and writes there; its moderators act.

Moderators see a board that is not for them, to act in it.
"""

from typing import Any

from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from forum.capabilities import MANAGE, MODERATE, UNSEAL_FIRST, UNSEAL_SECOND
from forum.models import Board, Case, Ceremony, HeldPost, Mute, Post, Thread
from forum.sealing.models import Role
from portal.access.policies import (
    AudiencePolicy,
    Decision,
    Policy,
    can,
    decide,
    decide_by_taking_part,
    people_taking_part,
    register,
    viewers_of,
    visible_to,
)
from portal.access.readers import TakingPart
from portal.access.registry import has_capability
from portal.access.rules import duty_token, split_token
from portal.access.standings import people_holding, standing_of
from portal.accounts.models import User

MODERATES = _("Moderates here.")
# Granted by name, on record: whoever keeps the machines holds every capability, and sees nothing by that which is not for them.
OF_ALL_BOARDS = f"cap:{MODERATE}"
NOT_READABLE = Decision(False, _("It was hidden or taken back."))
ARCHIVED = Decision(False, _("The board is archived: it is read, and written in no more."))
CLOSED = Decision(False, _("The thread is closed: it is read, and written in no more."))


def moderators_of(board: Board) -> TakingPart:
    """Who holds the board's duty, and who moderates the whole forum."""
    tokens = [OF_ALL_BOARDS, *([duty_token(board.duty_id)] if board.duty_id else [])]
    return TakingPart(tuple(tokens), reasons=[(token, MODERATES) for token in tokens])


def moderates(user: Any, board: Board) -> bool:
    return bool(user.is_employee and decide_by_taking_part(user, moderators_of(board)))


def moderated_boards(user: Any) -> Q | None:
    """A condition on boards: those that this person moderates; None where there are none."""
    if not user.is_employee:
        return None
    if OF_ALL_BOARDS in standing_of(user).token_set:
        return Q()
    duties = [split_token(token)[1] for token in standing_of(user).tokens if token.startswith("duty:")]
    return Q(duty__in=duties) if duties else None


def moderates_some(user: Any) -> bool:
    """Whether there is a board that this person moderates."""
    boards = moderated_boards(user)
    return boards is not None and Board.objects.filter(boards).exists()


def officer_role(user: Any) -> str | None:
    """On which side of the two this person opens seals. By a right that was granted by name; who holds both, moderates, or keeps the machines, on none."""
    if not user.is_employee or user.is_superuser:
        return None
    tokens = standing_of(user).token_set
    sides = [role for role, token in ((Role.FIRST, f"cap:{UNSEAL_FIRST}"), (Role.SECOND, f"cap:{UNSEAL_SECOND}")) if token in tokens]
    return str(sides[0]) if len(sides) == 1 and not moderates_some(user) else None


class BoardPolicy(AudiencePolicy[Board]):
    actions = {"view": _("read"), "post": _("write"), "moderate": _("moderate"), "change": _("keep")}

    def decide(self, user: Any, action: str, obj: Board) -> Decision:
        if action == "change":
            return Decision(has_capability(user, MANAGE), _("Boards are kept by those who have that right."))
        if action == "moderate":
            return Decision(moderates(user, obj), _("Boards are moderated by those who hold their duty."))
        seeing = self.decide_view(user, obj)
        if action == "view" or not seeing:
            return seeing
        return ARCHIVED if obj.archived_at is not None else Decision(user.is_employee, _("The forum is for employees."))

    def taking_part(self, obj: Board) -> TakingPart:
        return moderators_of(obj)

    def rows_of_taking_part(self, user: Any) -> Q | None:
        return moderated_boards(user)


class ThreadPolicy(AudiencePolicy[Thread]):
    actions = {
        "view": _("read"),
        "reply": _("reply"),
        "change": _("change the title"),
        "moderate": _("close, pin, move and hide"),
    }

    def decide(self, user: Any, action: str, obj: Thread) -> Decision:
        moderating = Decision(moderates(user, obj.board), _("Boards are moderated by those who hold their duty."))
        if action == "moderate":
            return moderating
        seeing = moderating if not obj.is_shown else self.decide_view(user, obj)
        if action == "view" or not seeing:
            return seeing
        if obj.board.archived_at is not None:
            return ARCHIVED
        if obj.is_closed and not moderating:
            return CLOSED
        if action == "change" and not moderating:
            return Decision(obj.author_id == user.pk, _("Only who began it, or a moderator, changes the title."))
        return Decision(user.is_employee, _("The forum is for employees."))

    def visible(self, user: Any, rows: QuerySet[Thread]) -> QuerySet[Thread]:
        taken = self.rows_of_taking_part(user)
        shown = super().visible(user, rows.filter(is_shown=True))
        return shown if taken is None else super().visible(user, rows).filter(Q(is_shown=True) | taken)

    def viewers(self, obj: Thread) -> QuerySet[User]:
        return super().viewers(obj) if obj.is_shown else people_moderating(obj.board)

    def taking_part(self, obj: Thread) -> TakingPart:
        return moderators_of(obj.board)

    def rows_of_taking_part(self, user: Any) -> Q | None:
        boards = moderated_boards(user)
        return None if boards is None else Q(board__in=Board.objects.filter(boards).values("pk"))


class PostPolicy(Policy[Post]):
    """A post stands in its thread for whoever sees that; what a hidden or withdrawn one says is for its author and the moderators, and so are its files."""

    actions = {
        "view": _("read"),
        "quote": _("quote"),
        "support": _("support"),
        "report": _("report"),
        "change": _("edit"),
        "withdraw": _("take back"),
        "hide": _("hide"),
        "restore": _("show again"),
    }

    def decide(self, user: Any, action: str, obj: Post) -> Decision:
        seeing = decide(user, "view", obj.thread)
        if not seeing:
            return seeing
        is_own = obj.author_id == user.pk
        if action == "view":
            return seeing if obj.is_readable else Decision(is_own or moderates(user, obj.thread.board), NOT_READABLE.rule)
        if action in {"hide", "restore"}:
            return self._moderating(user, action, obj)
        if not obj.is_readable:
            return NOT_READABLE
        if action == "report":
            return Decision(user.is_employee and not is_own, _("Reports are for what others wrote."))
        writing = decide(user, "reply", obj.thread)
        if not writing or action == "quote":
            return writing
        if action == "support":
            return Decision(not is_own, _("Support is for what others wrote."))
        return Decision(is_own, _("Only who wrote it changes it."))

    def _moderating(self, user: Any, action: str, obj: Post) -> Decision:
        if not can(user, "moderate", obj.thread):
            return Decision(False, _("Boards are moderated by those who hold their duty."))
        if obj.author_id == user.pk:
            return Decision(False, _("Nobody judges their own post. Ask another moderator."))
        if action == "hide":
            return Decision(obj.is_readable, NOT_READABLE.rule)
        return Decision(obj.is_hidden, _("It is not hidden."))

    def visible(self, user: Any, rows: QuerySet[Post]) -> QuerySet[Post]:
        condition = Q(hidden_at__isnull=True, withdrawn_at__isnull=True) | Q(author=user.pk)
        boards = moderated_boards(user)
        if boards is not None:
            condition |= Q(thread__board__in=Board.objects.filter(boards).values("pk"))
        return rows.filter(condition, thread__in=visible_to(Thread, user).order_by().values("pk"))

    def viewers(self, obj: Post) -> QuerySet[User]:
        seeing = viewers_of(obj.thread)
        return seeing if obj.is_readable else seeing.filter(Q(pk=obj.author_id or 0) | Q(pk__in=people_moderating(obj.thread.board).values("pk")))

    def taking_part(self, obj: Post) -> TakingPart:
        return moderators_of(obj.thread.board)

    def rows_of_taking_part(self, user: Any) -> Q | None:
        boards = moderated_boards(user)
        return None if boards is None else Q(thread__board__in=Board.objects.filter(boards).values("pk"))

    def title(self, obj: Post) -> str:
        return f"{obj.thread.title} #{obj.number}"


class CasePolicy(Policy[Case]):
    """A case is for the moderators of the board, except for who wrote the post."""

    actions = {"view": _("see"), "decide": pgettext_lazy("of a report", "decide")}

    def decide(self, user: Any, action: str, obj: Case) -> Decision:
        if obj.post.author_id == user.pk:
            return Decision(False, _("Nobody judges their own post. Ask another moderator."))
        if action == "decide" and obj.reports.filter(person=user.pk).exists():
            return Decision(False, _("You reported it yourself. Ask another moderator."))
        return Decision(moderates(user, obj.post.thread.board), _("Boards are moderated by those who hold their duty."))

    def visible(self, user: Any, rows: QuerySet[Case]) -> QuerySet[Case]:
        boards = moderated_boards(user)
        if boards is None:
            return rows.none()
        return rows.filter(post__thread__board__in=Board.objects.filter(boards).values("pk")).exclude(post__author=user.pk)

    def viewers(self, obj: Case) -> QuerySet[User]:
        return people_moderating(obj.post.thread.board).exclude(pk=obj.post.author_id or 0)


class HeldPostPolicy(Policy[HeldPost]):
    """What is kept back is seen by whoever wrote it and by the moderators of the board, who decide on what others wrote."""

    actions = {"view": _("see"), "decide": pgettext_lazy("of a report", "decide")}

    def decide(self, user: Any, action: str, obj: HeldPost) -> Decision:
        is_own = obj.author_id == user.pk
        moderating = Decision(moderates(user, obj.board), _("Boards are moderated by those who hold their duty."))
        if action == "view" and is_own:
            return Decision(user.is_employee, moderating.rule)
        if is_own and moderating:
            return Decision(False, _("Nobody judges their own post. Ask another moderator."))
        return moderating

    def visible(self, user: Any, rows: QuerySet[HeldPost]) -> QuerySet[HeldPost]:
        if not user.is_employee:
            return rows.none()
        boards = moderated_boards(user)
        own = Q(author=user.pk)
        return rows.filter(own if boards is None else own | Q(board__in=Board.objects.filter(boards).values("pk")))

    def viewers(self, obj: HeldPost) -> QuerySet[User]:
        writers = User.objects.active().employees().filter(pk=obj.author_id or 0)
        return User.objects.filter(Q(pk__in=writers.values("pk")) | Q(pk__in=people_moderating(obj.board).values("pk")))


class MutePolicy(Policy[Mute]):
    """A mute is seen and lifted by the moderators of the board on which it was set."""

    actions = {"view": _("see"), "lift": _("lift")}

    def decide(self, user: Any, action: str, obj: Mute) -> Decision:
        return Decision(obj.post is not None and moderates(user, obj.post.thread.board), _("Boards are moderated by those who hold their duty."))

    def visible(self, user: Any, rows: QuerySet[Mute]) -> QuerySet[Mute]:
        boards = moderated_boards(user)
        return rows.none() if boards is None else rows.filter(post__thread__board__in=Board.objects.filter(boards).values("pk"))

    def viewers(self, obj: Mute) -> QuerySet[User]:
        return people_moderating(obj.post.thread.board) if obj.post is not None else User.objects.none()


class CeremonyPolicy(Policy[Ceremony]):
    """An unsealing is seen by the officers of both sides."""

    actions = {"view": _("see")}

    def decide(self, user: Any, action: str, obj: Ceremony) -> Decision:
        return Decision(officer_role(user) is not None, _("Seals are opened by officers of the two sides alone; who moderates or keeps the portal is none."))

    def visible(self, user: Any, rows: QuerySet[Ceremony]) -> QuerySet[Ceremony]:
        return rows if officer_role(user) is not None else rows.none()

    def viewers(self, obj: Ceremony) -> QuerySet[User]:
        holding = people_holding([f"cap:{UNSEAL_FIRST}", f"cap:{UNSEAL_SECOND}"])
        return holding.filter(pk__in=[person.pk for person in holding if officer_role(person) is not None])


def people_moderating(board: Board) -> QuerySet[User]:
    """The active people who moderate a board today."""
    return people_taking_part(moderators_of(board)).filter(kind=User.Kind.EMPLOYEE)


register(Board, BoardPolicy)
register(Thread, ThreadPolicy)
register(Post, PostPolicy)
register(Case, CasePolicy)
register(Ceremony, CeremonyPolicy)
register(HeldPost, HeldPostPolicy)
register(Mute, MutePolicy)
