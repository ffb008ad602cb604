"""Notices ask to be confirmed: whom, of which version, until when."""

from collections.abc import Collection, Mapping
from datetime import datetime
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from bulletin.models import Notice, NoticeVersion, Reading
from bulletin.notifications import CONFIRM, OVERDUE
from bulletin.services.readers import note_reading
from portal.confirmations.registry import Asking, Confirmable, Expected, register_confirmable
from portal.foundation.form_pages import Crumb


def asks(notice: Notice) -> Asking | None:
    if notice.binding_number is None or not notice.is_current:
        return None
    return Asking(notice.binding_number, notice.version_number, notice.confirm_by)


def expected(notice: Notice, moment: datetime) -> Expected | None:
    """The audience of the version that was read then, and the last version that asked."""
    versions = NoticeVersion.objects.filter(notice=notice, published_at__lt=moment).order_by("-number")
    number = versions.filter(is_binding=True).values_list("number", flat=True).first()
    version = versions.select_related("audience").only("audience").first()
    return Expected(number, version.audience.rule) if number is not None and version is not None else None


def opened(notice: Notice, people: Collection[int], before: datetime) -> Mapping[int, datetime]:
    return dict(Reading.objects.filter(notice=notice, person__in=people, read_at__lt=before).values_list("person", "read_at"))


def changes_url(notice: Notice, number: int) -> str:
    return reverse("bulletin:notice_change", args=[notice.pk, notice.version_number])


def crumbs(notice: Notice) -> list[Crumb]:
    return [(_("Notices"), reverse("bulletin:board"))]


def label(notice: Notice) -> str:
    return notice.title


def number(notice: Notice) -> str:
    return notice.number


def confirmed(notice: Notice, actor: Any) -> None:
    note_reading(notice, actor=actor)


register_confirmable(
    Confirmable(
        Notice,
        noun="notice",
        namespace="bulletin",
        asks=asks,
        expected=expected,
        url=Notice.get_absolute_url,
        remind=CONFIRM,
        overdue=OVERDUE,
        label=label,
        number=number,
        crumbs=crumbs,
        opened=opened,
        confirmed=confirmed,
        changes_url=changes_url,
    )
)
