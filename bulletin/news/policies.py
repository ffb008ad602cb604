"""Who may see news and what editors may do with it.

Readers: those in the audience, while an item is published and neither expired nor retracted. Editors (`bulletin.news`) see every item in every
state, and the queue. Feeds are named by administrators; editors see how they are read.
"""

from typing import Any

from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from bulletin.capabilities import EDIT_NEWS
from bulletin.news.models import NewsEntry, NewsFeed, NewsItem
from portal.access.policies import AudiencePolicy, Decision, Policy, decide_by_audience, register
from portal.access.registry import has_capability
from portal.access.standings import people_matching
from portal.access.visibility import audience_ids_of
from portal.accounts.models import User

EDITORS = _("News is edited by those who have been granted it.")


def edits_news(user: Any) -> bool:
    """No query of its own."""
    return bool(user.is_employee) and has_capability(user, EDIT_NEWS)


def editors() -> QuerySet[User]:
    return User.objects.active().employees().filter(Q(is_superuser=True) | Q(stored_standing__tokens__contains=[f"cap:{EDIT_NEWS}"]))


class NewsItemPolicy(AudiencePolicy[NewsItem]):
    actions = {
        "view": _("read"),
        "change": _("write and correct"),
        "publish": _("publish"),
        "lead": _("make it the lead story"),
        "retract": _("retract"),
        "delete": _("delete the draft"),
    }

    def decide(self, user: Any, action: str, obj: NewsItem) -> Decision:
        edits = Decision(edits_news(user), EDITORS)
        if action == "view":
            return edits if edits else _reads(user, obj)
        if not edits:
            return edits
        if action == "delete":
            return Decision(obj.published_at is None, _("What was published is retracted, not deleted."))
        if action in {"retract", "lead"} and not obj.is_current:
            return Decision(False, _("It is not published, or no longer."))
        if obj.retracted_at is not None:
            return Decision(False, _("It was retracted. Write a new one."))
        return edits

    def visible(self, user: Any, rows: QuerySet[NewsItem]) -> QuerySet[NewsItem]:
        if edits_news(user):
            return rows
        return rows.filter(Q(shown_until__isnull=True) | Q(shown_until__gt=timezone.now()), is_shown=True, audience__any=audience_ids_of(user))

    def viewers(self, obj: NewsItem) -> QuerySet[User]:
        if not obj.is_current or obj.audience is None:
            return editors()
        return people_matching(obj.audience.rule) | editors()

    def title(self, obj: NewsItem) -> str:
        return obj.title if obj.published_at is not None else obj.draft_title


class NewsFeedPolicy(Policy[NewsFeed]):
    actions = {"view": _("see"), "change": _("change")}

    def decide(self, user: Any, action: str, obj: NewsFeed) -> Decision:
        if action == "view":
            return Decision(edits_news(user), EDITORS)
        return Decision(bool(user.is_superuser), _("Feeds are named by administrators."))

    def visible(self, user: Any, rows: QuerySet[NewsFeed]) -> QuerySet[NewsFeed]:
        return rows if edits_news(user) else rows.none()

    def viewers(self, obj: NewsFeed) -> QuerySet[User]:
        return editors()


class NewsEntryPolicy(Policy[NewsEntry]):
    actions = {"view": _("see"), "decide": _("take or drop")}

    def decide(self, user: Any, action: str, obj: NewsEntry) -> Decision:
        return Decision(edits_news(user), EDITORS)

    def visible(self, user: Any, rows: QuerySet[NewsEntry]) -> QuerySet[NewsEntry]:
        return rows if edits_news(user) else rows.none()

    def viewers(self, obj: NewsEntry) -> QuerySet[User]:
        return editors()


def _reads(user: Any, item: NewsItem) -> Decision:
    if not item.is_current or item.audience is None:
        return Decision(False, _("It is not published, or no longer."))
    return decide_by_audience(user, item.audience)


register(NewsItem, NewsItemPolicy)
register(NewsFeed, NewsFeedPolicy)
register(NewsEntry, NewsEntryPolicy)
