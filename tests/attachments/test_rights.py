"""S6: a file, its thumbnail, its text, its pages and ranges of it need the right to the thing that it hangs on, as that right is now."""

from collections.abc import Callable

import pytest
from django.test import Client

from portal.access.models import Audience
from portal.access.policies import can, viewers_of, visible_to
from portal.access.rules import AudienceRule, department_token, person_token
from portal.accounts.models import User
from portal.attachments.extraction import read_waiting
from portal.attachments.models import Attachment
from portal.attachments.services import hang_files, release_files
from portal.organization.querysets import today
from portal.organization.services.employments import move_person
from tests.attachments import samples
from tests.cast import Cast

SignIn = Callable[[User], Client]
Receive = Callable[[User, str, bytes], Attachment]
ADDRESSES = ("", "?download", "thumbnail/", "pages/1/", "text/", "text/?page=1", "preview/")


def answers(browser: Client, attachment: Attachment) -> set[int]:
    """What every address of the file answers, a range of it included."""
    asked = [browser.get(f"/files/{attachment.pk}/{address}") for address in ADDRESSES]
    asked.append(browser.get(f"/files/{attachment.pk}/", headers={"Range": "bytes=0-3"}))
    asked.append(browser.head(f"/files/{attachment.pk}/"))
    known = {answer["ETag"] for answer in asked if "ETag" in answer}
    asked += [browser.get(f"/files/{attachment.pk}/{address}", headers={"If-None-Match": etag}) for etag in known for address in ("", "thumbnail/")]
    return {answer.status_code for answer in asked}


@pytest.fixture
def report(cast: Cast, receive: Receive) -> Attachment:
    """A PDF that hangs on a paper of the quality department."""
    attachment = receive(cast.head, "月报.pdf", samples.pdf("Quality report", "Page two"))
    hang_files(actor=cast.head, about=samples.paper_for(cast.quality), shown=[attachment.pk])
    read_waiting()
    attachment.refresh_from_db()
    return attachment


def test_those_who_may_see_the_thing_get_everything_and_others_get_404_everywhere(cast: Cast, client_for: SignIn, report: Attachment) -> None:
    for person in cast.everyone:
        if not person.is_active or person == cast.newcomer:
            continue
        expected = {200, 206, 304} if person in (cast.head, cast.inspector, cast.deputy) else {404}
        assert answers(client_for(person), report) == expected, person.name
    assert answers(Client(), report) == {302}


def test_a_change_of_audience_shows_at_once_at_every_address(cast: Cast, client_for: SignIn, report: Attachment) -> None:
    reader, other = client_for(cast.inspector), client_for(cast.operator)
    assert answers(reader, report) == {200, 206, 304}
    report.about.audience = Audience.objects.for_rule(AudienceRule.of([department_token(cast.shift.pk)]))
    report.about.save()
    assert answers(reader, report) == {404}
    assert answers(other, report) == {200, 206, 304}


def test_someone_who_moves_away_loses_every_address(cast: Cast, client_for: SignIn, report: Attachment) -> None:
    reader = client_for(cast.inspector)
    assert answers(reader, report) == {200, 206, 304}
    move_person(cast.inspector, department=cast.sales, position=cast.staff_post, moves_on=today(), actor=cast.admin)
    assert answers(reader, report) == {404}


def test_a_file_that_was_taken_out_is_held_for_those_who_may_change_the_thing(cast: Cast, client_for: SignIn, report: Attachment) -> None:
    reader, changer = client_for(cast.inspector), client_for(cast.admin)
    paper = report.about
    paper.audience = Audience.objects.for_rule(AudienceRule.of([department_token(cast.quality.pk), person_token(cast.admin.pk)]))
    paper.save()
    hang_files(actor=cast.head, about=paper, shown=[])
    assert answers(reader, report) == {404}
    assert answers(changer, report) == {200, 206, 304}


def test_a_thing_that_is_gone_closes_its_files(cast: Cast, client_for: SignIn, report: Attachment) -> None:
    report.about.delete()
    assert answers(client_for(cast.head), report) == {404}


def test_a_released_file_is_nowhere(cast: Cast, client_for: SignIn, report: Attachment) -> None:
    release_files(actor=cast.head, about=report.about)
    assert answers(client_for(cast.head), report) == {404}


def test_a_loose_file_is_its_uploaders_alone(cast: Cast, client_for: SignIn, receive: Receive) -> None:
    attachment = receive(cast.head, "a.pdf", samples.pdf("x"))
    read_waiting()
    assert answers(client_for(cast.head), attachment) == {200, 206, 304}
    for person in (cast.admin, cast.director, cast.inspector):
        assert answers(client_for(person), attachment) == {404}


def test_the_three_questions_of_the_policy_agree(cast: Cast, receive: Receive, report: Attachment) -> None:
    paper = report.about
    paper.audience = Audience.objects.for_rule(AudienceRule.of([department_token(cast.quality.pk), person_token(cast.admin.pk)]))
    paper.save()
    loose, draft = receive(cast.operator, "b.txt", b"b"), receive(cast.head, "c.txt", b"c")
    hang_files(actor=cast.head, about=paper, shown=[report.pk], held=[draft.pk])
    people = [person for person in cast.everyone if person.is_active]
    for attachment in Attachment.objects.all():
        allowed = {person.pk for person in people if can(person, "view", attachment)}
        assert allowed == {person.pk for person in people if visible_to(Attachment, person).filter(pk=attachment.pk).exists()}
        assert allowed == set(viewers_of(attachment).values_list("pk", flat=True))
    assert {person.pk for person in people if can(person, "view", Attachment.objects.get(pk=draft.pk))} == {cast.admin.pk}
    assert {person.pk for person in people if can(person, "view", loose)} == {cast.operator.pk}


def test_no_address_is_kept_by_a_shared_cache_and_each_asks_again(cast: Cast, client_for: SignIn, report: Attachment) -> None:
    browser = client_for(cast.inspector)
    for address in ADDRESSES:
        answer = browser.get(f"/files/{report.pk}/{address}")
        assert answer["Cache-Control"] in ("private, no-cache", "no-store"), address
