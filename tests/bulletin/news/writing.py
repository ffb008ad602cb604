"""News as tests write it."""

from typing import Any

from bulletin.capabilities import EDIT_NEWS
from bulletin.news.models import NewsItem
from bulletin.news.services.items import create_item
from portal.access.rules import AudienceRule, person_token
from portal.access.services import grant_capability
from portal.accounts.models import User
from portal.pages.drafts import draft_stamp
from portal.pages.services import publish_draft, save_draft


def make_editor(person: User, admin: User) -> User:
    """The person, who may edit the news from now on, as the next request loads them."""
    grant_capability(EDIT_NEWS, rule=AudienceRule.of([person_token(person.pk)]), actor=admin)
    return User.objects.get(pk=person.pk)


def write_news(editor: User, *, title: str = "全国烟叶收购均价上涨", summary: str = "均价比上年高百分之三。", **values: Any) -> NewsItem:
    """An item that is published, for everyone unless an audience is given."""
    return publish_draft(create_item(actor=editor, values={"title": title, "summary": summary, **values}), actor=editor)


def correct_news(item: NewsItem, editor: User, *, change_note: str = "更正数字", **values: Any) -> NewsItem:
    stored = NewsItem.objects.select_related("latest_revision").get(pk=item.pk)
    save_draft(stored, actor=editor, values={"change_note": change_note, **values}, seen=draft_stamp(stored))
    return publish_draft(stored, actor=editor)
