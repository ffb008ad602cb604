"""Knowledge and policies: 10,000 people, 20,000 articles, 2,000 policies of 8 versions,
2,000,000 confirmations: the map, the register, an article, a policy; comparing; publishing; importing.
"""

import statistics
import time
from collections.abc import Callable
from datetime import timedelta
from io import BytesIO
from multiprocessing import get_context
from random import Random
from zipfile import ZipFile

from dateutil.relativedelta import relativedelta
from django.contrib.contenttypes.models import ContentType
from django.db import connection, transaction
from django.utils import timezone

from benchmarks.context import Context
from benchmarks.pages import REFERENCE_BACKEND, cpu_rows
from benchmarks.rows import Row, at_least, at_most
from knowledge.clauses import articles_of, recognise
from knowledge.comparison import compare_stored, compare_versions
from knowledge.demo.rules import RULES, body_of
from knowledge.headings import heading_texts
from knowledge.models import Article, ArticleCategory, ArticleVersion, ImportItem, ImportRun, Policy, PolicyVersion
from knowledge.models.policies import NUMBERS
from knowledge.services.categories import create_category
from knowledge.services.file_imports import add_file, begin_import, start_import
from knowledge.services.policies import create_policy, shelf_of, store_clauses
from portal.access.models import Audience
from portal.access.rules import EVERYONE, AudienceRule, department_token, position_token
from portal.accounts.models import User
from portal.organization.models import Department, Employment, Position
from portal.outbox.services import drain
from portal.pages.bulk import BATCH, insert_pages
from portal.pages.services import publish_draft, save_draft
from tests.knowledge.regulations import regulation, revised
from tests.knowledge.word import regulation_document

ARTICLES, POLICIES, VERSIONS = 20_000, 2_000, 8
DOCUMENTS, CONFIRMATIONS = 240, 2_000_000
LIST_GOAL, PAGE_GOAL, COMPARE_GOAL, AGAIN_GOAL, PUBLISH_GOAL, IMPORT_GOAL = 1.5, 1.3, 200, 5, 300, 10
BODY = "".join(f"<h2>第{number}步</h2><p>由当班人员完成，班长复核签名；与上一次的记录比较，偏差超过规定的，当班上报。</p>" for number in range(1, 7))


def measure(context: Context) -> list[Row]:
    context.fill_plant()
    fill_knowledge(context)
    employment = Employment.objects.current().primary().filter(person__is_superuser=False, person__is_active=True, position__is_head=False).order_by("pk")[100]
    cookie, plain_cookie = context.sign_in(employment.person), context.sign_in(employment.person, backend=REFERENCE_BACKEND)
    article = Article.objects.filter(is_shown=True, audience__include=[EVERYONE]).order_by("-published_at")[0]
    policy = Policy.objects.filter(is_shown=True, audience__include=[EVERYONE]).order_by("-published_at")[0]
    lists = [
        ("the map", "/knowledge/", cookie, True),
        ("the articles", "/knowledge/articles/", cookie, True),
        ("the register", "/knowledge/policies/", cookie, True),
    ]
    pages = [("an article", article.get_absolute_url(), cookie, True), ("a policy", policy.get_absolute_url(), cookie, True)]
    return [
        *cpu_rows(context, lists, plain_cookie, area="knowledge", goal=LIST_GOAL),
        *cpu_rows(context, pages, plain_cookie, area="knowledge", goal=PAGE_GOAL),
        *_comparing(context),
        *_publishing(context),
        _importing(context),
    ]


def _comparing(context: Context) -> list[Row]:
    """Two versions of 300 articles, as they were stored."""
    context.say("comparing")
    policy = Policy.objects.filter(is_shown=True).order_by("pk")[0]
    random = Random(3)
    before = regulation(random, 300)
    with transaction.atomic():
        rows = [_version(policy, number, one.html()) for number, one in ((900, before), (901, revised(random, before)))]
        store_clauses(policy, rows[0], None, {})
        store_clauses(policy, rows[1], rows[0], {})
        first = _median(lambda: compare_stored(rows[0], rows[1]))
        compare_versions(rows[0], rows[1])
        again = _median(lambda: compare_versions(rows[0], rows[1]))
        transaction.set_rollback(True)
    return [
        at_most("knowledge", "comparing two versions of 300 articles", first, "ms", COMPARE_GOAL),
        at_most("knowledge", "comparing them again", again, "ms", AGAIN_GOAL),
    ]


