"""S1 over all surfaces of knowledge and policies: what every one of them shows equals what the rule says, computed naively over random plants."""

import re
from collections.abc import Iterable
from io import BytesIO
from typing import Any

import pytest
from django.contrib.contenttypes.models import ContentType
from django.test import Client
from django.urls import reverse
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis.extra.django import TestCase as HypothesisTestCase
from openpyxl import load_workbook

from knowledge.counting import read_map
from knowledge.models import Article, Policy
from knowledge.policies import people_answering_for
from portal.access.policies import can, viewers_of, visible_to
from portal.accounts.models import User
from portal.confirmations.models import Confirmation
from portal.confirmations.reports import ConfirmationReport
from portal.live.topics import may_listen
from portal.notifications.models import Notification
from tests.access.test_oracle import build, sees
from tests.knowledge.plants import Library, again, furnish, is_here, is_shown, leads, libraries, reads_article, reads_version, sees_article, sees_policy
from tests.search.indexing import settle, start_afresh

ARTICLE, POLICY = re.compile(r"文记号(\d+)号"), re.compile(r"制记号(\d+)号")
VERSION, IN_FILE = re.compile(r"版记号(\d+)之(\d+)号"), re.compile(r"件记号(\d+)之(\d+)号")


class KnowledgeOracleTest(HypothesisTestCase):
    @given(described=libraries())
    @settings(max_examples=6, phases=(Phase.generate,), deadline=None, suppress_health_check=list(HealthCheck))
    def test_every_surface_shows_what_the_rule_allows_and_nothing_else(self, described: dict[str, Any]) -> None:
        self.hold(described)

    @pytest.mark.drill  # because it is long: some seconds for each plant
    @given(described=libraries())
    @settings(max_examples=20, phases=(Phase.generate,), deadline=None, suppress_health_check=list(HealthCheck))
    def test_every_surface_in_many_plants(self, described: dict[str, Any]) -> None:
        self.hold(described)

    def hold(self, described: dict[str, Any]) -> None:
        start_afresh()
        library = furnish(described, build(described))
        settle()
        for who, stale in enumerate(library.plant.people):
            hold_articles(described, library, who, again(stale))
            hold_policies(described, library, who, again(stale))
        hold_bells_and_reports(described, library)


def hold_articles(described: dict[str, Any], library: Library, who: int, person: User) -> None:
    known = {place: article for place, article in enumerate(library.articles) if article is not None}
    read = {place for place in known if reads_article(described, who, place)}
    seen = {place for place in known if sees_article(described, who, place)}
    hold_rule(Article, person, known, seen)
    if not signs_in(described, who):
        return
    browser, is_customer = signed_in(person), described["people"][who] == "customer"
    read, seen = (set(), set()) if is_customer else (read, seen)
    pages = reverse("knowledge:article_list")
    for path in (pages, f"{pages}?q=记号", f"{pages}?review=fresh", f"{pages}?sort=title", reverse("knowledge:map")):
        assert shown(ARTICLE, browser.get(path)) == read, path
    for kind in ("csv", "xlsx"):
        assert is_customer or count_of(browser.post(pages, {"export": kind}), kind) == len(read)
    found = {place for place in seen if described["articles"][place]["state"] == "published"}
    hold_search(browser, ARTICLE, found)
    if not is_customer:
        assert read_map(again(person)).total.number == len(read)
    for place, article in known.items():
        answer = browser.get(article.get_absolute_url(), follow=True)
        assert (answer.status_code == 200) is (place in seen), place
        assert (browser.get(reverse("attachments:file", args=[article.file_ids[0]])).status_code == 200) is (
            place in found or (place in seen and person.is_superuser)
        )
        kind = ContentType.objects.get_for_model(Article)
        assert may_listen(again(person), f"discussion:{kind.pk}-{article.pk}") is can(again(person), "view", article)
        status = browser.post(reverse("knowledge:article_usefulness", args=[article.pk]), {"useful": "yes", "version": 1}).status_code
        assert status == (302 if place in read else 403 if place in seen or is_customer else 404)
        assert article.usefulness.filter(person=person).exists() is (place in read)


