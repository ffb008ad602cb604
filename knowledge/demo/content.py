"""The knowledge base of the demo plant, as its people find it on the first day: full, partly overdue, with some things waiting."""

from collections.abc import Iterable, Sequence
from datetime import date, datetime, time, timedelta
from html import escape
from typing import Any

from dateutil.relativedelta import relativedelta
from django.utils import timezone

from knowledge.demo.rules import build_policies
from knowledge.demo.texts import ARTICLES, CATEGORIES, KINDS, REASONS, SENTENCES, SUBJECTS, SUGGESTIONS, ArticleText, CategoryText
from knowledge.headings import heading_texts, next_anchors
from knowledge.models import Article, ArticleCategory, ArticleVersion, Usefulness
from knowledge.services.articles import create_article
from knowledge.services.categories import create_category
from knowledge.services.feedback import suggest_change
from portal.access.models import Audience
from portal.access.rules import CUSTOMERS, EVERYONE, AudienceRule, department_token
from portal.access.services import refresh_people
from portal.access.standings import people_matching
from portal.accounts.models import User
from portal.organization.demo import Plant, register_content
from portal.organization.models import Department, Duty, DutyHolding
from portal.pages.approval import submit_page
from portal.pages.bulk import BATCH, insert_pages

FIRST_DAY = timedelta(days=700)
MOST_READERS = 40


def build_knowledge(plant: Plant) -> None:
    """Categories with keepers, articles of two years, what readers said, one draft that waits and a few suggestions."""
    categories = dict(_build_categories(plant, CATEGORIES, None))
    refresh_people(DutyHolding.objects.filter(duty__code__startswith="K-").values_list("person", flat=True).distinct())
    articles = _insert(plant, [*ARTICLES, *_shorter(plant)], categories)
    _add_readers(plant, articles)
    _add_waiting(plant, categories)


def _build_categories(plant: Plant, texts: Iterable[CategoryText], above: ArticleCategory | None) -> Iterable[tuple[str, ArticleCategory]]:
    for order, text in enumerate(texts, start=1):
        duty = Duty.objects.create(code=f"K-{text.code}", name=f"{text.name}知识管理员", name_en=f"Keeper of {text.name_en.lower()}", order=100 + order)
        keepers = [plant.heads[code] for code in text.departments[:2] if code in plant.heads] or [plant.cast["head"]]
        for keeper in dict.fromkeys(keepers):
            DutyHolding.objects.create(duty=duty, person=keeper, starts_on=plant.day - FIRST_DAY)
        category = create_category(
            actor=keepers[0], parent=above, title=text.name, name_en=text.name_en, description=text.description, keepers=duty, order=order
        )
        yield text.code, category
        yield from _build_categories(plant, text.below, category)


def _shorter(plant: Plant) -> list[ArticleText]:
    """Each subject in one or two of the ways in which people write of it."""
    departments = {text.code: text.departments for top in CATEGORIES for text in (top, *top.below)}
    found = []
    for category, subjects in SUBJECTS.items():
        for subject in subjects:
            for title, summary, headings in plant.random.sample(KINDS, plant.random.randrange(1, 4)):
                parts = tuple((heading, tuple(plant.random.sample(SENTENCES, 2))) for heading in headings)
                code = plant.random.choice(departments[category])
                found.append(ArticleText(category, code, "", title.format(subject=subject), summary, parts, months=plant.random.choice((6, 12, 24))))
    return found


def _insert(plant: Plant, texts: Sequence[ArticleText], categories: dict[str, ArticleCategory]) -> list[Article]:
    dated = sorted(((_moment(plant, place), text) for place, text in enumerate(texts)), key=lambda one: one[0])
    kept = [(at, text) for at, text in dated if text.department in plant.departments]
    stored = ArticleCategory.objects.in_bulk([category.pk for category in categories.values()])
    places = [stored[categories[text.category].pk] for _at, text in kept]
    articles = [_article(plant, text, at, plant.departments[text.department], place) for (at, text), place in zip(kept, places, strict=True)]
    insert_pages(articles, places)
    versions = [
        ArticleVersion(
            article=article, number=1, title=article.title, summary=article.summary, body=article.body, audience=article.audience,
            written_by=article.owner, admitted_by=article.published_by, admitted_at=at,
        )
        for article, (at, _text) in zip(articles, kept, strict=True)
    ]  # fmt: skip
    ArticleVersion.objects.bulk_create(versions, batch_size=BATCH)
    return articles