def _median(work: Callable[[], object]) -> float:
    """Milliseconds, of five."""
    times = []
    for _turn in range(5):
        begun = time.monotonic()
        work()
        times.append((time.monotonic() - begun) * 1000)
    return statistics.median(times)


def _version(policy: Policy, number: int, body: str) -> PolicyVersion:
    policy.body = body
    return PolicyVersion.objects.create(
        policy=policy, number=number, title=policy.title, kind=policy.kind, body=body, audience=policy.audience, effective_on=timezone.localdate(),
        published_at=timezone.now(), published_by=policy.published_by,
    )  # fmt: skip


def _publishing(context: Context) -> list[Row]:
    context.say("publishing a policy to everyone")
    head = Employment.objects.current().filter(position__is_head=True, person__is_active=True, department__parent__isnull=False).order_by("pk")[0]
    author = User.objects.get(pk=head.person_id)
    answers = []
    for number in range(3):
        policy = create_policy(shelf_of(head.department), actor=author)
        body = body_of(RULES[0].versions[-1][1])
        save_draft(policy, actor=author, values={"title": f"管理办法 {number}", "body": body, "effective_on": timezone.localdate()}, seen=None)
        begun = time.monotonic()
        publish_draft(policy, actor=author)
        answers.append((time.monotonic() - begun) * 1000)
    return [at_most("knowledge", "publishing a policy to everyone answers after", statistics.median(answers), "ms", PUBLISH_GOAL)]