def hold_policies(described: dict[str, Any], library: Library, who: int, person: User) -> None:
    known = {place: policy for place, policy in enumerate(library.policies) if policy is not None}
    seen = {place for place in known if sees_policy(described, who, place, library.versions[place])}
    hold_rule(Policy, person, known, seen)
    if not signs_in(described, who):
        return
    browser, is_customer = signed_in(person), described["people"][who] == "customer"
    seen = set() if is_customer else seen
    out = {place for place in known if is_shown(described, place)}
    titled = set() if is_customer else {place for place in out if place in seen or described["policies"][place]["is_listed"]}
    register = reverse("knowledge:policy_list")
    for path in (register, f"{register}?q=记号", f"{register}?sort=number", f"{register}?category=general"):
        answer = browser.get(path)
        assert shown(POLICY, answer) == titled, path
        assert not shown(VERSION, answer)
    assert is_customer or count_of(browser.post(register, {"export": "csv"}), "csv") == len(titled)
    found = seen & out
    hold_search(browser, POLICY, found)
    texts = {(place, number) for place in seen for number in range(1, len(library.versions[place]) + 1) if reads(described, library, who, place, number)}
    for path in ("?q=版记号", "?q=版记号&kind=policy"):
        assert shown(VERSION, browser.get(reverse("search:search") + path)) <= texts, path
    for place, policy in known.items():
        hold_policy(described, library, who, browser, place, policy, is_seen=place in seen, texts=texts)
        file = browser.get(reverse("attachments:file", args=[policy.file_ids[0]]))
        assert (file.status_code == 200) is (place in seen and (place in out or described["policies"][place]["state"] == "retracted")), place


def reads(described: dict[str, Any], library: Library, who: int, place: int, number: int) -> bool:
    return reads_version(described, who, place, library.versions[place], number)


def hold_policy(
    described: dict[str, Any], library: Library, who: int, browser: Client, place: int, policy: Policy, *, is_seen: bool, texts: set[tuple[int, int]]
) -> None:
    """Its page, as of each version and day; comparing; confirming; granting; asking."""
    said, rules, is_customer = described["policies"][place], library.versions[place], described["people"][who] == "customer"
    is_listed = is_shown(described, place) and said["is_listed"]
    refused = 403 if is_listed or is_customer else 404
    is_out = said["state"] != "draft"
    address = policy.get_absolute_url()
    own = {text for text in texts if text[0] == place}
    answer = browser.get(address)
    if not is_out:
        assert answer.status_code in ({302} if is_seen else {refused})
    elif not is_seen:
        assert answer.status_code == refused
        assert not shown(VERSION, answer)
    else:
        assert answer.status_code == 200
        in_force = 1 if said["second"] is not None and said["second"][0] == "future" else len(rules)
        assert shown(VERSION, answer) == (own & {(place, in_force)} or own if said["state"] != "repealed" else shown(VERSION, answer) & own), (place, own)
        for number in (1, 2):
            assert shown(VERSION, browser.get(f"{address}?version={number}")) <= own
        assert shown(VERSION, browser.get(f"{address}?day=2099-01-01")) <= own
    if len(rules) == 2 and is_out:
        compared = browser.get(reverse("knowledge:policy_comparison", args=[policy.pk, 1, 2]) + "?show=all")
        assert (compared.status_code == 200) is (is_seen and len(own) == 2)
        assert shown(VERSION, compared) <= (own if compared.status_code == 200 else set())
    # Readers confirm, not those who are let in besides.
    is_reader = is_shown(described, place) and sees(described, who, described["papers"][rules[-1]]) and not is_customer
    asks = is_reader and said["state"] == "published"
    browser.post(reverse("knowledge:policy_confirmation", args=[policy.pk]), {"version": len(rules)})
    assert Confirmation.objects.of(policy).filter(person=library.plant.people[who]).exists() is asks
    granting = is_shown(described, place) and leads(described, who, place, described["papers"][rules[-1]][2])
    unseen = 403 if is_customer else 404
    assert browser.get(policy.grants_url).status_code == (200 if granting else 403 if is_seen else unseen)
    for name in ("policy_confirmation_report", "policy_update", "policy_preview", "policy_repeal"):
        assert browser.get(reverse(f"knowledge:{name}", args=[policy.pk])).status_code == (403 if is_seen else unseen), name
    may_ask = is_listed and not is_customer
    assert browser.get(reverse("knowledge:policy_request", args=[policy.pk])).status_code == (200 if may_ask else unseen)


