"""Who may open what of the knowledge base, and a thing for each address to be about."""

from typing import Any

from knowledge.services.feedback import suggest_change
from portal.pages.approval import submit_page
from tests.cast import Cast
from tests.knowledge.writing import admitted, audience, draft, make_category, renewed
from tests.permissions.roles import ADMINISTRATORS, EMPLOYEES
from tests.permissions.rules import DONE, UNSEEN, Answers, act, form, page

KEEPERS = {"head", "deputy"} | ADMINISTRATORS  # of the category; the deputy holds the duty of the head
WRITERS = KEEPERS | {"inspector"}  # the inspector began them
READERS = WRITERS - ADMINISTRATORS

SEES: Answers = {**UNSEEN, "admin": 403}  # administrators keep the base, and so see what they are no readers of

READING = [
    page("knowledge:map", EMPLOYEES),
    form("knowledge:article_list", EMPLOYEES, outcome=DONE),
    form("knowledge:own_list", EMPLOYEES, outcome=DONE),
    page("knowledge:article_detail", WRITERS, "article", refusal=UNSEEN),
    page("knowledge:article_change", WRITERS, "article article_version", refusal=UNSEEN),
    act("knowledge:article_usefulness", READERS, "article", refusal=SEES),
    form("knowledge:suggestion_create", READERS, "article", refusal=SEES),
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
    form("knowledge:article_review", KEEPERS, "article", refusal=UNSEEN),
    form("knowledge:article_withdrawal", KEEPERS, "article", refusal=UNSEEN),
]
KEEPING = [
    form("knowledge:article_assignment", KEEPERS, "article_waiting", refusal=UNSEEN),
    form("knowledge:article_move", KEEPERS, "article", refusal=UNSEEN),
    act("knowledge:suggestion_answer", WRITERS, "edit_suggestion", refusal=UNSEEN),
    page("knowledge:desk", KEEPERS),
    page("knowledge:category_list", ADMINISTRATORS),
    form("knowledge:category_create", ADMINISTRATORS),
    form("knowledge:category_update", ADMINISTRATORS, "category"),
    act("knowledge:category_deletion", ADMINISTRATORS, "category"),
]

ADDRESSES = [*READING, *WRITING, *KEEPING]
EXCEPTIONS: dict[Any, Any] = {}
QUERIES = {"/knowledge/": 13, "/knowledge/articles/": 10}


def make_things(cast: Cast) -> dict[str, Any]:
    """One of each, for 质检科 alone, kept by its head."""
    category = make_category(cast)
    own = audience(f"dept:{cast.quality.pk}+")
    article = admitted(category, cast.inspector, cast.head, audience=own)
    renewed(article, cast.inspector, cast.head)
    waiting = draft(category, cast.inspector, title="等待入库")
    submit_page(waiting, actor=cast.inspector)
    return {
        "category": category.pk,
        "article": article.pk,
        "article_version": 2,
        "article_draft": draft(category, cast.inspector, title="草稿").pk,
        "article_waiting": waiting.pk,
        "edit_suggestion": suggest_change(article, actor=cast.inspector, text="补一句").pk,
    }
