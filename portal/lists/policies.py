"""Whose a view is, and whose a file."""

from typing import Any

from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _

from portal.access.policies import AudiencePolicy, Decision, Policy, register
from portal.access.visibility import audience_ids_of
from portal.accounts.models import User
from portal.lists.models import ListExport, SavedView


class SavedViewPolicy(AudiencePolicy[SavedView]):
    """Its owner, and whom it is shared with; only the owner changes it."""

    actions = {"view": _("see"), "change": _("change")}

    def decide(self, user: Any, action: str, obj: SavedView) -> Decision:
        if obj.owner_id == user.pk:
            return Decision(True, _("A view is changed by whoever saved it."))
        decision = self.decide_view(user, obj)
        if action == "view" or not decision:
            return decision
        return Decision(False, _("A view is changed by whoever saved it."))

    def visible(self, user: Any, rows: QuerySet[SavedView]) -> QuerySet[SavedView]:
        return rows.filter(Q(owner=user) | Q(audience__any=audience_ids_of(user)))

    def viewers(self, obj: SavedView) -> QuerySet[User]:
        return super().viewers(obj) | User.objects.active().filter(pk=obj.owner_id)


class ListExportPolicy(Policy[ListExport]):
    """A file is made of what one person may see, for that person alone."""

    def decide(self, user: Any, action: str, obj: ListExport) -> Decision:
        return Decision(obj.person_id == user.pk, _("An export belongs to whoever asked for it."))

    def visible(self, user: Any, rows: QuerySet[ListExport]) -> QuerySet[ListExport]:
        return rows.filter(person=user)

    def viewers(self, obj: ListExport) -> QuerySet[User]:
        return User.objects.active().filter(pk=obj.person_id)


register(SavedView, SavedViewPolicy)
register(ListExport, ListExportPolicy)
