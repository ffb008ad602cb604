"""Who may open what of the knowledge base, and a thing for each address to be about."""

from typing import Any

from django.utils import timezone

from knowledge.models import PolicyRequest
from knowledge.services.feedback import suggest_change
from knowledge.services.file_imports import begin_import
from knowledge.services.grants import end_grant, grant_reading
from portal.organization.querysets import today
from portal.pages.approval import submit_page
from tests.cast import Cast
from tests.knowledge.rules import leader_duty, new_version, policy_draft, published
from tests.knowledge.writing import admitted, audience, draft, fresh, make_category, renewed
from tests.permissions.roles import ADMINISTRATORS, EMPLOYEES
from tests.permissions.rules import DONE, UNSEEN, Answers, act, form, page

KEEPERS = {"head", "deputy"} | ADMINISTRATORS  # of the category; the deputy holds the duty of the head
WRITERS = KEEPERS | {"inspector"}  # the inspector began them
READERS = WRITERS - ADMINISTRATORS

WRITTEN: Answers = {**UNSEEN, "inspector": 403}  # who began it does not decide on it
SEES: Answers = {**UNSEEN, "admin": 403}  # administrators keep the base, and so see what they are no readers of

POLICY_READERS = {"head", "deputy", "inspector"}  # the inspector leads too
REPORTED: Answers = {**UNSEEN, "inspector": 403}
GRANTED: Answers = {**UNSEEN, "head": 403, "deputy": 403}
SHELVED: Answers = dict.fromkeys(UNSEEN, 403)

READING = [
    page("knowledge:map", EMPLOYEES),
    form("knowledge:article_list", EMPLOYEES, outcome=DONE),
    form("knowledge:own_list", EMPLOYEES, outcome=DONE),
    page("knowledge:article_detail", WRITERS, "article", refusal=UNSEEN),
    page("knowledge:article_newer", WRITERS, "article", shown=204, refusal=UNSEEN),
    page("knowledge:article_change", WRITERS, "article article_version", refusal=UNSEEN),
    act("knowledge:article_usefulness", READERS, "article", refusal=SEES),
    form("knowledge:suggestion_create", READERS, "article", refusal=SEES),
]
IMPORTING = [
    form("knowledge:import_list", EMPLOYEES, outcome=DONE),
    form("knowledge:import_create", EMPLOYEES),
    form("knowledge:import_items", EMPLOYEES, outcome=DONE),
    page("knowledge:import_detail", {"inspector"}, "import_run", refusal=UNSEEN),
    act("knowledge:import_files", {"inspector"}, "import_run", refusal=UNSEEN),
    act("knowledge:import_start", {"inspector"}, "import_run", refusal=UNSEEN),
    act("knowledge:import_retry", {"inspector"}, "import_run", refusal=UNSEEN),
    page("knowledge:import_progress", {"inspector"}, "import_run", refusal=UNSEEN),
    act("knowledge:import_removal", {"inspector"}, "import_run", refusal=UNSEEN),
]
WRITING = [
    form("knowledge:article_create", EMPLOYEES),
    form("knowledge:article_update", WRITERS, "article_draft", outcome=409, refusal=UNSEEN),
    page("knowledge:article_preview", WRITERS, "article_draft", refusal=UNSEEN),
    page("knowledge:article_writers", WRITERS, "article_draft", refusal=UNSEEN),
    act("knowledge:article_deletion", WRITERS, "article_draft", refusal=UNSEEN),
    act("knowledge:article_unscheduling", WRITERS, "article_draft", refusal=UNSEEN),
    form("knowledge:article_approval", WRITERS, "article_waiting", outcome=409, refusal=UNSEEN),
    act("knowledge:article_taking_back", WRITERS, "article_waiting", refusal=UNSEEN),
    form("knowledge:article_review", KEEPERS, "article", refusal=WRITTEN),
    form("knowledge:article_withdrawal", KEEPERS, "article", refusal=WRITTEN),
]
KEEPING = [
    form("knowledge:article_assignment", KEEPERS, "article_waiting", refusal=WRITTEN),
    form("knowledge:article_move", KEEPERS, "article", refusal=WRITTEN),
    act("knowledge:suggestion_answer", WRITERS, "edit_suggestion", refusal=UNSEEN),
    page("knowledge:desk", KEEPERS),
    page("knowledge:category_list", ADMINISTRATORS),
    form("knowledge:category_create", ADMINISTRATORS),
    form("knowledge:category_update", ADMINISTRATORS, "category"),
    act("knowledge:category_deletion", ADMINISTRATORS, "category"),
]

