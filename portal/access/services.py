"""Writing audiences' groups and capabilities, and keeping standings in step with the plant."""

from collections.abc import Collection
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from portal.access.models import Audience, AudienceGroup, CapabilityGrant
from portal.access.rules import AudienceRule
from portal.access.standings import people_matching, refresh_stale, refresh_standings
from portal.audit.services import record
from portal.outbox.services import enqueue

MOST_AT_ONCE = 200


class AudienceError(ValueError):
    """An audience that cannot be saved; the text is for the person who chose it."""


def refresh_people(user_ids: Collection[int] | None) -> None:
    """Called by the organization in the transaction of every change: rights follow at once, sockets after commit, those of many people by a worker."""
    refresh_standings(user_ids)
    concerned = sorted(set(user_ids)) if user_ids is not None else None
    enqueue("standings.changed", {"user_ids": concerned}, at_once=concerned is None or len(concerned) <= MOST_AT_ONCE)


def refresh_day() -> int:
    """Renew the standings whose day has come; return of how many people. Run after midnight; late is harmless."""
    with transaction.atomic():
        stale = refresh_stale()
        if stale:
            enqueue("standings.changed", {"user_ids": stale})
    return len(stale)


@transaction.atomic
def save_group(group: AudienceGroup, *, rule: AudienceRule, actor: Any) -> AudienceGroup:
    """Create or change a saved group; everybody's standing follows in the same transaction. Refuses a group within a group."""
    if any(token.startswith("group:") for token in (*rule.include, *rule.exclude)):
        raise AudienceError(_("A group cannot hold another group. Choose its departments, positions and people instead."))
    if not rule.include:
        raise AudienceError(_("Choose who belongs to the group."))
    stored = AudienceGroup.objects.select_related("audience").filter(pk=group.pk).first()
    before = {"name": stored.name, "audience": stored.audience.key} if stored else {}
    group.audience = Audience.objects.for_rule(rule)
    group.save()
    refresh_people(_concerned(stored.audience.rule if stored else None, rule))
    record(actor, "group.changed" if stored else "group.created", group, before=before, after={"name": group.name, "audience": rule.key})
    return group


@transaction.atomic
def delete_group(group: AudienceGroup, *, actor: Any) -> None:
    """Remove a group that no audience names any more; refuses one that is in use, for things would silently become hidden."""
    token = f"group:{group.pk}"
    in_use = Audience.objects.filter(include__contains=[token]).count() + Audience.objects.filter(exclude__contains=[token]).count()
    if in_use:
        raise AudienceError(_("The group is part of audiences that are in use. Empty it instead, or change those audiences first."))
    record(actor, "group.deleted", group, before={"name": group.name, "audience": group.audience.key})
    concerned = _concerned(group.audience.rule)
    group.delete()
    refresh_people(concerned)


@transaction.atomic
def grant_capability(capability: str, *, rule: AudienceRule, actor: Any) -> None:
    """Say who holds a capability; nobody where the rule includes nobody. Only an administrator may, so that nobody gives what they lack (S12)."""
    if not actor.is_superuser:
        raise PermissionError("only administrators grant capabilities")
    earlier = CapabilityGrant.objects.filter(capability=capability).select_related("audience").first()
    grant, _created = CapabilityGrant.objects.update_or_create(capability=capability, defaults={"audience": Audience.objects.for_rule(rule)})
    refresh_people(_concerned(earlier.audience.rule if earlier else None, rule))
    record(actor, "capability.granted", grant, before={"audience": earlier.audience.key if earlier else ""}, after={"audience": rule.key})


def _concerned(*rules: AudienceRule | None) -> list[int]:
    """Those who are in any of the rules today: before a change and after it, they are the only ones whose standing it moves."""
    return list({user_id for rule in rules if rule is not None for user_id in people_matching(rule).values_list("pk", flat=True)})