def _article(plant: Plant, text: ArticleText, at: datetime, department: Department, category: ArticleCategory) -> Article:
    body = _body(text)
    anchors, given = next_anchors([], [], heading_texts(body), given=0)
    only = [department_token(plant.departments[code].pk) for code in text.only if code in plant.departments]
    day = timezone.localdate(at)
    due = day + relativedelta(months=text.months)
    while due < plant.day - timedelta(days=30):  # most were reviewed in time
        day, due = due, due + relativedelta(months=text.months)
    people = [person for person in plant.people if person.is_active]
    return Article(
        title=text.title, summary=text.summary, body=body, owner=plant.random.choice(people), published_by=plant.heads.get(text.department),
        audience=Audience.objects.for_rule(AudienceRule.of([*(only or [EVERYONE]), *([CUSTOMERS] if text.is_released else [])])),
        department=department, category=category,
        owner_position=plant.positions.get(text.position), review_months=text.months, is_shown=True, published_at=at, version_number=1,
        anchors=anchors, anchors_given=given, verified_on=day, review_due_on=due,
    )  # fmt: skip


def _moment(plant: Plant, place: int) -> datetime:
    """The first of them on the last days, the rest over two years."""
    if place < len(ARTICLES):
        return timezone.now() - timedelta(hours=5 + place * 29)
    day: date = plant.day - timedelta(days=plant.random.randrange(25, FIRST_DAY.days))
    return timezone.make_aware(datetime.combine(day, time(plant.random.randrange(8, 17), plant.random.randrange(60))))


def _body(text: ArticleText) -> str:
    parts = []
    for place, (heading, sentences) in enumerate(text.parts):
        parts.append(f"<h2>{escape(heading)}</h2>" + "".join(f"<p>{escape(sentence)}</p>" for sentence in sentences))
        if text.table and place == len(text.parts) // 2:
            parts.append(_table(text.table))
    return "".join(parts)


def _table(rows: Sequence[Sequence[str]]) -> str:
    head, *lines = ["".join(f"<{tag}>{escape(cell)}</{tag}>" for cell in row) for tag, row in zip(["th", *["td"] * len(rows)], rows, strict=False)]
    return f"<table><thead><tr>{head}</tr></thead><tbody>{''.join(f'<tr>{line}</tr>' for line in lines)}</tbody></table>"


def _add_readers(plant: Plant, articles: Sequence[Article]) -> None:
    now, random = timezone.now(), plant.random
    rows = []
    for article in articles:
        people: list[Any] = list(people_matching(article.audience.rule).order_by("pk")[:MOST_READERS]) if article.audience else []
        liked = random.uniform(0.6, 0.97)
        for person in random.sample(people, min(len(people), random.randrange(2, 14))):
            is_useful = random.random() < liked
            at = now - timedelta(hours=random.randrange(1, 24 * 25))
            reason = "" if is_useful or random.random() < 0.4 else random.choice(REASONS)
            rows.append(Usefulness(article=article, version_number=1, person=person, is_useful=is_useful, reason=reason, said_at=at))
    Usefulness.objects.bulk_create(rows, batch_size=BATCH)


def _add_waiting(plant: Plant, categories: dict[str, ArticleCategory]) -> None:
    """One article of the cast waits to be admitted, and readers would change the newest."""
    writer: User = plant.cast["inspector"]
    values = {
        "title": "烟支圆周超差的快速判断",
        "summary": "不等检测报告，机台上三分钟判断是卷烟纸、烟枪还是布带。",
        "body": "<h2>先量三支</h2><p>前、中、后各一支，用圆周仪读三次取平均。</p><h2>再看趋势</h2><p>一头大一头小查布带，整体偏大查烟枪。</p>",
    }
    article = create_article(categories["rolling"], actor=writer, values=values)
    submit_page(article, actor=writer)
    newest = Article.objects.filter(is_shown=True).order_by("-published_at").first()
    for quoted, text in SUGGESTIONS if newest is not None else ():
        suggest_change(newest, actor=writer, text=text, quoted=quoted, anchor="s2")


register_content(30, build_knowledge)
register_content(31, build_policies)
