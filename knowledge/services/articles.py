"""Articles: begun, assigned, moved; and what is theirs in the life of a page."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from dateutil.relativedelta import relativedelta
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from knowledge.errors import KnowledgeError
from knowledge.headings import heading_texts, next_anchors
from knowledge.models import Article, ArticleCategory, ArticleVersion, EditSuggestion
from knowledge.models.articles import MOST_MONTHS
from knowledge.notifications import ASSIGNED, WITHDRAWN
from knowledge.services.bells import forget_article, renew_told
from knowledge.services.reviews import plan_review
from portal.access.models import Audience
from portal.access.policies import decide
from portal.access.rules import EVERYONE, AudienceRule
from portal.access.standings import people_holding, people_matching
from portal.accounts.models import User
from portal.audit.services import record
from portal.discussion.services import ask_listeners_again
from portal.foundation.rich_text import to_text
from portal.notifications.services import notify
from portal.organization.models import Department, Employment
from portal.pages.approval import cancel_request, forget_request
from portal.pages.drafts import lock_page
from portal.pages.registry import Publication
from portal.pages.services import begin_page
from portal.search.services import touch


def create_article(category: ArticleCategory, *, actor: Any, values: Mapping[str, Any] | None = None, key: str = "") -> Article:
    """Begin an article in a category, for all employees until an audience is chosen, answered for by the department of whoever begins it."""
    article = Article(category=category, audience=Audience.objects.for_rule(rule_of_article()), department=own_department(actor))
    return begin_page(article, below=category, actor=actor, values=values, key=key)


def rule_of_article() -> AudienceRule:
    """What the plant knows is for all who work there until something else is chosen."""
    return AudienceRule.of([EVERYONE])


def own_department(person: Any) -> Department | None:
    today = timezone.localdate()
    post = Employment.objects.on(today).filter(person=person.pk).order_by("-is_primary", "pk").select_related("department").first()
    return post.department if post is not None else None


@transaction.atomic
def assign_admission(article: Article, person: User, *, actor: Any) -> None:
    """Hand what waits for admission to somebody who knows the subject; the keepers may still decide."""
    lock_page(article)
    stored = Article.objects.get(pk=article.pk)
    decision = decide(actor, "assign", stored)
    if not decision:
        raise KnowledgeError(str(decision.rule))
    state = stored.current_workflow_task_state
    if state is None:
        raise KnowledgeError(_("It does not wait for admission any more; someone else may have been quicker."))
    if person.pk in {state.workflow_state.requested_by_id, state.revision.user_id}:
        raise KnowledgeError(_("Nobody admits their own. Choose somebody who did not write it."))
    if not User.objects.active().employees().filter(pk=person.pk).exists():
        raise KnowledgeError(_("Choose an employee who may sign in."))
    Article.objects.filter(pk=stored.pk).update(assignee=person)
    record(actor, "article.assigned", stored, after={"person": person.pk})
    stored.assignee_id = person.pk
    notify(
        ASSIGNED,
        words={"person": actor.name, "title": stored.draft_title},
        about=stored,
        recipients=[person.pk],
        url=stored.decision_url,
        actor=actor,
        needs=stored.keeper_tokens(),
    )


@transaction.atomic
def move_article(article: Article, category: ArticleCategory, *, actor: Any) -> None:
    """Put an article into another category; its address stays. What waits for admission is decided by the keepers of the new one."""
    lock_page(article)
    lock_page(category)
    stored = Article.objects.get(pk=article.pk)
    decision = decide(actor, "move", stored)
    if not decision:
        raise KnowledgeError(str(decision.rule))
    if stored.category_id == category.pk:
        raise KnowledgeError(_("It stands there already."))
    before = stored.category_id
    stored.move(ArticleCategory.objects.get(pk=category.pk), pos="last-child")
    Article.objects.filter(pk=stored.pk).update(category=category)
    record(actor, "article.moved", stored, before={"category": before}, after={"category": category.pk})
    touch(Article, [stored.pk])


# What an article adds to the life of a page; see `portal.pages.registry.PageRules`.


def missing_of_article(article: Article) -> dict[str, str]:
    """What keeps an article from being admitted, beyond what every page needs."""
    problems: dict[str, str] = {}
    if not to_text(article.body).strip() and not article.file_ids:
        problems["body"] = _("Write a text or add a file.")
    if article.department is None:
        problems["department"] = _("Say which department answers for it.")
    elif article.department.closed_on is not None and article.department.closed_on <= timezone.localdate():
        problems["department"] = _("This department is closed. Choose the one that answers for it today.")
    if not 1 <= article.review_months <= MOST_MONTHS:
        problems["review_months"] = _("Choose between 1 and %(most)s months.") % {"most": MOST_MONTHS}
    return problems


def facts_of_article(article: Article, publication: Publication) -> dict[str, Any]:
    """Its next version, the addresses of its headings, and when it is reviewed next: who admits has looked at it."""
    last = ArticleVersion.objects.filter(article=article).first()
    stored = Article.objects.only("anchors", "anchors_given").get(pk=article.pk)
    anchors, given = next_anchors(heading_texts(last.body) if last is not None else [], stored.anchors, heading_texts(article.body), given=stored.anchors_given)
    today = timezone.localdate(publication.at)
    return {
        "version_number": article.version_number + 1,
        "anchors": anchors,
        "anchors_given": given,
        "verified_on": today,
        "review_due_on": due_after(today, article.review_months),
        "assignee_id": None,
    }


def due_after(day: date, months: int) -> date:
    """The same day so many months later, or the last of that month."""
    return day + relativedelta(months=months)


def note_version(article: Article, publication: Publication) -> None:
    """The version that was admitted, and the next review."""
    assert article.audience is not None, "checked before"
    revision = article.latest_revision
    before = ArticleVersion.objects.filter(article=article).first()
    ArticleVersion.objects.create(
        article=article,
        number=article.version_number,
        title=article.title,
        summary=article.summary,
        body=article.body,
        file_ids=article.file_ids,
        audience=article.audience,
        change_note=publication.note,
        written_by=revision.user if revision is not None else None,
        admitted_by=publication.publisher,
        admitted_at=publication.at,
    )
    if before is not None:
        ask_listeners_again(article)
        renew_told(article)
    plan_review(article)


def leave_the_base(article: Article) -> None:
    """After a withdrawal bells forget it, and open pages ask again."""
    forget_article(article)
    forget_request(article)
    ask_listeners_again(article)


def tell_of_withdrawal(article: Article, actor: Any, reason: str) -> None:
    """Its writers learn why; what waited for admission waits no longer."""
    cancel_request(article, actor)
    EditSuggestion.objects.filter(article=article, state=EditSuggestion.State.OPEN).update(
        state=EditSuggestion.State.DECLINED, answer=_("The article was withdrawn."), answered_by=actor, answered_at=timezone.now()
    )
    writers = list(people_holding([*article.author_tokens(), *article.duty_tokens()]).values_list("pk", flat=True))
    words = {"person": actor.name, "title": article.title, "reason": reason[:200]}
    notify(WITHDRAWN, words=words, about=article, recipients=writers, url=article.get_absolute_url(), actor=actor, needs=article.writer_tokens())


def reach_of(article: Article) -> int:
    """How many people are in its audience today."""
    return people_matching(article.audience.rule).count() if article.audience is not None else 0
