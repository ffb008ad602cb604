"""Policies ask to be confirmed: whom, of which version, until when."""

from datetime import datetime

from django.urls import reverse
from django.utils.translation import gettext as _

from knowledge.force import versions_known
from knowledge.models import Policy
from knowledge.notifications import POLICY_OVERDUE, POLICY_REMINDER
from portal.confirmations.registry import Asking, Confirmable, Expected, register_confirmable
from portal.foundation.form_pages import Crumb


def asks(policy: Policy) -> Asking | None:
    if policy.binding_number is None or not policy.is_current:
        return None
    return Asking(policy.binding_number, policy.version_number, policy.confirm_by)


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
    )
)
