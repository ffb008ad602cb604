"""`{% confirmation thing %}` where it is read, `{% confirmation_panel thing %}` beside it."""

from typing import Any

from django import template
from django.contrib.contenttypes.models import ContentType

from portal.access.policies import can
from portal.confirmations.queries import state_of
from portal.confirmations.registry import confirmable_for
from portal.confirmations.topics import topic_of

register = template.Library()


@register.inclusion_tag("confirmations/_confirm.html", takes_context=True)
def confirmation(context: template.Context, about: Any, number: int = 0) -> dict[str, Any]:
    """What this person has confirmed, or the button; empty where the thing asks nothing of them now.

    `number` is the version that is shown, where that may be another than the newest.
    """
    confirmable, state = confirmable_for(type(about)), state_of(context["request"].user, about, number)
    earlier = state.confirmation if state is not None and state.is_of_an_earlier_version else None
    return {
        "csrf_token": context.get("csrf_token"),
        "state": state,
        "address": confirmable.address("confirmation", about),
        "changes_url": confirmable.changes_url(about, earlier.number) if earlier is not None and confirmable.changes_url is not None else "",
    }


@register.inclusion_tag("confirmations/_panel.html", takes_context=True)
def confirmation_panel(context: template.Context, about: Any) -> dict[str, Any]:
    """The way to the report: of everyone, of one's own people, or none. For a thing that asks, or has asked."""
    user, confirmable = context["request"].user, confirmable_for(type(about))
    reports = next((action for action in ("report", "report_own") if can(user, action, about)), "")
    return {
        "reports": reports,
        "topic": topic_of(ContentType.objects.get_for_model(about).pk, about.pk),
        "report_url": confirmable.address("confirmation_report", about),
        "summary_url": confirmable.address("confirmation_summary", about),
    }
