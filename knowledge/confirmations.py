"""Policies ask to be confirmed: whom, of which version, until when."""

from datetime import datetime
from typing import Any

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from knowledge.force import in_force, versions_known
from knowledge.models import Policy, PolicyVersion
from knowledge.notifications import POLICY_OVERDUE, POLICY_REMINDER
from knowledge.policies import reads_policy_version
from portal.confirmations.registry import Asking, Confirmable, Expected, register_confirmable
from portal.foundation.form_pages import Crumb


def asks(policy: Policy) -> Asking | None:
    if policy.binding_number is None or not policy.is_current:
        return None
    return Asking(policy.binding_number, policy.version_number, policy.confirm_by, _in_force_besides(policy))


def _in_force_besides(policy: Policy) -> dict[int, int]:
    """The version in force, while the next one is published already: it is read and confirmed until that takes effect."""
    today = timezone.localdate()
    if policy.effective_on is None or policy.effective_on <= today:
        return {}
    version = in_force(policy, today)
    asked = versions_known().filter(policy=policy, is_binding=True, number__lte=version.number).order_by("-number") if version is not None else None
    number = asked.values_list("number", flat=True).first() if asked is not None else None
    return {version.number: number} if version is not None and number is not None else {}


def reads(person: Any, policy: Policy, number: int) -> bool:
    version = PolicyVersion.objects.filter(policy=policy, number=number).select_related("audience").first()
    if version is None:
        return False
    version.policy = policy
    return reads_policy_version(person, version)


def expected(policy: Policy, moment: datetime) -> Expected | None:
    """The audience of the version that was published last then, and the last one that asked."""
    versions = versions_known(moment).filter(policy=policy).order_by("-number")
    number = versions.filter(is_binding=True).values_list("number", flat=True).first()
    version = versions.select_related("audience").first()
    return Expected(number, version.audience.rule) if number is not None and version is not None else None


def changes_url(policy: Policy, number: int) -> str:
    return reverse("knowledge:policy_comparison", args=[policy.pk, number, policy.version_number])


def crumbs(policy: Policy) -> list[Crumb]:
    return [(_("Policies"), reverse("knowledge:policy_list"))]


def label(policy: Policy) -> str:
    return policy.title


def number(policy: Policy) -> str:
    return policy.number or ""


register_confirmable(
    Confirmable(
        Policy,
        noun="policy",
        namespace="knowledge",
        asks=asks,
        expected=expected,
        url=Policy.get_absolute_url,
        remind=POLICY_REMINDER,
        overdue=POLICY_OVERDUE,
        label=label,
        number=number,
        crumbs=crumbs,
        changes_url=changes_url,
        reads=reads,
    )
)
