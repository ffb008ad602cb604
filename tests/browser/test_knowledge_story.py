"""What people do with the knowledge base and with policies, several at once, in a real browser."""

from datetime import timedelta

from playwright.sync_api import expect

from knowledge.models import Article, EditSuggestion, Policy, Usefulness
from portal.confirmations.models import Confirmation
from portal.organization.querysets import today
from tests.browser.pages import carry_out_effects
from tests.knowledge.rules import ALARM, CONTROL, KEEPING, articles, leader_duty, new_version, published
from tests.knowledge.writing import admitted, audience, fresh, make_category


def test_one_writes_another_admits_and_a_third_marks_a_passage_and_suggests(cast, open_page):
    category = make_category(cast)
    writer = open_page("/knowledge/articles/new/", cast.inspector)
    writer.get_by_role("link", name="设备操作与保养").click()
    writer.locator("[name=title]").fill("吸丝带的清洗")
    writer.locator("[name=summary]").fill("三步，十分钟。")
    writer.locator(".rich-text.on").wait_for()
    writer.locator(".ProseMirror").click()
    writer.keyboard.type("先停机，再用热水冲洗。")
    writer.locator("[name=action][value=submit]").click()
    expect(writer.locator(".toast, .messages")).to_contain_text("已送审批人")
    article = Article.objects.get()
    carry_out_effects()

    keeper = open_page("/knowledge/desk/", cast.head)
    keeper.get_by_role("link", name="吸丝带的清洗").click()
    expect(keeper.locator(".article-text")).to_contain_text("热水冲洗")
    keeper.locator("[name=action][value=approve]").click()
    expect(keeper.locator("h1")).to_have_text("吸丝带的清洗")
    assert Article.objects.get(pk=article.pk).category == category

    reader = open_page(f"/knowledge/articles/{article.pk}/", cast.operator)
    reader.get_by_role("button", name="有用").click()
    expect(reader.locator("#usefulness")).to_contain_text("您觉得有用")
    assert Usefulness.objects.get().is_useful
    reader.locator(".article-text .prose p").first.select_text()
    link = reader.locator("[data-quote]")
    reader.wait_for_function("document.querySelector('[data-quote]').href.includes('quoted=')")
    link.click()
    expect(reader.locator("[name=quoted]")).to_have_value("先停机，再用热水冲洗。")
    reader.locator("[name=text]").fill("热水不要超过六十度。")
    reader.locator("main .primary").click()
    expect(reader.locator("h1")).to_have_text("吸丝带的清洗")
    assert EditSuggestion.objects.get().quoted == "先停机，再用热水冲洗。"

    keeper.reload()
    keeper.locator("#suggestions [name=action][value=take]").click()
    expect(keeper.locator("[name=title]")).to_have_value("吸丝带的清洗")
    reader.reload()
    expect(reader.locator("#suggestions")).to_contain_text("已采纳")


def test_a_policy_is_confirmed_revised_and_the_reader_sees_what_changed_since(cast, open_page):
    policy = published(cast, needs_confirmation=True)
    reader = open_page(f"/knowledge/policies/{policy.pk}/", cast.operator)
    reader.get_by_role("button", name="我已阅读").click()
    expect(reader.locator(".confirm")).to_contain_text("您已确认第 1 版")
    assert Confirmation.objects.by(cast.operator).count() == 1
    body = articles("保管员每班检查温湿度三次并如实记录。", "夜班由值班长代为抽查一次。", ALARM)
    new_version(cast, policy, body=body, effective_on=today() + timedelta(days=3), asks_anew=True)
    reader.goto(f"/knowledge/policies/{policy.pk}/?version=2")
    expect(reader.locator(".since")).to_contain_text("自您确认第 1 版以来有")
    expect(reader.locator(".policy-text")).to_contain_text("夜班由值班长")
    reader.locator(".since").get_by_role("link", name="修订对照表").click()
    expect(reader.locator(".comparison .added")).to_contain_text("夜班由值班长")
    expect(reader.locator(".comparison .changed ins")).to_contain_text("三")


