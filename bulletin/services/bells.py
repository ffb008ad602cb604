"""What people were told of a notice, and is taken back when it has left the boards."""

from django.urls import reverse

from bulletin.models import Notice
from bulletin.notifications import ADOPTED, CONFIRM, CORRECTED, OVERDUE, PUBLISHED, SUGGESTION_DONE, TOPIC_CLOSED, TOPIC_UNCLOSED, URGENT
from portal.confirmations.registry import confirmable_for
from portal.discussion.notifications import OF_DISCUSSIONS
from portal.discussion.services import bell_addresses, withdraw_bells
from portal.notifications.services import renew_bells, withdraw_all
from portal.pages.approval import forget_request

OF_THE_NOTICE = (PUBLISHED, URGENT, CORRECTED, CONFIRM, OVERDUE, TOPIC_CLOSED, TOPIC_UNCLOSED)
OF_ITS_SUGGESTIONS = (ADOPTED, SUGGESTION_DONE)


def missing_url(notice: Notice) -> str:
    """Where a head finds who has not confirmed."""
    return confirmable_for(Notice).missing_url(notice)


def take_bells_back(notice: Notice) -> None:
    """Bells forget the notice, its discussion, and what became of the suggestions on it."""
    withdraw_all([notice.get_absolute_url(), missing_url(notice)], kinds=OF_THE_NOTICE)
    suggestions = notice.adoptions.values_list("comment_id", flat=True)
    withdraw_all([reverse("discussion:comment_detail", args=[pk]) for pk in suggestions], kinds=OF_ITS_SUGGESTIONS)
    withdraw_bells(notice)
    forget_request(notice)


def renew_told(notice: Notice) -> None:
    """What was told of it before, and of what was said there, is of this version from now on, and for those alone for whom it is now."""
    renew_bells(
        notice,
        [notice.get_absolute_url(), missing_url(notice), *bell_addresses(notice)],
        kinds=[*OF_THE_NOTICE, *OF_ITS_SUGGESTIONS, *OF_DISCUSSIONS],
    )
