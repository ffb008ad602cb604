"""Who sees what of mail: whoever has it in their mailbox, and nobody else. No capability opens a mailbox, administrators hold none of others."""

from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from mail.models import Draft, Folder, Message, Placement
from portal.access.policies import Decision, Policy, register
from portal.access.readers import NOBODY, TakingPart
from portal.access.rules import person_token
from portal.accounts.models import User
from portal.audit.origin import current_origin

OWN = _("It is in the person's own mailbox.")
NOT_OWN = _("Mail is for those who have it in their mailbox, and for nobody else.")
UNOPENED = _("It was not opened yet; opening it lets the sender know.")


def is_viewed_as_another() -> bool:
    """Mail is closed entirely, its files too, while an administrator views the site as somebody else."""
    return bool(current_origin.get().on_behalf_of)


class _OwnPolicy(Policy[Any]):
    """For what is of one mailbox."""

    actions = {"view": _("see"), "change": _("change")}
    may_be_asked = False
    owner = "mailbox__owner"

    def decide(self, user: Any, action: str, obj: Any) -> Decision:
        is_own = user.is_employee and obj.mailbox.owner_id == user.pk and not is_viewed_as_another()
        return Decision(is_own, OWN if is_own else NOT_OWN)

    def visible(self, user: Any, rows: QuerySet[Any]) -> QuerySet[Any]:
        return rows.filter(**{self.owner: user.pk}) if user.is_employee and not is_viewed_as_another() else rows.none()

    def viewers(self, obj: Any) -> QuerySet[User]:
        return User.objects.active().employees().filter(pk=obj.mailbox.owner_id)


class DraftPolicy(_OwnPolicy):
    pass


class FolderPolicy(_OwnPolicy):
    pass


class PlacementPolicy(_OwnPolicy):
    """What is in a mailbox, also as a note that it was recalled; what was deleted for ever is there for nobody."""

    def decide(self, user: Any, action: str, obj: Placement) -> Decision:
        return super().decide(user, action, obj) if obj.purged_at is None else Decision(False, NOT_OWN)

    def visible(self, user: Any, rows: Any) -> Any:
        return super().visible(user, rows).filter(purged_at__isnull=True)

    def viewers(self, obj: Placement) -> QuerySet[User]:
        return super().viewers(obj) if obj.purged_at is None else User.objects.none()

    def taking_part(self, obj: Placement) -> TakingPart:
        """Who finds it: its owner, once it was opened."""
        return TakingPart((person_token(obj.mailbox.owner_id),)) if obj.is_told else NOBODY

    def rows_of_taking_part(self, user: Any) -> Q | None:
        return Q(mailbox__owner=user.pk, purged_at__isnull=True, recalled_at__isnull=True) & (Q(side="sent") | Q(read_at__isnull=False))


class MessagePolicy(Policy[Message]):
    """What a message says, and its files: for who sent it and for who opened it, as long as they have it."""

    may_be_asked = False
    actions = {"view": _("read"), "recall": pgettext_lazy("mail", "recall"), "reply": _("reply")}

    def decide(self, user: Any, action: str, obj: Message) -> Decision:
        if not user.is_employee or is_viewed_as_another():
            return Decision(False, NOT_OWN)
        mine = Placement.objects.of(user).live().filter(message=obj)
        if not mine.exists():
            return Decision(False, NOT_OWN)
        if not mine.told().exists():
            return Decision(False, UNOPENED)
        if action == "recall":
            return Decision(obj.writer_id == user.pk, _("Only who sent it recalls it."))
        return Decision(True, OWN)

    def visible(self, user: Any, rows: QuerySet[Message]) -> QuerySet[Message]:
        if not user.is_employee or is_viewed_as_another():
            return rows.none()
        return rows.filter(Exists(Placement.objects.of(user).told().filter(message=OuterRef("pk"))))

    def viewers(self, obj: Message) -> QuerySet[User]:
        people = User.objects.active().employees()
        return people.filter(pk__in=Placement.objects.told().filter(message=obj).order_by().values("mailbox__owner"))


register(Draft, DraftPolicy)
register(Folder, FolderPolicy)
register(Placement, PlacementPolicy)
register(Message, MessagePolicy)
