"""Wagtail's editor: the same page, the same rules, and closed to everyone but the department's publishers (S8)."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from django.urls import NoReverseMatch, URLPattern, URLResolver, reverse
from django.utils import timezone

from bulletin.models import Notice, NoticeVersion
from bulletin.services.boards import board_of, keep_board
from portal.access.rules import department_token
from portal.audit.models import AuditRecord
from portal.notifications.models import Notification
from portal.outbox.services import drain
from portal.pages.approval import submit_page
from portal.pages.editor import OPEN
from portal.pages.urls import urlpatterns
from tests.bulletin.writing import draft, write

pytestmark = pytest.mark.django_db


def edit(notice: Notice) -> str:
    return reverse("wagtailadmin_pages:edit", args=[notice.pk])


def filled(cast, notice: Notice, **changes: Any) -> dict[str, Any]:
    """What the editor sends of a notice."""
    latest = Notice.objects.get(pk=notice.pk).latest_revision
    values = {
        "title": "在编辑器里改",
        "body": "<p>每班两次</p>",
        "audience_include": [department_token(cast.quality.pk)],
        "audience_level": "0",
        "kind": "notice",
        "allows_comments": "on",
        "change_note": "第三条",
        "loaded_revision_id": latest.pk,
        "loaded_revision_created_at": latest.created_at.isoformat(),
    }
    return values | changes


@pytest.fixture
def as_head(client, cast):
    client.force_login(cast.head)
    return client


def test_a_draft_saved_in_the_editor_is_the_draft_of_the_short_form(as_head, cast, notice):
    assert as_head.get(edit(notice)).status_code == 200
    assert as_head.post(edit(notice), filled(cast, notice)).status_code == 302
    stored = Notice.objects.get(pk=notice.pk)
    assert stored.body == notice.body, "readers see what was published"
    assert stored.get_latest_revision_as_object().body == "<p>每班两次</p>"
    assert "每班两次" in as_head.get(reverse("bulletin:notice_update", args=[notice.pk])).content.decode()


def test_what_is_published_in_the_editor_has_its_version_its_record_and_its_bell(as_head, cast, board):
    written = draft(board, cast.head)
    assert as_head.post(edit(written), filled(cast, written) | {"action-publish": "1"}).status_code == 302
    stored = Notice.objects.get(pk=written.pk)
    assert (stored.is_shown, stored.version_number) == (True, 1)
    assert NoticeVersion.objects.get(notice=written).reach > 0
    assert AuditRecord.objects.filter(verb="notice.published").exists()
    drain()
    assert Notification.objects.filter(recipient=cast.inspector, kind="bulletin.published").exists()


def test_what_is_missing_is_said_at_its_field_and_nothing_is_published(as_head, cast, notice):
    for wrong, field in (({"change_note": ""}, "change_note"), ({"audience_include": []}, "audience"), ({"kind": "topic"}, "closes_on")):
        answer = as_head.post(edit(notice), filled(cast, notice, **wrong) | {"action-publish": "1"})
        assert answer.status_code == 200
        assert field in answer.context["form"].errors
    assert Notice.objects.get(pk=notice.pk).version_number == 1


def test_a_time_that_is_past_is_no_error_of_the_server(as_head, cast, notice):
    past = (timezone.localtime() - timedelta(hours=2)).strftime("%Y-%m-%dT%H:%M")
    answer = as_head.post(edit(notice), filled(cast, notice, needs_confirmation="on", confirm_by=past) | {"action-publish": "1"})
    assert "confirm_by" in answer.context["form"].errors


def test_where_a_second_person_approves_nobody_publishes_past_them_in_the_editor(as_head, client, cast, board):
    keep_board(board, document_prefix="厂质", needs_second_person=True, actor=cast.head)
    written = draft(board, cast.head)
    assert 'name="action-publish"' not in as_head.get(edit(written)).content.decode()
    as_head.post(edit(written), filled(cast, written) | {"action-publish": "1"})
    assert not Notice.objects.get(pk=written.pk).is_shown
    for action in ("action-submit", "action-workflow-action", "action-restart-workflow"):
        assert as_head.post(edit(written), filled(cast, written) | {action: "1"}).context["form"].errors
    assert not Notice.objects.get(pk=written.pk).workflow_in_progress


def test_what_waits_is_approved_on_the_portals_page_alone(client, cast, board):
    keep_board(board, document_prefix="厂质", needs_second_person=True, actor=cast.head)
    written = draft(board, cast.head)
    submit_page(written, actor=cast.head)
    task = Notice.objects.get(pk=written.pk).current_workflow_task_state.pk
    client.force_login(cast.deputy)
    assert client.get(edit(written)).status_code == 200
    assert client.post(reverse("wagtailadmin_pages:workflow_action", args=[written.pk, "approve", task])).status_code == 404
    assert not Notice.objects.get(pk=written.pk).is_shown


def test_readers_facts_are_not_changed_by_the_editor(as_head, cast, notice):
    forged = {"department": cast.sales.pk, "published_at": "2020-01-01", "document_number": "1", "owner": cast.admin.pk, "slug": "x", "live": "on"}
    as_head.post(edit(notice), filled(cast, notice) | forged | {"action-publish": "1"})
    stored = Notice.objects.get(pk=notice.pk)
    assert (stored.department, stored.published_at, stored.document_number, stored.owner) == (cast.quality, notice.published_at, None, cast.head)


def test_two_revisions_are_compared_in_the_text(as_head, cast, notice):
    as_head.post(edit(notice), filled(cast, notice))
    page = as_head.get(reverse("wagtailadmin_pages:revisions_compare", args=[notice.pk, "earliest", "latest"])).content.decode()
    assert "<ins" in page
    assert "每班两次" in page


def test_the_editor_offers_the_boards_and_the_way_back_and_nothing_that_is_closed(as_head, cast, notice):
    page = as_head.get(edit(notice)).content.decode()
    assert "action-unpublish" not in page
    for name in ("wagtailadmin_pages:move", "wagtailadmin_pages:copy", "wagtailadmin_pages:unpublish"):
        assert reverse(name, args=[notice.pk]) not in page
    assert "<script>" not in page, "nothing inline"
    listing = as_head.get(reverse("wagtailadmin_explore", args=[notice.get_parent().pk]))
    assert listing.status_code == 200
    assert reverse("wagtailadmin_pages:move", args=[notice.pk]) not in listing.content.decode()


def addresses(patterns: list[Any] = urlpatterns, namespace: str = "") -> Iterator[tuple[str, URLPattern]]:
    """Every address of the editor, by name."""
    for pattern in patterns:
        if isinstance(pattern, URLResolver):
            yield from addresses(pattern.url_patterns, f"{namespace}{pattern.namespace}:" if pattern.namespace else namespace)
        elif pattern.name:
            yield f"{namespace}{pattern.name}", pattern


def page_address(name: str, pattern: URLPattern, notice: Notice) -> str | None:
    """The address about this notice; None where it is about something else than pages."""
    keys = set(pattern.pattern.converters)
    values = {"page_id": notice.pk, "parent_page_id": notice.get_parent().pk, "pk": notice.pk, "object_id": notice.pk}
    others = {"revision_id": notice.latest_revision_id, "revision_id_a": "earliest", "revision_id_b": "latest", "task_state_id": 1, "task_id": 1}
    others |= {"action_name": "approve", "workflow_state_id": 1, "content_type_app_name": "bulletin", "content_type_model_name": "notice"}
    others |= {"app_label": "wagtailcore", "model_name": "page", "lang": "en"}
    try:
        return reverse(name, kwargs={key: (values | others)[key] for key in keys})
    except (KeyError, NoReverseMatch):
        return None


def test_of_all_addresses_of_the_editor_only_the_listed_ones_answer_anyone(as_head, notice):
    closed = [name for name, _pattern in addresses() if name not in OPEN]
    assert len(closed) > 100
    tried = 0
    for name, pattern in addresses():
        url = page_address(name, pattern, notice)
        if name in OPEN or url is None:
            continue
        tried += 1
        assert as_head.get(url).status_code == 404, name
        assert as_head.post(url).status_code == 404, name
    assert tried > 40


def test_no_open_address_of_a_page_answers_who_does_not_publish_for_its_department(client, cast, notice):
    board_of(cast.workshop)
    write(board_of(cast.workshop), cast.workshop_head)
    tried = set()
    for person, expected in ((cast.workshop_head, 404), (cast.inspector, 403), (cast.admin, 403), (cast.customer, 403), (None, 302), (cast.leaver, 302)):
        client.logout()
        if person is not None:
            client.force_login(person)
        for name, pattern in addresses():
            url = page_address(name, pattern, notice) if name in OPEN else None
            if url is None or not {"page_id", "parent_page_id", "pk", "object_id"} & set(pattern.pattern.converters):
                continue
            tried.add(name)
            for method in ("get", "post"):
                assert getattr(client, method)(url).status_code == expected, (name, method, person)
    assert len(tried) >= 12
    assert Notice.objects.get(pk=notice.pk).is_shown
