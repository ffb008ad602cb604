"""Categories and articles as tests write them."""

from typing import Any

from knowledge.models import Article, ArticleCategory
from knowledge.services.articles import create_article
from knowledge.services.categories import create_category
from portal.access.models import Audience
from portal.access.rules import AudienceRule
from portal.access.standings import refresh_standings
from portal.accounts.models import User
from portal.organization.models import Duty, DutyHolding
from portal.organization.querysets import today
from portal.pages.approval import approve_page, submit_page
from portal.pages.drafts import draft_stamp
from portal.pages.services import save_draft
from tests.cast import Cast

BODY = "<h2>现象</h2><p>烟条在刮丝器前后断开。</p><h2>处理</h2><p>先清洗吸丝带，再查风室负压。</p>"


def audience(*include: str, exclude: tuple[str, ...] = (), level: int = 0) -> Audience:
    return Audience.objects.for_rule(AudienceRule.of(include, exclude, level))


def make_category(cast: Cast, title: str = "设备操作与保养", *, keeper: User | None = None, parent: ArticleCategory | None = None) -> ArticleCategory:
    """A category, kept by 李敏 unless somebody else is named."""
    duty = Duty.objects.create(code=f"K-{title}", name=f"{title}知识管理员")
    DutyHolding.objects.create(duty=duty, person=keeper or cast.head, starts_on=today())
    refresh_standings()
    return create_category(actor=cast.admin, title=title, parent=parent, keepers=duty)


def fresh(person: User) -> User:
    """The person with today's rights: an object that was read before keeps those that it had."""
    return User.objects.get(pk=person.pk)


def draft(category: ArticleCategory, author: Any, *, title: str = "跑条的原因与处理", body: str = BODY, **values: Any) -> Article:
    """An article that waits to be asked for admission, for everyone unless an audience is given."""
    article = create_article(category, actor=author)
    save_draft(article, actor=author, values={"title": title, "body": body, **values}, seen=None)
    return Article.objects.get(pk=article.pk)


def admitted(category: ArticleCategory, author: Any, keeper: Any, **values: Any) -> Article:
    """An article that stands in the base."""
    article = draft(category, author, **values)
    submit_page(article, actor=author)
    approve_page(article, actor=fresh(keeper))
    return Article.objects.get(pk=article.pk)


def renewed(article: Article, author: Any, keeper: Any, *, change_note: str = "补充第三步", **values: Any) -> Article:
    """A later version of it."""
    revise(article, author, change_note=change_note, **values)
    submit_page(article, actor=author)
    approve_page(article, actor=fresh(keeper))
    return Article.objects.get(pk=article.pk)


def revise(article: Article, author: Any, **values: Any) -> Article:
    stored = Article.objects.select_related("latest_revision").get(pk=article.pk)
    save_draft(stored, actor=author, values=values, seen=draft_stamp(stored))
    return Article.objects.get(pk=article.pk)
