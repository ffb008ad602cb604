"""Comments follow the thing that they are about: who may not see it sees none of them, and who may not write there any more changes none (S4, S9)."""

from dataclasses import dataclass
from typing import Any

from django.contrib.contenttypes.models import ContentType
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from portal.access.policies import Decision, Policy, decide, policy_for, register, viewers_of, visible_to
from portal.accounts.models import User
from portal.discussion.models import Comment
from portal.discussion.registry import all_discussables

REMOVED = Decision(False, _("This was removed."))


@dataclass(frozen=True, slots=True)
class Rights:
    """What one person may do in one discussion, decided once for all its comments."""

    user_id: int
    writing: Decision
    moderating: Decision

    def decide(self, action: str, comment: Comment) -> Decision:
        is_own = comment.author_id == self.user_id
        if comment.is_removed:
            return REMOVED
        if action == "reply":
            return self.writing
        if action == "support":
            return Decision(False, _("Support is for what others wrote.")) if is_own else self.writing
        if action == "change":
            return self.writing if is_own else Decision(False, _("Only who wrote it changes it."))
        if action == "remove":
            return self.writing if is_own and self.writing else self.moderating
        raise LookupError(f"comments know no action {action!r}")


def rights_in(user: Any, about: models.Model) -> Rights:
    """Who may not see the thing may do nothing there."""
    seeing = decide(user, "view", about)
    if not seeing:
        return Rights(user.pk or 0, seeing, seeing)
    return Rights(user.pk, decide(user, "comment", about), decide(user, "moderate", about))


class CommentPolicy(Policy[Comment]):
    actions = {"view": _("see"), "reply": _("reply"), "support": _("support"), "change": _("change"), "remove": _("remove")}

    def decide(self, user: Any, action: str, obj: Comment) -> Decision:
        about = obj.about
        if about is None:
            return Decision(False, _("What it was about is gone."))
        return decide(user, "view", about) if action == "view" else rights_in(user, about).decide(action, obj)

    def visible(self, user: Any, rows: models.QuerySet[Comment]) -> models.QuerySet[Comment]:
        condition = Q(pk__in=[])
        for discussable in all_discussables():
            about_type = ContentType.objects.get_for_model(discussable.model)
            things = visible_to(discussable.model, user).order_by().values("pk")
            condition |= Q(discussion__about_type=about_type, discussion__about_id__in=things)
        return rows.filter(condition)

    def named(self, user: Any, rows: models.QuerySet[Comment]) -> models.QuerySet[Comment]:
        return self.visible(user, rows.filter(removed_at__isnull=True))

    def viewers(self, obj: Comment) -> models.QuerySet[User]:
        about = obj.about
        return User.objects.none() if about is None else viewers_of(about)

    def title(self, obj: Comment) -> str:
        """Whose it is, and on what; a comment has no name but its words."""
        about = obj.about
        title = policy_for(type(about)).title(about) if about is not None else "?"
        return gettext("comment by %(person)s on “%(title)s”") % {"person": obj.author.name, "title": title}


register(Comment, CommentPolicy)
