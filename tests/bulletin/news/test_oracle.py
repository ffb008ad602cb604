"""S1 over all surfaces of the news: what every one of them shows equals what the rule says, computed naively over random plants."""

import re
from datetime import timedelta
from io import BytesIO

from django.test import Client
from django.urls import reverse
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase as HypothesisTestCase

from bulletin.news.listing import lead_and_newest
from bulletin.news.models import NewsItem
from bulletin.news.services.items import create_item
from bulletin.services.feeds import renew_feed_address
from portal.access.models import Audience
from portal.access.policies import can, viewers_of, visible_to
from portal.access.rules import AudienceRule
from portal.access.standings import people_matching
from portal.accounts.models import User
from portal.attachments.services import receive_file
from portal.organization.querysets import today
from portal.outbox.services import drain
from portal.pages.services import publish_draft, retract_page
from tests.access.test_oracle import build, descriptions, sees, spell
from tests.attachments.samples import png
from tests.bulletin.news.writing import make_editor
from tests.bulletin.test_oracle import make_author

STATES = ("published", "published", "lead", "draft", "planned", "expired", "retracted")
SHOWN = {"published", "lead"}
MARK = re.compile(r"记号(\d+)号")


class NewsOracleTest(HypothesisTestCase):
    @given(described=descriptions(), states=st.lists(st.sampled_from(STATES), min_size=4, max_size=4))
    @settings(max_examples=15, deadline=None, suppress_health_check=list(HealthCheck))
    def test_every_surface_shows_what_the_rule_allows_and_nothing_else(self, described: dict, states: list[str]) -> None:
        plant = build(described)
        editor = make_news_editor()
        items = [
            publish(editor, place, AudienceRule.of(spell(plant, include), spell(plant, exclude), level), states[place])
            for place, (include, exclude, level) in enumerate(described["papers"])
        ]
        drain()
        for who, stale in enumerate(plant.people):
            expected = {
                place for place, rule in enumerate(described["papers"]) if items[place] is not None and states[place] in SHOWN and sees(described, who, rule)
            }
            person = User.objects.get(pk=stale.pk)
            known = {place: item for place, item in enumerate(items) if item is not None}
            # Administrators edit the news: they open every item, and their lists are those of readers.
            opened = set(known) if described["people"][who] == "admin" else expected
            self.hold_policies(person, known, expected, opened)
            self.hold_pages(person, known, expected, opened, is_customer=described["people"][who] == "customer")
            self.hold_pictures(person, known, set() if described["people"][who] == "customer" else opened)

    def hold_policies(self, person: User, known: dict[int, NewsItem], expected: set[int], opened: set[int]) -> None:
        assert {place for place, item in known.items() if can(person, "view", item)} == opened
        assert set(visible_to(NewsItem, person).values_list("pk", flat=True)) == {known[place].pk for place in opened}
        assert {place for place, item in known.items() if viewers_of(item).filter(pk=person.pk).exists()} == opened
        assert set(NewsItem.objects.addressed_to(person).values_list("pk", flat=True)) == {known[place].pk for place in expected}
        assert {line.pk for line in lead_and_newest(person, 9)} == {known[place].pk for place in expected}

    def hold_pages(self, person: User, known: dict[int, NewsItem], expected: set[int], opened: set[int], *, is_customer: bool) -> None:
        client = Client()
        client.force_login(person)
        reachable, opened = (set(), set()) if is_customer else (expected, opened)
        news, day = reverse("bulletin:news"), today().isoformat()
        for address in (news, f"{news}?category=market", f"{news}?q=记号", f"{news}?from={day}&to={day}", reverse("home:home")):
            response = client.get(address)
            assert shown_in(response) == reachable if response.status_code == 200 else not reachable, address
        for place, item in known.items():
            statuses = {200, 302} if place in opened and place not in reachable else {200} if place in reachable else {302, 403, 404}
            response = client.get(item.get_absolute_url())
            assert response.status_code in statuses, place
            assert place in opened or place not in shown_in(response)
            if place not in opened:
                for name in ("news_update", "news_preview", "news_retraction"):
                    assert client.get(reverse(f"bulletin:{name}", args=[item.pk])).status_code in {302, 403, 404, 405}, name
        feed = Client().get(reverse("bulletin:feed", args=[renew_feed_address(actor=person)]))
        assert not shown_in(feed), "the private address has notices alone"

    def hold_pictures(self, person: User, known: dict[int, NewsItem], opened: set[int]) -> None:
        """Files have the right of what they hang on."""
        client = Client()
        client.force_login(person)
        for place, item in known.items():
            for name in ("picture", "file", "thumbnail"):
                status = client.get(reverse(f"attachments:{name}", args=[item.picture_id])).status_code
                assert (status == 200) is (place in opened), (name, status)


def make_news_editor() -> User:
    author, _department = make_author()
    return make_editor(author, User.objects.create(employee_number="root", name="管理员", is_superuser=True))


def publish(editor: User, place: int, rule: AudienceRule, state: str) -> NewsItem | None:
    """The item in its state; None where nobody is in its audience, for that is refused."""
    if not people_matching(rule).exists():
        return None
    picture = receive_file(actor=editor, name=f"记号{place}号.png", content=BytesIO(png()))
    times = {"go_live_at": timezone.now() + timedelta(days=1)} if state == "planned" else {"expire_at": timezone.now() + timedelta(days=2)}
    values = {"title": f"记号{place}号", "summary": f"记号{place}号", "body": f"<p>记号{place}号</p>", "category": "market", "is_lead": state == "lead"}
    values |= {"picture_id": picture.pk, "picture_alt": "图", "audience": Audience.objects.for_rule(rule)}
    item = create_item(actor=editor, values=values | times)
    if state != "draft":
        item = publish_draft(item, actor=editor)
    if state == "expired":
        NewsItem.objects.filter(pk=item.pk).update(shown_until=timezone.now() - timedelta(seconds=1))
    if state == "retracted":
        retract_page(item, reason="有误", actor=editor)
    stored = NewsItem.objects.get(pk=item.pk)
    stored.picture_id = picture.pk
    return stored


def shown_in(response) -> set[int]:
    return {int(number) for number in MARK.findall(response.content.decode())}