IN_CHARGE = {"head", "deputy"}  # of the department whose policies they are
POLICIES = [
    form("knowledge:policy_list", EMPLOYEES, outcome=DONE),
    form("knowledge:policy_create", IN_CHARGE | {"auditor", "curator"}),
    form("knowledge:policy_document_create", IN_CHARGE | {"auditor", "curator"}),
    page("knowledge:policy_detail", POLICY_READERS, "policy"),
    page("knowledge:policy_newer", POLICY_READERS, "policy", shown=204, refusal=UNSEEN),
    page("knowledge:policy_comparison", POLICY_READERS, "policy version_before version_after", refusal=UNSEEN),
    act("knowledge:policy_confirmation", POLICY_READERS, "policy", refusal=UNSEEN),
    page("knowledge:policy_confirmation_report", IN_CHARGE, "policy", refusal=REPORTED),
    page("knowledge:policy_confirmation_summary", IN_CHARGE, "policy", refusal=REPORTED),
    act("knowledge:policy_confirmation_reminder", IN_CHARGE, "policy", refusal=REPORTED),
    form("knowledge:policy_update", IN_CHARGE, "policy_draft", outcome=409, refusal=UNSEEN),
    page("knowledge:policy_preview", IN_CHARGE, "policy_draft", refusal=UNSEEN),
    form("knowledge:policy_document", IN_CHARGE, "policy_draft", refusal=UNSEEN),
    page("knowledge:policy_writers", IN_CHARGE, "policy_draft", refusal=UNSEEN),
    act("knowledge:policy_deletion", IN_CHARGE, "policy_draft", refusal=UNSEEN),
    act("knowledge:policy_unscheduling", IN_CHARGE, "policy_draft", refusal=UNSEEN),
    act("knowledge:policy_pair", IN_CHARGE, "policy_draft", refusal=UNSEEN),
    form("knowledge:policy_review", IN_CHARGE, "policy", refusal=REPORTED),
    form("knowledge:policy_repeal", IN_CHARGE, "policy", refusal=REPORTED),
    form("knowledge:policy_version_withdrawal", IN_CHARGE, "policy version_after", refusal=REPORTED),
    form("knowledge:policy_grants", {"inspector"}, "policy", refusal=GRANTED),
    act("knowledge:grant_end", {"inspector"}, "policy_grant", refusal=GRANTED),
    act("knowledge:request_answer", {"inspector"}, "policy_request", refusal=GRANTED),
    form("knowledge:policy_request", EMPLOYEES, "policy"),
    form("knowledge:shelf_update", IN_CHARGE, "quality", outcome=DONE, refusal=SHELVED),
]

ADDRESSES = [*READING, *IMPORTING, *WRITING, *KEEPING, *POLICIES]
EXCEPTIONS: dict[Any, Any] = {}
QUERIES = {"/knowledge/": 13, "/knowledge/articles/": 10, "/knowledge/imports/": 10, "/knowledge/policies/": 10}


def make_things(cast: Cast) -> dict[str, Any]:
    """One of each, for 质检科 alone, kept by its head."""
    category = make_category(cast)
    own = audience(f"dept:{cast.quality.pk}+")
    article = admitted(category, cast.inspector, cast.head, audience=own)
    renewed(article, cast.inspector, cast.head)
    waiting = draft(category, cast.inspector, title="等待入库")
    submit_page(waiting, actor=cast.inspector)
    policy = published(cast, audience=own, leader=leader_duty(cast, cast.inspector), needs_confirmation=True)
    new_version(cast, policy, body="<p>第一条　改。</p>")
    grant = grant_reading(policy, actor=fresh(cast.inspector), starts_on=today(), ends_on=today(), reason="试", department=cast.sales)
    end_grant(grant, actor=fresh(cast.inspector))
    asked = PolicyRequest.objects.create(policy=policy, person=cast.newcomer, reason="试", asked_at=timezone.now())
    return {
        "import_run": begin_import(actor=cast.inspector, category=category, audience=own).pk,
        "policy": policy.pk,
        "version_before": 1,
        "version_after": 2,
        "policy_draft": policy_draft(cast, title="草稿").pk,
        "policy_grant": grant.pk,
        "policy_request": asked.pk,
        "category": category.pk,
        "article": article.pk,
        "article_version": 2,
        "article_draft": draft(category, cast.inspector, title="草稿").pk,
        "article_waiting": waiting.pk,
        "edit_suggestion": suggest_change(article, actor=cast.inspector, text="补一句").pk,
    }
