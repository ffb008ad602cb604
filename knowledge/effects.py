"""What happens at its time."""

from collections.abc import Sequence

from knowledge.models import Policy
from knowledge.services.file_imports import IMPORT_FILES
from knowledge.services.import_working import work_on
from knowledge.services.policies import EFFECTIVE_DAY, FOLLOW, ring_effective_day
from knowledge.services.policy_reviews import POLICY_REVIEW_COMES, ask_for_policy_review
from knowledge.services.reviews import REVIEW_COMES, ask_for_review
from portal.outbox.registry import Payload, handler
from portal.search.services import touch


@handler(REVIEW_COMES)
def review_comes(payloads: Sequence[Payload]) -> None:
    for payload in payloads:
        ask_for_review(payload["article"], payload["due"])


@handler(POLICY_REVIEW_COMES)
def policy_review_comes(payloads: Sequence[Payload]) -> None:
    for payload in payloads:
        ask_for_policy_review(payload["policy"], payload["due"])


@handler(EFFECTIVE_DAY)
def effective_day(payloads: Sequence[Payload]) -> None:
    for payload in payloads:
        ring_effective_day(payload["policy"], payload["version"])


@handler(FOLLOW)
def follow_force(payloads: Sequence[Payload]) -> None:
    """From a version's day on it is what is found."""
    touch(Policy, [payload["policy"] for payload in payloads])


@handler(IMPORT_FILES)
def import_files(payloads: Sequence[Payload]) -> None:
    for payload in payloads:
        work_on(payload["run"], payload["lane"])
