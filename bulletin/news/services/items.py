"""News: begun, made the lead story; and what is its own in the life of a page."""

from collections.abc import Mapping
from typing import Any

from django.db import transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from wagtail.models import Revision

from bulletin.capabilities import EDIT_NEWS
from bulletin.news.models import NewsDesk, NewsItem
from bulletin.notifications import NOT_PUBLISHED, PLAN_LAPSED
from portal.access.models import Audience
from portal.access.policies import decide
from portal.access.registry import has_capability, tokens_of_holders
from portal.access.rules import EVERYONE, AudienceRule
from portal.audit.services import record
from portal.foundation.rich_text import picture_ids, to_text
from portal.notifications.services import notify
from portal.pages.drafts import lock_page
from portal.pages.errors import PageStateError
from portal.pages.registry import Publication
from portal.pages.services import begin_page
from portal.pages.tree import ensure_root, grow


def everyone() -> AudienceRule:
    """Whom news is for unless its editor says otherwise."""
    return AudienceRule.of([EVERYONE])


@transaction.atomic
def ensure_desk() -> NewsDesk:
    desk = NewsDesk.objects.first()
    if desk is None:
        root = ensure_root()
        lock_page(root)
        desk = NewsDesk.objects.first() or grow(root, NewsDesk(title="News", slug="news"))
    return desk


def create_item(*, actor: Any, values: Mapping[str, Any] | None = None, key: str = "") -> NewsItem:
    """Begin an item, for everyone until another audience is chosen."""
    return begin_page(NewsItem(audience=Audience.objects.for_rule(everyone())), below=ensure_desk(), actor=actor, values=values, key=key)


@transaction.atomic
def lead_with(item: NewsItem, *, actor: Any, is_lead: bool) -> None:
    """Make it the lead story, before all that were so earlier; or a story among others again."""
    lock_page(item)
    stored = NewsItem.objects.get(pk=item.pk)
    decision = decide(actor, "lead", stored)
    if not decision:
        raise PageStateError(str(decision.rule))
    if is_lead or stored.led_at is not None:
        NewsItem.objects.filter(pk=stored.pk).update(led_at=timezone.now() if is_lead else None)
        record(actor, "news.led" if is_lead else "news.unled", stored)


# What news adds to the life of a page; see `portal.pages.registry.PageRules`.


def missing_of_item(item: NewsItem) -> dict[str, str]:
    """What keeps an item from being published, beyond what every page needs."""
    problems: dict[str, str] = {}
    if not item.summary.strip() and not to_text(item.body).strip() and not picture_ids(item.body):
        problems["summary"] = _("Write a summary or a text.")
    if item.picture_id is not None and not item.picture_alt.strip():
        problems["picture_alt"] = _("Say what the picture shows, for those who do not see it.")
    return problems


def facts_of_item(item: NewsItem, publication: Publication) -> dict[str, Any]:
    """What a correction says, and since when it leads."""
    facts: dict[str, Any] = {} if publication.is_first else {"correction": publication.note}
    return facts | ({"led_at": publication.at} if item.is_lead and item.led_at is None else {})


def tell_planner(item: NewsItem, revision: Revision, reason: str) -> None:
    """Whoever edits the news learns which item it is and why. Who planned it and edits no more is told without its title, which is for editors."""
    words, url = {"title": item.draft_title, "reason": reason}, item.get_absolute_url()
    notify(NOT_PUBLISHED, words=words, about=item, url=url, needs=tokens_of_holders(EDIT_NEWS))
    if revision.user is not None and not has_capability(revision.user, EDIT_NEWS):
        notify(PLAN_LAPSED, words={}, recipients=[revision.user_id], url=reverse("bulletin:news"))
