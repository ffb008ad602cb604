"""Notices: begun, approved by a second person; and what is theirs in the life of a page."""

from collections.abc import Mapping
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _
from wagtail.models import Revision

from bulletin.models import DepartmentBoard, Notice, NoticeVersion
from bulletin.notifications import CORRECTED, NOT_PUBLISHED, PUBLISHED, RETRACTED, URGENT
from bulletin.policies import publishers_of
from bulletin.prefixes import document_key
from bulletin.publishing import tokens_of_publishers
from bulletin.services.bells import renew_told, take_bells_back
from bulletin.services.numbers import issue_document_number
from bulletin.services.topics import plan_topic_end
from portal.access.models import Audience
from portal.access.rules import AudienceRule, department_token
from portal.access.standings import people_matching
from portal.confirmations.services import confirm_for_writers, plan_deadline
from portal.discussion.services import ask_listeners_again
from portal.foundation.rich_text import to_text
from portal.notifications.services import notify
from portal.pages.approval import cancel_request
from portal.pages.lifecycle import said
from portal.pages.registry import Publication
from portal.pages.services import begin_page


def create_notice(board: DepartmentBoard, *, actor: Any, kind: str = Notice.Kind.NOTICE, values: Mapping[str, Any] | None = None, key: str = "") -> Notice:
    """Begin a notice on a department's board, for the department itself until an audience is chosen."""
    notice = Notice(kind=kind, department=board.department, audience=Audience.objects.for_rule(rule_of_board(board)))
    return begin_page(notice, below=board, actor=actor, values=values, key=key)


def rule_of_board(board: DepartmentBoard) -> AudienceRule:
    """A notice is for its department until something else is chosen."""
    return AudienceRule.of([department_token(board.department_id)])


# What a notice adds to the life of a page; see `portal.pages.registry.PageRules`.


def missing_of_notice(notice: Notice) -> dict[str, str]:
    """What keeps a notice from being published, beyond what every page needs."""
    problems: dict[str, str] = {}
    if not to_text(notice.body).strip() and not notice.file_ids:
        problems["body"] = _("Write a text or add a file.")
    if notice.needs_confirmation and notice.confirm_by is not None and notice.confirm_by <= notice.begins_at and not _keeps_deadline(notice):
        problems["confirm_by"] = _("The time to confirm by has passed. Choose one after %(time)s.") % {"time": said(notice.begins_at)}
    if notice.kind == Notice.Kind.DOCUMENT and notice.document_number is None and not (notice.board and notice.board.document_prefix):
        problems["kind"] = _("The department has no prefix for document numbers yet. Its head sets one on the board's page.")
    if notice.kind == Notice.Kind.TOPIC:
        problems |= _problems_of_topic(notice)
    return problems


def facts_of_notice(notice: Notice, publication: Publication) -> dict[str, Any]:
    """Its next version, the one from which on a confirmation counts, and the number of a document."""
    assert notice.board is not None, "notices stand on boards"
    number = notice.version_number + 1
    binding = notice.binding_number if notice.needs_confirmation else None
    facts: dict[str, Any] = {"version_number": number, "binding_number": number if _asks(notice) else binding, "asks_anew": False}
    if notice.kind == Notice.Kind.DOCUMENT and notice.document_number is None:
        prefix, year = notice.board.document_prefix, timezone.localdate().year
        given = issue_document_number(prefix, year)
        facts |= {"document_prefix": prefix, "document_year": year, "document_number": given, "document_key": document_key(prefix, year, given)}
    return facts


def note_version(notice: Notice, publication: Publication) -> None:
    """The version that was published, the bells, the times at which something is due."""
    assert notice.audience is not None, "checked before"
    asks = notice.binding_number == notice.version_number
    NoticeVersion.objects.create(
        notice=notice,
        number=notice.version_number,
        title=notice.title,
        body=notice.body,
        file_ids=notice.file_ids,
        audience=notice.audience,
        change_note=publication.note,
        is_binding=asks,
        reach=people_matching(notice.audience.rule).count(),
        confirm_by=notice.confirm_by if notice.needs_confirmation else None,
        published_at=publication.at,
        published_by=publication.publisher,
    )
    before = NoticeVersion.objects.filter(notice=notice, number=notice.version_number - 1).select_related("audience").first()
    if before is not None:
        ask_listeners_again(notice)
        renew_told(notice)
    _tell(notice, publication, before, asks=asks)
    if asks:
        confirm_for_writers(notice, [notice.owner, publication.publisher])
    if asks or before is None or before.confirm_by != notice.confirm_by:
        plan_deadline(notice, now=publication.at)
    plan_topic_end(notice)


def leave_the_boards(notice: Notice) -> None:
    """After a retraction or an expiry bells forget it, and open pages ask again."""
    take_bells_back(notice)
    ask_listeners_again(notice)


def tell_of_retraction(notice: Notice, actor: Any, reason: str) -> None:
    """Its publishers learn why; a correction that waits for approval waits no longer."""
    cancel_request(notice, actor)
    _tell_publishers(RETRACTED, notice, {"person": actor.name, "title": notice.title, "reason": reason[:200]}, actor)


def tell_of_failed_schedule(notice: Notice, _revision: Revision, reason: str) -> None:
    _tell_publishers(NOT_PUBLISHED, notice, {"title": notice.draft_title, "reason": reason})


def _keeps_deadline(notice: Notice) -> bool:
    """A correction may leave the deadline of the published version as it was, also when that has passed."""
    return not notice.asks_anew and NoticeVersion.objects.filter(notice=notice.pk, confirm_by=notice.confirm_by).exists()


def _asks(notice: Notice) -> bool:
    """Whether this publication asks everyone to confirm."""
    return notice.needs_confirmation and (notice.binding_number is None or notice.asks_anew)


def _problems_of_topic(notice: Notice) -> dict[str, str]:
    if notice.closes_on is None:
        return {"closes_on": _("Say until which day suggestions are welcome.")}
    if notice.opens_on is not None and notice.closes_on < notice.opens_on:
        return {"closes_on": _("The last day must not lie before the first.")}
    if notice.closes_on < timezone.localdate(notice.begins_at) and not notice.version_number:
        return {"closes_on": _("The last day has passed. Choose a later one.")}
    return {}


def _tell(notice: Notice, publication: Publication, before: NoticeVersion | None, *, asks: bool) -> None:
    """All of a new one, and of a correction that asks anew; of any other correction those for whom the version before was not."""
    assert notice.audience is not None
    words = {"department": notice.department.name, "department_en": notice.department.name_en, "title": notice.title}
    recipients = None
    if before is not None and not asks and before.audience_id != notice.audience_id:
        newcomers = people_matching(notice.audience.rule).exclude(pk__in=people_matching(before.audience.rule).values("pk"))
        recipients = list(newcomers.values_list("pk", flat=True))
    if before is None or recipients:
        kind = URGENT if notice.is_urgent else PUBLISHED
        notify(kind, words=words, about=notice, recipients=recipients, url=notice.get_absolute_url(), actor=publication.publisher)
    elif asks:
        notify(CORRECTED, words=words | {"note": publication.note}, about=notice, url=notice.get_absolute_url(), actor=publication.publisher)


def _tell_publishers(kind: Any, notice: Notice, words: dict[str, str], actor: Any = None) -> None:
    recipients = list(publishers_of(notice.department_id).values_list("pk", flat=True))
    needs = tokens_of_publishers(notice.department_id)
    notify(kind, words=words, about=notice, recipients=recipients, url=notice.get_absolute_url(), actor=actor, needs=needs)