def test_who_finds_a_title_asks_and_the_leader_lets_them_read_it(cast, open_page):
    policy = published(cast, title="内控标准", audience=audience(f"dept:{cast.quality.pk}+"), leader=leader_duty(cast, cast.director))
    reader = open_page("/knowledge/policies/", cast.operator)
    reader.get_by_role("link", name="内控标准").click()
    reader.get_by_role("link", name="申请查阅").click()
    reader.locator("[name=reason]").fill("编写点检表")
    reader.locator("main .primary").click()
    expect(reader.locator("main")).to_contain_text("待答复")
    leader = open_page(f"/knowledge/policies/{policy.pk}/grants/", cast.director)
    expect(leader.locator("main")).to_contain_text("编写点检表")
    leader.locator("[name=action][value=grant]").click()
    expect(leader.locator("main")).to_contain_text("张强")
    reader.goto(f"/knowledge/policies/{policy.pk}/")
    expect(reader.locator(".policy-text")).to_contain_text("温湿度")
    assert Policy.objects.get().grants.get().person == cast.operator


def test_the_person_in_charge_revises_corrects_a_pair_and_publishes_and_a_past_day_shows_what_held_then(cast, open_page, assert_accessible):
    policy = published(cast, body=articles(CONTROL, KEEPING), effective_on=today() - timedelta(days=30), backdating_reason="补录")
    writer = open_page(f"/knowledge/policies/{policy.pk}/draft/", cast.head)
    writer.locator(".rich-text.on").first.wait_for()
    writer.locator("[name=body]").evaluate("(area, html) => { area.value = html; }", articles("巡检办法另行规定，由仓储科负责。", KEEPING))
    writer.locator("[name=effective_on]").fill(str(today()))
    writer.locator("[name=change_note]").fill("巡检另行规定")
    writer.locator("[name=action][value=preview]").click()
    table = writer.locator("#comparison .comparison")
    expect(table.locator("tr.added")).to_contain_text("巡检办法")
    assert_accessible(writer)
    table.locator("tr.added select").select_option(label="第一条")
    table.locator("tr.added").get_by_role("button").click()
    expect(writer.locator("#comparison tr.changed ins").first).to_contain_text("巡检办法")
    expect(writer.locator("#comparison tr.added")).to_have_count(0)
    writer.get_by_role("link", name="继续编写").click()
    writer.locator("[name=action][value=publish]").click()
    expect(writer.locator(".policy-text")).to_contain_text("巡检办法另行规定")

    reader = open_page(f"/knowledge/policies/{policy.pk}/", cast.operator, width=360)
    expect(reader.locator(".policy-text")).to_contain_text("巡检办法另行规定")
    reader.goto(f"/knowledge/policies/{policy.pk}/?day={today() - timedelta(days=5)}")
    expect(reader.locator(".policy-text")).to_contain_text("每班检查温湿度两次")
    expect(reader.locator(".policy-text")).not_to_contain_text("巡检办法另行规定")
    assert_accessible(reader)
    reader.goto(f"/knowledge/policies/{policy.pk}/comparison/1/2/")
    expect(reader.locator(".comparison .changed ins").first).to_contain_text("巡检办法")


def test_whoever_answers_for_an_article_is_asked_keeps_it_and_later_withdraws_it(cast, open_page):
    category = make_category(cast)
    article = admitted(category, fresh(cast.inspector), cast.head)
    Article.objects.filter(pk=article.pk).update(review_due_on=today() - timedelta(days=1), owner_position=cast.staff_post)
    reader = open_page(f"/knowledge/articles/{article.pk}/", cast.operator)
    expect(reader.locator("main .tag.warning").first).to_contain_text("逾期未复核")
    owner = open_page(f"/knowledge/articles/{article.pk}/review/", cast.inspector)
    owner.locator("[name=outcome][value=keep]").check()
    owner.locator("[name=note]").fill("参数已核对")
    owner.locator("main .primary").click()
    expect(owner.locator("h1")).to_have_text(article.title)
    reader.reload()
    expect(reader.locator("main .tag.warning")).to_have_count(0)
    owner.goto(f"/knowledge/articles/{article.pk}/review/")
    owner.locator("[name=outcome][value=withdraw]").check()
    owner.locator("[name=note]").fill("设备已报废")
    owner.locator("main .primary").click()
    expect(owner.locator(".toast, .messages")).to_contain_text("读者不再看到")
    reader.goto("/knowledge/articles/")
    expect(reader.locator("main")).not_to_contain_text(article.title)
