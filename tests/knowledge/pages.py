"""The pages of the knowledge base, with one of each to see; and what is photographed of them."""

from io import BytesIO

from knowledge.services.feedback import say_usefulness, suggest_change
from knowledge.services.file_imports import add_file, begin_import
from portal.access.rules import AudienceRule, person_token
from portal.access.services import grant_capability
from portal.accounts.models import User
from portal.confirmations.services import confirm
from portal.pages.approval import submit_page
from tests.cast import Cast
from tests.knowledge.rules import ALARM, CONTROL, articles, leader_duty, new_version, policy_draft, published
from tests.knowledge.writing import admitted, audience, draft, fresh, make_category, renewed

SHOTS = (
    ("knowledge", "/knowledge/"),
    ("article", "main .knowledge-news a"),
    ("article-form", "/knowledge/articles/new/"),
    ("keepers-desk", "/knowledge/desk/"),
    ("policies", "/knowledge/policies/"),
)


def furnish(cast: Cast) -> tuple[User, list[str]]:
    """李敏 keeps 设备操作与保养 and the base as a whole."""
    grant_capability("knowledge.manage", rule=AudienceRule.of([person_token(cast.head.pk)]), actor=cast.admin)
    category = make_category(cast)
    article = admitted(category, cast.inspector, cast.head, department=cast.quality, owner_position=cast.staff_post)
    renewed(article, cast.inspector, cast.head)
    say_usefulness(article, actor=cast.operator, is_useful=False, version_number=1, reason="没有图")
    suggest_change(article, actor=cast.operator, text="补一句：晾干再装", quoted="先清洗吸丝带")
    waiting = draft(category, cast.inspector, title="等待入库")
    submit_page(waiting, actor=cast.inspector)
    begun = draft(category, cast.head, title="草稿")
    at = f"/knowledge/articles/{article.pk}"
    in_force = published(cast, needs_confirmation=True, leader=leader_duty(cast, cast.head))
    confirm(actor=fresh(cast.head), about=in_force, number=1)
    new_version(cast, in_force, body=articles(CONTROL.replace("两次", "三次"), "夜班由值班长代查。", ALARM))
    waiting_policy = policy_draft(cast, title="草拟的制度")
    policy = f"/knowledge/policies/{in_force.pk}"
    run = begin_import(actor=cast.head, category=category, audience=audience("all"))
    add_file(run, actor=cast.head, name="须知.txt", path="设备/须知.txt", content=BytesIO(b"words"))
    return cast.head, [
        "/knowledge/", "/knowledge/articles/", "/knowledge/articles/mine/", "/knowledge/articles/new/", f"/knowledge/articles/new/?category={category.pk}",
        f"{at}/", f"{at}/changes/2/", f"{at}/review/", f"{at}/withdrawal/", f"{at}/category/", f"{at}/suggestions/new/",
        f"/knowledge/articles/{begun.pk}/draft/", f"/knowledge/articles/{begun.pk}/draft/preview/", f"/knowledge/articles/{waiting.pk}/admission/",
        "/knowledge/policies/", "/knowledge/policies/?on=2099-01-01", "/knowledge/policies/new/", f"{policy}/", f"{policy}/?version=2",
        f"{policy}/comparison/1/2/", f"{policy}/grants/", f"{policy}/review/",
        f"{policy}/repeal/", f"{policy}/versions/2/withdrawal/", f"{policy}/confirmations/", f"/knowledge/policies/{waiting_policy.pk}/draft/",
        f"/knowledge/policies/{waiting_policy.pk}/draft/preview/", f"/knowledge/policies/departments/{cast.quality.pk}/",
        "/knowledge/imports/", "/knowledge/imports/new/", "/knowledge/imports/files/", f"/knowledge/imports/{run.pk}/",
        f"/knowledge/policies/{waiting_policy.pk}/draft/document/",
        "/knowledge/desk/", "/knowledge/categories/", "/knowledge/categories/new/", f"/knowledge/categories/{category.pk}/",
    ]  # fmt: skip
