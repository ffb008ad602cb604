"""What bells say of a notice: the words of the version that is read now, until it leaves the boards."""

from typing import Any

from bulletin.models import Notice, NoticeVersion
from portal.notifications.registry import Subject, register_subject


def _words(notice: Notice) -> dict[str, Any]:
    """Of the version that is read now, and what was changed with it."""
    version = NoticeVersion.objects.filter(notice=notice, number=notice.version_number).only("change_note").first()
    return {
        "department": notice.department.name,
        "department_en": notice.department.name_en,
        "title": notice.title,
        "note": version.change_note if version is not None else "",
    }


register_subject(Notice, Subject(_words, lambda notice: notice.shown_until))