def _importing(context: Context) -> Row:
    """A ZIP of regulations as Word wrote them, read by two workers; whatever else was waiting is done before."""
    context.say(f"importing {DOCUMENTS} documents with two workers")
    drain()
    turn = ImportRun.objects.count()
    random = Random(turn)  # other words in each run: the same again would bring nothing new
    packed = BytesIO()
    with ZipFile(packed, "w") as archive:
        for number in range(DOCUMENTS):
            archive.writestr(f"制度{turn}/{number}.docx", regulation_document(random, regulation(random, random.randrange(20, 60)), title=f"办法 {number}"))
    run = begin_import(actor=User.objects.filter(is_superuser=True)[0], category=ArticleCategory.objects.order_by("pk")[3], audience=_everyone())
    packed.seek(0)
    add_file(run, actor=run.owner, name="制度.zip", path="制度.zip", content=packed)
    start_import(run, actor=run.owner)
    connection.close()  # the workers open their own
    begun = time.monotonic()
    workers = [get_context("fork").Process(target=drain) for _lane in range(2)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    spent = time.monotonic() - begun
    assert run.items.filter(state=ImportItem.State.DRAFTED).count() == DOCUMENTS
    return at_least("knowledge", "documents of Word imported by two workers", DOCUMENTS / spent, "/s", IMPORT_GOAL)


def _everyone() -> Audience:
    return Audience.objects.for_rule(AudienceRule.of([EVERYONE]))


def _fill_confirmations() -> None:
    """Every person, of the last version of as many policies as it takes."""
    policies = list(Policy.objects.order_by("pk").values_list("pk", flat=True)[: CONFIRMATIONS // User.objects.count()])
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO confirmations_confirmation (about_type_id, about_id, number, person_id, confirmed_at)"
            " SELECT %s, about.id, %s, person.id, now() FROM unnest(%s::bigint[]) AS about (id) CROSS JOIN accounts_user person",
            [ContentType.objects.get_for_model(Policy).pk, VERSIONS, policies],
        )


def fill_knowledge(context: Context) -> None:
    """Made once and kept for the next run."""
    if Article.objects.count() >= ARTICLES:
        return
    context.say(f"writing {ARTICLES:,} articles and {POLICIES:,} policies")
    random, now = Random(19), timezone.now()
    departments = list(Department.objects.filter(parent__isnull=False))
    positions = list(Position.objects.all())
    heads = dict(Employment.objects.current().filter(position__is_head=True).values_list("department", "person"))
    authors = User.objects.in_bulk(heads.values())
    anyone = next(iter(authors.values()))
    everyone = _everyone()
    restricted = [
        Audience.objects.for_rule(
            AudienceRule.of([department_token(random.choice(departments).pk), position_token(random.choice(positions).pk)], (), random.randrange(3))
        )
        for _number in range(400)
    ]
    with transaction.atomic():
        categories = [create_category(actor=anyone, title=f"类别 {number}") for number in range(12)]
        categories += [create_category(actor=anyone, title=f"细类 {number}", parent=categories[number % 12]) for number in range(36)]
        places = [ArticleCategory.objects.get(pk=random.choice(categories).pk) for _number in range(48)]
        anchors = [f"s{number}" for number in range(1, len(heading_texts(BODY)) + 1)]
        articles = []
        for number in range(ARTICLES):
            at, department = now - timedelta(minutes=number * 40 + 1), random.choice(departments)
            day = timezone.localdate(at)
            articles.append(
                Article(
                    title=f"卷接机组故障与处理 {number}", summary="按现象查原因。", body=BODY, owner=authors.get(heads.get(department.pk, 0), anyone),
                    department=department, published_by=anyone, audience=everyone if number % 2 else random.choice(restricted),
                    category=places[number % 48], is_shown=True, published_at=at, version_number=1, anchors=anchors, anchors_given=len(anchors),
                    verified_on=day, review_due_on=day + relativedelta(months=random.choice((12, 24))),
                )
            )  # fmt: skip
        insert_pages(articles, [places[number % 48] for number in range(ARTICLES)])
        versions = [
            ArticleVersion(article=one, number=1, title=one.title, body=one.body, audience=one.audience, written_by=one.owner, admitted_at=one.published_at)
            for one in articles
        ]
        ArticleVersion.objects.bulk_create(versions, batch_size=BATCH)
        _fill_policies(random, departments, everyone, restricted, anyone)
        _fill_confirmations()
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE")


def _fill_policies(random: Random, departments: list[Department], everyone: Audience, restricted: list[Audience], author: User) -> None:
    today = timezone.localdate()
    shelves = [shelf_of(department) for department in departments[:40]]
    for shelf in shelves:
        shelf.refresh_from_db()
    body = body_of(RULES[0].versions[-1][1])
    policies = []
    for number in range(POLICIES):
        shelf, day = shelves[number % 40], today - timedelta(days=1 + number % 900)
        policies.append(
            Policy(
                title=f"管理办法 {number}", owner=author, audience=everyone if number % 2 else random.choice(restricted), body=body, effective_on=day,
                department=shelf.department, number=NUMBERS.write(number + 1, year=2020, prefix=f"B{shelf.pk}"), year=2020, is_shown=True, published_by=author,
                published_at=timezone.now() - timedelta(days=1 + number % 900), version_number=VERSIONS, in_force_from=day - timedelta(days=VERSIONS * 100),
                review_due_on=day + relativedelta(months=36),
            )
        )  # fmt: skip
    insert_pages(policies, [shelves[number % 40] for number in range(POLICIES)])
    versions = [
        PolicyVersion(
            policy=policy, number=number, title=policy.title, kind=policy.kind, body=body, audience=policy.audience,
            effective_on=policy.effective_on - timedelta(days=(VERSIONS - number) * 100), published_at=policy.published_at, published_by=author,
        )
        for policy in policies
        for number in range(1, VERSIONS + 1)
    ]  # fmt: skip
    made = PolicyVersion.objects.bulk_create(versions, batch_size=BATCH)
    last = [version for version in made if version.number == VERSIONS]
    parts = recognise(body)
    assert len(articles_of(parts)) > 10
    for version in last[:200]:
        store_clauses(version.policy, version, None, {})
