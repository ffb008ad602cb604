"""Times that have passed are refused where they are given, with a sentence."""

from datetime import timedelta

import pytest
from django.utils import timezone

from bulletin.models import Notice
from bulletin.services.boards import keep_board
from portal.accounts.models import User
from portal.organization.errors import OrganizationError
from portal.organization.models import Employment
from portal.organization.querysets import today
from portal.organization.services.deputyships import appoint_deputy
from portal.pages.approval import approve_page, submit_page
from portal.pages.errors import PublicationError
from portal.pages.services import publish_draft, save_draft
from tests.bulletin.short_form import NEW, typed
from tests.bulletin.writing import correct, draft

pytestmark = pytest.mark.django_db


def test_a_time_in_the_past_is_refused_where_it_is_given_and_the_present_minute_is_not(as_head, cast, board):
    past = timezone.localtime(timezone.now() - timedelta(minutes=2)).replace(microsecond=0)
    refused = as_head.post(NEW, typed(cast, go_live_at=f"{past:%Y-%m-%dT%H:%M}"))
    assert refused.status_code == 422
    assert list(refused.context["form"].errors) == ["go_live_at"]
    assert f'value="{past:%Y-%m-%dT%H:%M}"' in refused.content.decode()
    notice = Notice.objects.get()
    assert not notice.is_shown
    with pytest.raises(PublicationError):
        submit_page(notice, actor=cast.head)
    save_draft(notice, actor=cast.head, values={"go_live_at": timezone.now().replace(second=0, microsecond=0)}, seen=None)
    published = publish_draft(notice, actor=cast.head)
    assert published.is_shown
    Notice.objects.filter(pk=notice.pk).update(go_live_at=past)
    revision = Notice.objects.get(pk=notice.pk).get_latest_revision()
    revision.content["go_live_at"] = past.isoformat()
    revision.save(update_fields=["content"])
    assert correct(published, cast.head).version_number == 2, "the time at which it was published is of the past"
    with pytest.raises(PublicationError):
        correct(published, cast.head, go_live_at=past - timedelta(hours=1))


def test_what_waited_for_its_approval_beyond_its_time_is_published_when_it_is_approved(cast, board):
    keep_board(board, document_prefix="", needs_second_person=True, actor=cast.head)
    waiting = draft(board, cast.head, go_live_at=timezone.now() + timedelta(hours=1))
    submit_page(waiting, actor=cast.head)
    revision = waiting.get_latest_revision()
    revision.content["go_live_at"] = (timezone.now() - timedelta(hours=1)).isoformat()
    revision.save(update_fields=["content"])
    approve_page(waiting, actor=User.objects.get(pk=cast.deputy.pk))
    assert Notice.objects.get(pk=waiting.pk).is_shown


def test_a_deputy_for_days_that_are_over_is_refused(cast):
    post = Employment.objects.get(person=cast.workshop_head)
    with pytest.raises(OrganizationError):
        appoint_deputy(post, deputy=cast.operator, starts_on=today() - timedelta(days=9), ends_on=today() - timedelta(days=1), actor=cast.admin)
    appoint_deputy(post, deputy=cast.operator, starts_on=today() - timedelta(days=9), ends_on=today(), actor=cast.admin)
