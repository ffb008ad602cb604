"""What the page of a topic shows."""

from django import template
from django.utils import timezone

from bulletin.models import Adoption, Notice

register = template.Library()


@register.simple_tag
def adopted_suggestions(notice: Notice) -> list[Adoption]:
    """What the department has taken up, in order."""
    if not notice.pk:
        return []
    return list(Adoption.objects.filter(notice=notice.pk).select_related("comment__author", "adopted_by"))


@register.filter
def opens_later(notice: Notice) -> bool:
    return notice.opens_on is not None and notice.opens_on > timezone.localdate()
