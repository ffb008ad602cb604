"""Notices with their files, and news: what stands on the boards, for those it is for."""

from collections.abc import Iterator
from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from bulletin.models import NewsItem, Notice
from portal.foundation.rich_text import to_text
from portal.search.sources import Draft, Kind, Source, register_kind, register_source, taking_part_in, with_files


def _shown(model: Any) -> QuerySet[Any]:
    return model.objects.filter(is_shown=True).select_related("audience")


def _notices() -> QuerySet[Notice]:
    return _shown(Notice)


def _news() -> QuerySet[NewsItem]:
    return _shown(NewsItem)


def _drafts_of_notices(notices: QuerySet[Notice]) -> Iterator[tuple[int, Draft]]:
    return with_files((notice, _draft_of_notice(notice)) for notice in notices)


def _draft_of_notice(notice: Notice) -> Draft:
    text = [notice.number, to_text(notice.body), to_text(notice.topic_summary)]
    return Draft(
        kind=notice.kind,
        title=notice.title,
        url=notice.get_absolute_url(),
        rule=notice.audience.rule if notice.audience else None,
        taking_part=taking_part_in(notice),
        text=[(None, "\n".join(part for part in text if part))],
        ends_at=notice.shown_until,
        department_id=notice.department_id,
        author_id=notice.published_by_id,
        dated_at=notice.published_at,
        number=notice.number,
    )


def _drafts_of_news(items: QuerySet[NewsItem]) -> Iterator[tuple[int, Draft]]:
    for item in items:
        body = to_text(item.body)
        text = ["" if body.startswith(item.summary) else item.summary, body, item.source]
        yield (
            item.pk,
            Draft(
                kind="news",
                title=item.title,
                url=item.get_absolute_url(),
                rule=item.audience.rule if item.audience else None,
                text=[(None, "\n".join(part for part in text if part))],
                ends_at=item.shown_until,
                author_id=item.published_by_id,
                dated_at=item.published_at,
            ),
        )


register_kind(Kind(Notice.Kind.NOTICE, _("notice"), pgettext_lazy("kind of notice", "Notices"), "megaphone", order=30))
register_kind(Kind(Notice.Kind.ANNOUNCEMENT, _("announcement"), _("Announcements"), "presentation", order=31))
register_kind(Kind(Notice.Kind.DOCUMENT, pgettext_lazy("kind of notice", "document"), pgettext_lazy("kind of notice", "Documents"), "file-text", order=32))
register_kind(Kind(Notice.Kind.TOPIC, _("topic"), _("Topics"), "lightbulb", order=33))
register_kind(Kind("news", _("news"), _("News"), "newspaper", order=34))
register_source(Source("notices", Notice, _notices, _drafts_of_notices))
register_source(Source("news", NewsItem, _news, _drafts_of_news))