def hold_rule(model: type[Any], person: User, known: dict[int, Any], expected: set[int]) -> None:
    assert {place for place, thing in known.items() if can(person, "view", thing)} == expected
    assert set(visible_to(model, person).values_list("pk", flat=True)) == {known[place].pk for place in expected}
    assert {place for place, thing in known.items() if viewers_of(thing).filter(pk=person.pk).exists()} == expected


def hold_search(browser: Client, mark: re.Pattern[str], expected: set[int]) -> None:
    kind = "article" if mark is ARTICLE else "policy"
    search, typing = reverse("search:search"), reverse("search:typing")
    for path in (f"{search}?q=记号&kind={kind}", f"{search}?kind={kind}", f"{typing}?q={mark.pattern[:3]}"):
        answer = browser.get(path)
        assert shown(mark, answer) == expected if answer.status_code == 200 else not expected, path


def hold_bells_and_reports(described: dict[str, Any], library: Library) -> None:
    people = library.plant.people
    for place, policy in enumerate(library.policies):
        if policy is None or described["policies"][place]["state"] != "published":
            continue
        rules = library.versions[place]
        expected = {people[who].pk for who in range(len(people)) if sees_policy(described, who, place, rules)}
        kind = "knowledge.policy_published" if len(rules) == 1 else "knowledge.policy_revised"
        told = set(Notification.objects.filter(url=policy.get_absolute_url(), kind=kind, recipient__in=people).values_list("recipient", flat=True))
        assert told <= expected
        readers = {people[who].pk for who in range(len(people)) if sees(described, who, described["papers"][rules[-1]])}
        assert {line.person_id for line in ConfirmationReport(policy).people()[0]} & {person.pk for person in people} == readers
    for who, person in enumerate(people):
        if signs_in(described, who):
            bells = signed_in(person).get(reverse("notifications:notification_list"))
            seen = {place for place in library.versions if sees_policy(described, who, place, library.versions[place])}
            assert shown(POLICY, bells) <= seen
            assert shown(ARTICLE, bells) <= {place for place in range(len(library.articles)) if sees_article(described, who, place)}
    for place, article in enumerate(library.articles):
        if article is not None and described["articles"][place]["state"] == "published":
            answering = set(people_answering_for(article).values_list("pk", flat=True))
            assert answering, "never nobody"
            assert answering <= set(viewers_of(article).values_list("pk", flat=True))


def signs_in(described: dict[str, Any], who: int) -> bool:
    return described["people"][who] == "customer" or is_here(described, who)


def signed_in(person: User) -> Client:
    client = Client()
    client.force_login(person)
    return client


def shown(mark: re.Pattern[str], answer: Any) -> set[Any]:
    """The numbers of what an answer names; nothing where it refuses."""
    if answer.status_code not in {200, 403, 404}:
        return set()
    text = answer.content.decode().replace("<mark>", "").replace("</mark>", "").replace("<ins>", "").replace("</ins>", "")
    found: Iterable[Any] = mark.findall(text)
    return {int(one) if isinstance(one, str) else tuple(map(int, one)) for one in found}


def count_of(answer: Any, kind: str) -> int:
    assert answer.status_code == 200
    content = b"".join(answer.streaming_content)
    return len(content.decode("utf-8-sig").strip().splitlines()) - 1 if kind == "csv" else len(rows_of(content))


def rows_of(content: bytes) -> list[Any]:
    return list(load_workbook(BytesIO(content)).active.iter_rows(min_row=2, values_only=True))
