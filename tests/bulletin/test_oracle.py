"""S1 over all surfaces of the boards: what every one of them shows equals what the rule says, computed naively over random plants."""

import re
from datetime import timedelta
from io import BytesIO

from django.test import Client
from django.urls import reverse
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase as HypothesisTestCase

from bulletin.listing import counts_for
from bulletin.models import Notice
from bulletin.services.boards import board_of
from bulletin.services.feeds import renew_feed_address
from portal.access.models import Audience
from portal.access.policies import can, viewers_of, visible_to
from portal.access.rules import AudienceRule
from portal.access.standings import people_matching, refresh_standings
from portal.accounts.models import User
from portal.attachments.services import receive_file
from portal.confirmations.reports import ConfirmationReport
from portal.notifications.models import Notification
from portal.organization.models import Department, Employment, Position
from portal.organization.querysets import today
from portal.pages.services import publish_draft, retract_page
from tests.access.test_oracle import build, descriptions, sees, spell
from tests.bulletin.writing import draft
from tests.search.indexing import settle, start_afresh

STATES = ("published", "published", "published", "draft", "planned", "expired", "retracted")
MARK = re.compile(r"记号(\d+)号")


class BoardOracleTest(HypothesisTestCase):
    @given(described=descriptions(), states=st.lists(st.sampled_from(STATES), min_size=4, max_size=4))
    @settings(max_examples=25, deadline=None, suppress_health_check=list(HealthCheck))
    def test_every_surface_shows_what_the_rule_allows_and_nothing_else(self, described: dict, states: list[str]) -> None:
        start_afresh()
        plant = build(described)
        author, department = make_author()
        notices = []
        for place, (include, exclude, level) in enumerate(described["papers"]):
            rule = AudienceRule.of(spell(plant, include), spell(plant, exclude), level)
            notices.append(publish(author, department, place, rule, states[place]))
        settle()
        shown = {
            who: {
                place
                for place, rule in enumerate(described["papers"])
                if notices[place] is not None and states[place] == "published" and sees(described, who, rule)
            }
            for who in range(len(plant.people))
        }
        for who, stale in enumerate(plant.people):
            person = User.objects.get(pk=stale.pk)
            self.hold_policies(person, notices, shown[who])
            self.hold_pages(person, notices, shown[who], is_customer=described["people"][who] == "customer")
        self.hold_bells_and_reports(plant.people, notices, shown)

    def hold_policies(self, person: User, notices: list, expected: set[int]) -> None:
        known = {place: notice for place, notice in enumerate(notices) if notice is not None}
        assert {place for place, notice in known.items() if can(person, "view", notice)} == expected
        assert set(visible_to(Notice, person).values_list("pk", flat=True)) == {known[place].pk for place in expected}
        assert {place for place, notice in known.items() if viewers_of(notice).filter(pk=person.pk).exists()} == expected
        assert set(Notice.objects.addressed_to(person).values_list("pk", flat=True)) == {known[place].pk for place in expected}

    def hold_pages(self, person: User, notices: list, expected: set[int], *, is_customer: bool) -> None:
        client = Client()
        client.force_login(person)
        reachable = set() if is_customer else expected
        known = {place: notice for place, notice in enumerate(notices) if notice is not None}
        board = reverse("bulletin:board")
        for address in (
            board,
            f"{board}?kind=notice",
            f"{board}?unread=1",
            f"{board}?confirmation=waiting",
            f"{board}?q=记号",
            f"{board}?year={today().year}",
            reverse("bulletin:department_board", args=[next(iter(known.values())).department_id]) if known else board,
            reverse("home:home"),
            *(reverse("home:live_panel", args=[f"bulletin.{panel}"]) for panel in ("notices", "waiting")),
            reverse("bulletin:calendar"),
            f"{reverse('search:search')}?q=记号",
            f"{reverse('search:search')}?kind=notice",
            f"{reverse('search:typing')}?q=记号",
        ):
            response = client.get(address)
            assert shown_in(response) == reachable if response.status_code == 200 else not reachable, address
        assert shown_in(client.get(reverse("notifications:notification_list"))) == reachable, "customers have no bell"
        for place, notice in known.items():
            assert (client.get(notice.get_absolute_url()).status_code == 200) is (place in reachable)
            for name in ("file", "preview"):  # files have the right of what they hang on
                assert (client.get(reverse(f"attachments:{name}", args=[notice.file_ids[0]])).status_code == 200) is (place in reachable), name
            if place not in expected:
                assert client.get(reverse("attachments:text", args=[notice.file_ids[0]])).status_code in {302, 403, 404}
            for name in ("notice_reading", "notice_confirmation"):
                status = client.post(reverse(f"bulletin:{name}", args=[notice.pk]), {"version": "0"}).status_code
                assert (status in {204, 302} and place in reachable) or (place not in reachable and status in {302, 403, 404}), (name, status)
            assert notice.readings.filter(person=person).exists() is (place in reachable)
        if reachable:
            assert counts_for(User.objects.get(pk=person.pk)).waiting == len(reachable)
        key = renew_feed_address(actor=person)
        feed = Client().get(reverse("bulletin:feed", args=[key]))
        assert shown_in(feed) == reachable if feed.status_code == 200 else not reachable

    def hold_bells_and_reports(self, people: list[User], notices: list, shown: dict[int, set[int]]) -> None:
        for place, notice in enumerate(notices):
            if notice is None:
                continue
            expected = {people[who].pk for who in shown if place in shown[who]}
            told = set(
                Notification.objects.filter(url=notice.get_absolute_url(), kind="bulletin.published", recipient__in=people).values_list("recipient", flat=True)
            )
            assert told == expected
            if notice.is_current:
                reported = {line.person_id for line in ConfirmationReport(notice).people()[0]} & {person.pk for person in people}
                assert reported == expected


def make_author() -> tuple[User, Department]:
    department = Department.objects.create(code="AUTHOR", name="发布部门")
    department.path = f"{department.pk}/"
    department.save()
    author = User.objects.create(employee_number="author", name="作者")
    head = Position.objects.create(code="AUTHOR-HEAD", name="负责人", clearance=4, is_head=True)
    Employment.objects.create(person=author, department=department, position=head, starts_on=today() - timedelta(days=9))
    refresh_standings([author.pk])
    return User.objects.get(pk=author.pk), department


def publish(author: User, department: Department, place: int, rule: AudienceRule, state: str) -> Notice | None:
    """The notice in its state; None where nobody is in its audience, for that is refused."""
    if not people_matching(rule).exists():
        return None
    file = receive_file(actor=author, name=f"记号{place}号.txt", content=BytesIO(f"记号{place}号".encode()))
    values = {"go_live_at": timezone.now() + timedelta(days=1)} if state == "planned" else {"expire_at": timezone.now() + timedelta(days=2)}
    notice = draft(
        board_of(department),
        author,
        title=f"记号{place}号",
        body=f"<p>记号{place}号</p>",
        audience=Audience.objects.for_rule(rule),
        file_ids=[file.pk],
        needs_confirmation=True,
        **values,
    )
    if state != "draft":
        notice = publish_draft(notice, actor=author)
    if state == "expired":
        Notice.objects.filter(pk=notice.pk).update(shown_until=timezone.now() - timedelta(seconds=1))
    if state == "retracted":
        retract_page(notice, reason="有误", actor=author)
    stored = Notice.objects.get(pk=notice.pk)
    stored.file_ids = [file.pk]
    return stored


def shown_in(response) -> set[int]:
    return {int(number) for number in MARK.findall(response.content.decode().replace("<mark>", "").replace("</mark>", ""))}
