"""What a person sees of the knowledge base, on every surface, is what the rule says and nothing else."""

from random import Random

import pytest

from knowledge.counting import read_map
from knowledge.errors import KnowledgeError
from knowledge.models import Article
from knowledge.services.categories import change_category, create_category, delete_category
from portal.access.policies import can, viewers_of, visible_to
from portal.access.standings import standing_of
from portal.accounts.models import User
from portal.outbox.services import drain
from portal.pages.services import retract_page
from portal.search.checking import check_feed
from tests.cast import Cast
from tests.knowledge.writing import admitted, audience, draft, fresh, make_category
from tests.search.indexing import settle, start_afresh

pytestmark = pytest.mark.django_db


def naive(person: User, article: Article, cast: Cast, keepers: dict[int, set[int]]) -> bool:
    """The rule in words: who began it, the head of its department, its keepers and those who keep all; else the audience, while it stands in the base."""
    if not person.is_active or not person.is_employee:
        return person.is_superuser
    if person.is_superuser or person.pk == article.owner_id or person.pk in keepers[article.category_id]:
        return True
    heads = {cast.quality.pk: {cast.head.pk, cast.deputy.pk}, cast.workshop.pk: {cast.workshop_head.pk}, cast.plant.pk: {cast.director.pk}}
    if article.department_id is not None and person.pk in heads.get(article.department_id, set()):
        return True
    if not article.is_shown:
        return False
    members = {
        "all": {one.pk for one in cast.employees},
        f"dept:{cast.quality.pk}+": {cast.head.pk, cast.inspector.pk, cast.deputy.pk},
        f"dept:{cast.workshop.pk}+": {cast.workshop_head.pk, cast.operator.pk},
        f"user:{cast.salesperson.pk}": {cast.salesperson.pk},
    }
    levels = {cast.operator.pk: 1, cast.director.pk: 4, cast.head.pk: 3, cast.workshop_head.pk: 3}
    rule = article.audience.rule
    return person.pk in set().union(*(members[token] for token in rule.include)) and levels.get(person.pk, 2) >= rule.level


def test_lists_counts_pages_and_recipients_agree_with_the_rule(client_for, cast):
    random = Random(7)
    categories = [make_category(cast, "设备"), make_category(cast, "质量", keeper=cast.workshop_head)]
    categories.append(create_category(actor=cast.admin, title="卷接", parent=categories[0]))
    keepers = {categories[0].pk: {cast.head.pk, cast.deputy.pk}, categories[1].pk: {cast.workshop_head.pk}, categories[2].pk: {cast.head.pk, cast.deputy.pk}}
    chief = {categories[0].pk: cast.head, categories[1].pk: cast.workshop_head, categories[2].pk: cast.head}
    tokens = ["all", f"dept:{cast.quality.pk}+", f"dept:{cast.workshop.pk}+", f"user:{cast.salesperson.pk}"]
    for place in range(24):
        category = random.choice(categories)
        rule = audience(*random.sample(tokens, random.choice([1, 1, 2])), level=random.choice([0, 0, 0, 2, 3]))
        values = {"title": f"独字{place:02}号", "audience": rule, "department": random.choice([cast.quality, cast.workshop, cast.sales])}
        writer = random.choice([cast.inspector, cast.operator, cast.salesperson])
        if random.random() < 0.25:
            draft(category, fresh(writer), **values)
            continue
        article = admitted(category, fresh(writer), chief[category.pk], **values)
        if random.random() < 0.2:
            retract_page(article, reason="试", actor=fresh(chief[category.pk]))
    drain()
    articles = list(Article.objects.select_related("audience", "category"))
    shown = {True: 0, False: 0}
    for person in map(fresh, [*cast.employees, cast.admin]):
        expected = {article.pk for article in articles if naive(person, article, cast, keepers)}
        assert {article.pk for article in articles if can(person, "view", article)} == expected, person.name
        assert set(visible_to(Article, person).values_list("pk", flat=True)) == expected, person.name
        assert {article.pk for article in articles if viewers_of(article).filter(pk=person.pk).exists()} == expected, person.name
        if not person.is_employee:
            continue
        standing = standing_of(person)
        in_audience = {one.pk for one in articles if one.is_shown and one.audience.rule.match(standing.token_set, standing.level)}
        browser = client_for(person)
        page = browser.get("/knowledge/articles/?per_page=100").content.decode()
        titles = {article.pk: article.title for article in articles}
        assert {pk for pk, title in titles.items() if title in page} == in_audience, person.name
        assert read_map(person).total.number == len(in_audience)
        for article in articles:
            shown[article.pk in expected] += 1
            answer = browser.get(f"/knowledge/articles/{article.pk}/")
            assert (answer.status_code != 404) == (article.pk in expected)
    assert min(shown.values()) > 20


def test_customers_are_shown_nothing(client_for, cast, article):
    for path in ("/knowledge/", "/knowledge/articles/", f"/knowledge/articles/{article.pk}/"):
        assert client_for(cast.customer).get(path).status_code == 403


def test_categories_are_three_deep_and_go_only_when_they_are_empty(cast, category, article):
    second = create_category(actor=cast.admin, title="卷接", parent=category)
    third = create_category(actor=cast.admin, title="跑条", parent=second)
    with pytest.raises(KnowledgeError, match="最多三级"):
        create_category(actor=cast.admin, title="更深", parent=third)
    with pytest.raises(KnowledgeError, match="已有同名"):
        create_category(actor=cast.admin, title="卷接", parent=category)
    with pytest.raises(KnowledgeError, match="下面还有类别"):
        delete_category(second, actor=cast.admin)
    delete_category(third, actor=cast.admin)
    delete_category(second, actor=cast.admin)
    with pytest.raises(KnowledgeError, match="还有 1 篇"):
        delete_category(category, actor=cast.admin)
    change_category(category, actor=cast.admin, title="设备", name_en="Equipment", keepers=None)
    assert Article.objects.get().category.title == "设备"


def test_it_is_found_by_those_who_may_read_it_and_named_to_nobody_else(client_for, cast, category):
    start_afresh()
    check_feed()
    own = admitted(category, cast.inspector, cast.head, title="配方小样评吸", audience=audience(f"dept:{cast.quality.pk}+"))
    settle()
    for person, sees in ((cast.inspector, True), (cast.operator, False), (cast.director, False)):
        browser = client_for(person)
        for path in ("/search/?q=评吸", "/search/typing/?q=评吸", "/search/?kind=article"):
            assert ("配方小样" in browser.get(path).content.decode()) == sees, (person.name, path)
    retract_page(own, reason="过期", actor=fresh(cast.head))
    settle()
    assert "配方小样" not in client_for(cast.inspector).get("/search/?q=评吸").content.decode()
    start_afresh()
