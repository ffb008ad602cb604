"""Market reports: one for each portfolio, written once, graded by another, quick or late by the calendar alone."""

from datetime import date, timedelta
from random import Random

import pytest
from django.db import IntegrityError, ProgrammingError, transaction
from django.utils import timezone

from crm.activities.capabilities import KEEP_ACTIVITIES
from crm.activities.errors import ActivitiesError
from crm.activities.market_clock import days_late, late_days
from crm.activities.market_facts import period_before
from crm.activities.models import MarketCall, MarketReport, MarketReturn
from crm.activities.services.market_reports import call_for_reports, grade_report, hand_in, remind_of_due, send_back
from crm.customers.models import Customer, Portfolio
from crm.customers.panels import work_in
from crm.customers.services.portfolios import hand_over
from portal.access.policies import can, viewers_of, visible_to
from portal.calendar.queries import read_calendar
from portal.calendar.services import set_day
from portal.calendar.working_time import WorkingCalendar
from portal.notifications.models import Notification
from portal.organization.querysets import today
from portal.outbox.services import drain
from tests.cast import Cast
from tests.crm.goods import let
from tests.crm.market import answers, call, report_of, was_due, write
from tests.crm.test_visits import take
from tests.crm.writing import fresh, make_portfolio

DAY = timedelta(days=1)


def told(kind: str) -> list[str]:
    drain()
    return sorted(Notification.objects.filter(kind=f"activities.market_{kind}").values_list("recipient__name", flat=True))


def test_a_call_makes_one_report_for_each_open_portfolio_below(client_for, cast: Cast, portfolio: Portfolio) -> None:
    north = make_portfolio(cast, "城北一线", holder=cast.inspector, code="CB1", department=cast.quality)
    closed = make_portfolio(cast, "老城线", holder=cast.inspector, code="LC1", department=cast.quality)
    Portfolio.objects.filter(pk=closed.pk).update(closed_on=today())
    client, at = client_for(cast.director), "/crm/visits/market/calls/new/"
    form = {
        "kind": "rivals", "department": cast.plant.pk, "first_day": today() - 30 * DAY, "last_day": today() - DAY, "due_on": today() + DAY, "words": "看返利",
    }  # fmt: skip
    sent = client.post(at, form)
    made = MarketCall.objects.get()
    assert (sent.status_code, sent.url) == (302, made.get_absolute_url())
    assert set(made.reports.values_list("portfolio", "state")) == {(portfolio.pk, "owed"), (north.pk, "owed")}
    assert told("called") == sorted(["孙丽", "王伟"])
    for wrong in (
        {},
        {"due_on": today() - DAY},
        {"due_on": today(), "last_day": today() + DAY},
        {"first_day": today()},
        {"first_day": today() - 500 * DAY},
        {"due_on": today() + 500 * DAY},
        {"kind": "weather"},
        {"department": cast.workshop.pk},
        {"due_on": "bald"},
    ):
        answer = client.post(at, form | wrong)
        assert (answer.status_code, "看返利" in answer.content.decode()) == (422, True), wrong
    assert MarketCall.objects.count() == 1
    assert set(client.get(at).context["form"].fields["department"].queryset) == {cast.plant, cast.quality, cast.sales}
    assert list(client_for(cast.head).get(at).context["form"].fields["department"].queryset) == [cast.quality]
    for person in (cast.salesperson, cast.workshop_head, cast.operator):
        assert client_for(person).get(at).status_code == 403
        with pytest.raises(ActivitiesError):
            call(cast, person)
    with pytest.raises(ActivitiesError):
        call(cast, cast.head, department=cast.sales)
    let(cast.workshop_head, KEEP_ACTIVITIES, cast.admin)
    assert call(cast, cast.workshop_head).reports.count() == 1


def test_who_sees_writes_and_judges(client_for, cast: Cast, portfolio: Portfolio) -> None:
    north = make_portfolio(cast, "城北一线", holder=cast.inspector, code="CB1", department=cast.quality)
    let(cast.workshop_head, KEEP_ACTIVITIES, cast.admin)
    ours, theirs = call(cast, department=cast.plant), call(cast, cast.head, "rivals", department=cast.quality)
    south, quality = report_of(ours, portfolio), report_of(theirs, north)
    above = {"陈刚", "管理员", "刘洋"}

    def held(thing, action: str) -> set[str]:
        return {person.name for person in cast.everyone if can(fresh(person), action, thing)}

    for thing, names in (
        (south, {"孙丽", *above}),
        (quality, {"王伟", "李敏", "赵静", *above}),
        (theirs, {"王伟", "李敏", "赵静", *above}),
        (ours, {"孙丽", "王伟", "李敏", "赵静", *above}),
    ):
        model = type(thing)
        assert held(thing, "view") == names
        assert {person.name for person in viewers_of(thing)} == names
        assert {person.name for person in cast.everyone if thing in visible_to(model, fresh(person))} == names
    assert (held(south, "write"), held(quality, "write")) == ({"孙丽"}, {"王伟"})
    assert (held(write(south, cast.salesperson), "judge"), held(write(quality, cast.inspector), "judge")) == (above, {"李敏", "赵静", *above})
    at = south.get_absolute_url()
    assert [client_for(one).get(at).status_code for one in (cast.salesperson, cast.director, cast.head, cast.operator)] == [200, 200, 404, 404]
    assert [client_for(one).get(f"{at}answers/").status_code for one in (cast.salesperson, cast.director, cast.head)] == [200, 403, 404]
    assert [client_for(one).get(f"{at}grade/").status_code for one in (cast.director, cast.salesperson, cast.inspector)] == [200, 403, 404]


def test_it_is_handed_in_once_changed_until_graded_and_then_stays(client_for, cast: Cast, portfolio: Portfolio) -> None:
    report = report_of(call(cast), portfolio)
    at, writer, head = report.get_absolute_url(), client_for(cast.salesperson), client_for(cast.director)
    said = answers(report)
    for wrong in ({"stock": " "}, {"outlook": ""}, {"sells": "长" * 2_001}):
        answer = writer.post(f"{at}answers/", said | wrong)
        assert (answer.status_code, "典藏走俏" in answer.content.decode()) == (422, True), wrong
    grade = {"accuracy": "4", "verdict": "库存数字核过"}
    early = head.post(f"{at}grade/", grade)
    assert (early.status_code, "库存数字核过" in early.content.decode()) == (422, True)
    assert head.post(f"{at}back/", {"reason": "还没有"}).status_code == 422
    assert (writer.get(f"{at}answers/").status_code, MarketReport.objects.get().state) == (200, "owed")
    assert writer.post(f"{at}answers/", said).url == at
    report.refresh_from_db()
    first = report.handed_in_at
    assert (report.state, report.writer, report.changed_at, told("handed_in")) == ("handed_in", cast.salesperson, None, ["陈刚"])
    writer.post(f"{at}answers/", said)
    writer.post(f"{at}answers/", said | {"stock": "库存三周"})
    report.refresh_from_db()
    assert (report.stock, report.handed_in_at, report.changed_at is not None, told("handed_in")) == ("库存三周", first, True, ["陈刚"])
    for wrong in ({"accuracy": "6"}, {"accuracy": "0"}, {"accuracy": ""}, {"verdict": " "}, {"verdict": "长" * 301}):
        assert head.post(f"{at}grade/", grade | wrong).status_code == 422, wrong
    assert writer.post(f"{at}grade/", grade).status_code == 403
    assert head.post(f"{at}grade/", grade).url == at
    assert told("graded") == ["孙丽"]
    page = writer.get(at).content.decode()
    assert ("库存数字核过" in page, "库存三周" in page, f"{at}answers/" in page) == (True, True, False)
    for act in (
        lambda: hand_in(report, actor=fresh(cast.salesperson), answers=said),
        lambda: send_back(report, actor=fresh(cast.director), reason="再写"),
        lambda: grade_report(report, actor=fresh(cast.director), accuracy=5, verdict="改主意"),
    ):
        with pytest.raises(ActivitiesError):
            act()
    with pytest.raises(ProgrammingError), transaction.atomic():
        MarketReport.objects.filter(pk=report.pk).update(accuracy=5)


def test_what_is_graded_is_what_was_read(client_for, cast: Cast, portfolio: Portfolio) -> None:
    report = write(report_of(call(cast), portfolio), cast.salesperson)
    head, at = client_for(cast.director), f"{report.get_absolute_url()}grade/"
    form = {"accuracy": "4", "verdict": "准", "seen": head.get(at).context["form"].initial["seen"]}
    write(report, cast.salesperson, "改成断货")
    for answer in (head.post(f"{report.get_absolute_url()}back/", {"reason": "补", "seen": form["seen"]}), head.post(at, form)):
        assert (answer.status_code, "改成断货" in answer.content.decode()) == (422, True)
    assert MarketReport.objects.get().state == "handed_in"
    assert head.post(at, form | {"seen": answer.context["form"]["seen"].value()}).status_code == 302
    assert MarketReport.objects.get().accuracy == 4


def test_nobody_grades_their_own(cast: Cast) -> None:
    own = make_portfolio(cast, "厂直供", holder=cast.director, code="ZG1", department=cast.plant)
    report = write(report_of(call(cast, department=cast.plant), own), cast.director)
    for act in (
        lambda: grade_report(report, actor=fresh(cast.director), accuracy=5, verdict="自己写的"),
        lambda: send_back(report, actor=fresh(cast.director), reason="自己退"),
    ):
        with pytest.raises(ActivitiesError):
            act()
    graded = {"state": "graded", "accuracy": 5, "verdict": "好", "graded_by": cast.director, "graded_at": report.handed_in_at}
    with pytest.raises(IntegrityError), transaction.atomic():
        MarketReport.objects.filter(pk=report.pk).update(**graded)
    for wrong in (0, 6):
        with pytest.raises(ActivitiesError):
            grade_report(report, actor=fresh(cast.admin), accuracy=wrong, verdict="超出")
    assert grade_report(report, actor=fresh(cast.admin), accuracy=3, verdict="一般").accuracy == 3


def test_sent_back_it_is_owed_again_by_who_holds_the_portfolio_now(client_for, cast: Cast, portfolio: Portfolio) -> None:
    made = call(cast)
    report = write(report_of(made, portfolio), cast.salesperson)
    at = report.get_absolute_url()
    hand_over(portfolio, actor=cast.admin, to=cast.inspector, starts_on=today())
    assert [can(fresh(one), "write", report) for one in (cast.salesperson, cast.inspector)] == [True, False], "what is handed in keeps its writer"
    assert client_for(cast.director).post(f"{at}back/", {"reason": " "}).status_code == 422
    assert client_for(cast.director).post(f"{at}back/", {"reason": "缺库存数字"}).url == at
    report = report_of(made, portfolio)
    assert (report.state, report.writer, report.handed_in_on, report.sells, told("sent_back")) == ("owed", None, None, "典藏走俏，库存两周", ["王伟"])
    assert [can(fresh(one), "write", report) for one in (cast.salesperson, cast.inspector)] == [False, True], "what is open goes with the portfolio"
    kept = report.returns.get()
    assert (kept.writer, kept.by, kept.said["stock"]) == (cast.salesperson, cast.director, "典藏走俏，库存两周")
    assert client_for(cast.inspector).get(f"{at}answers/").context["form"].initial["sells"] == "典藏走俏，库存两周"
    was_due(made, today() - 20 * DAY)
    late = days_late(late_days(read_calendar(), today() - 20 * DAY), today())
    write(report, cast.inspector, "补上库存")
    page = client_for(cast.inspector).get(at)
    assert (str(late) in page.context["speed"][0], page.context["speed"][1], "缺库存数字" in page.content.decode()) == (True, "danger", True)
    send_back(report_of(made, portfolio), actor=fresh(cast.director), reason="再补价格")
    assert MarketReturn.objects.filter(report=report).count() == 2
    with pytest.raises(ProgrammingError), transaction.atomic():
        MarketReturn.objects.update(reason="改口")


def test_speed_is_a_pure_function_of_the_calendar() -> None:
    dice = Random(164)
    start = date(2026, 1, 1)
    for _number in range(400):
        calendar = WorkingCalendar({start + dice.randrange(90) * DAY: dice.random() < 0.4 for _day in range(30)})
        due = start + dice.randrange(60) * DAY
        days = late_days(calendar, due)
        assert due < days[0] <= days[-1]
        before = 0
        for number in range(-3, 40):
            day = due + number * DAY
            late = days_late(days, day)
            naive = len([one for one in (due + step * DAY for step in range(1, 60)) if one <= day and calendar.is_working(one)])
            assert late == naive
            assert (late > 0) == (day >= days[0])
            assert before <= late <= before + 1
            before = late


def test_a_corrected_calendar_moves_from_when_it_is_late(cast: Cast, portfolio: Portfolio) -> None:
    made = call(cast)
    before = made.late_from
    set_day(before, kind="rest", name="高温假", actor=cast.admin)
    made.refresh_from_db()
    assert made.late_days == late_days(read_calendar(), made.due_on)
    assert made.late_from == made.late_days[0] > before
    set_day(before, kind="make_up", name="调休", actor=cast.admin)
    made.refresh_from_db()
    assert made.late_from == before


def test_whoever_owes_one_is_reminded_once_on_the_day(cast: Cast, portfolio: Portfolio) -> None:
    north = make_portfolio(cast, "城北一线", holder=cast.inspector, code="CB1", department=cast.quality)
    made = call(cast, department=cast.plant)
    assert (remind_of_due(), told("due")) == (0, [])
    write(report_of(made, north), cast.inspector)
    assert (remind_of_due(made.due_on), remind_of_due(made.due_on), told("due")) == (1, 0, ["孙丽"])


def test_counts_equal_a_naive_count_and_lead_to_their_lists(client_for, cast: Cast, portfolio: Portfolio) -> None:
    dice = Random(20)
    lines = [portfolio, *(make_portfolio(cast, f"线路 {n}", holder=who, code=f"X{n}") for n, who in enumerate((cast.salesperson, cast.inspector, cast.deputy)))]
    holders = dict(zip([one.pk for one in lines], (cast.salesperson, cast.salesperson, cast.inspector, cast.deputy), strict=True))
    for number, kind in enumerate(("users", "rivals", "users")):
        made = call(cast, kind=kind, first_day=today() - (30 + number) * DAY)
        if number:
            was_due(made, today() - number * 12 * DAY)
        for one in lines:
            if dice.random() < 0.7:
                report = write(report_of(made, one), holders[one.pk])
                if dice.random() < 0.6:
                    grade_report(report, actor=fresh(cast.admin), accuracy=dice.randrange(1, 6), verdict="核过")
                elif dice.random() < 0.3:
                    send_back(report, actor=fresh(cast.admin), reason="补")
    hand_over(lines[3], actor=cast.admin, to=cast.salesperson, starts_on=today())
    rows = list(MarketReport.objects.select_related("call", "portfolio"))
    answers_for = {row.pk: row.writer_id or (cast.salesperson.pk if row.portfolio_id == lines[3].pk else holders[row.portfolio_id].pk) for row in rows}

    def naive(person: int | None, key: str) -> int:
        mine = [row for row in rows if person in (None, answers_for[row.pk])]
        late = [row for row in mine if (row.handed_in_on or today()) >= row.call.late_from]
        in_time = [row for row in mine if row.handed_in_on and row not in late]
        return len({"all": mine, "late": late, "in_time": in_time}.get(key, [row for row in mine if row.state == key]))

    client = client_for(cast.director)
    page = client.get("/crm/visits/market/figures/", {"first": today() - 400 * DAY, "last": today() + 30 * DAY})
    people = {one.name: one.pk for one in cast.everyone} | {page.context["whole"]["label"]: None}
    assert {line["label"] for line in page.context["lines"]} <= set(people)
    for line in (page.context["whole"], *page.context["lines"]):
        person = people[line["label"]]
        for figure, shown, url in line["cells"]:
            assert shown == naive(person, figure.key) == client.get(url).context["page"].count, (line["label"], figure.key)
        grades = [row.accuracy for row in rows if row.accuracy and person in (None, answers_for[row.pk])]
        assert line["found"].mean == (pytest.approx(sum(grades) / len(grades)) if grades else None)
        known = naive(person, "in_time") + naive(person, "late")
        assert line["found"].share == (pytest.approx(naive(person, "in_time") / known) if known else None)
    for made in MarketCall.objects.all():
        found = client.get(made.get_absolute_url())
        for figure, shown, url in found.context["figures"]:
            assert shown == client.get(url).context["page"].count, figure.key
        assert found.context["found"].counts["all"] == len(found.context["rows"]) == 4
    assert client.get("/crm/visits/market/figures/?first=gestern").status_code == 422
    assert client_for(cast.operator).get("/crm/visits/market/figures/").status_code == 403


def test_the_list_asks_whose_how_quick_and_how_good(client_for, cast: Cast, portfolio: Portfolio) -> None:
    north = make_portfolio(cast, "城北一线", holder=cast.inspector, code="CB1", department=cast.quality)
    late, coming = call(cast, department=cast.plant), call(cast, kind="rivals", department=cast.plant)
    was_due(late, today() - 20 * DAY)
    graded = write(report_of(coming, portfolio), cast.salesperson)
    grade_report(graded, actor=fresh(cast.admin), accuracy=5, verdict="准")
    back = write(report_of(coming, north), cast.inspector)
    send_back(back, actor=fresh(cast.admin), reason="补")
    client = client_for(cast.director)

    def found(query: str, browser=client) -> set[tuple[str, str]]:
        return {(row.portfolio.name, row.call.kind) for row in browser.get(f"/crm/visits/market/?{query}").context["page"].rows}

    ours, theirs = ("城南三线", "users"), ("城北一线", "users")
    assert found("speed=late") == {ours, theirs}
    assert found("state=sent_back") == {("城北一线", "rivals")}
    assert found("state=graded&accuracy=5&speed=in_time") == {("城南三线", "rivals")}
    assert found(f"person={cast.inspector.pk}&speed=late") == {theirs}
    assert found(f"under={cast.quality.pk}") == {theirs, ("城北一线", "rivals")}
    assert found("mine=mine") == set()
    seller, graded_ours = client_for(cast.salesperson), ("城南三线", "rivals")
    assert (found("mine=mine", seller), found("mine=owed", seller), found("", seller)) == ({ours, graded_ours}, {ours}, {ours, graded_ours})
    assert seller.post("/crm/visits/market/", {"export": "csv"}).status_code == 200
    owed = report_of(late, portfolio).get_absolute_url()
    assert [(one.customer, one.url) for one in work_in([portfolio.pk])] == [(None, owed)]
    for at in ("/crm/visits/", f"/crm/portfolios/{portfolio.pk}/"):
        assert owed in seller.get(at).content.decode(), at


def test_facts_of_the_period_are_their_lists(client_for, cast: Cast, portfolio: Portfolio, customer: Customer) -> None:
    reports = [report_of(call(cast, kind=kind), portfolio) for kind in ("users", "rivals")]
    take(cast, customer, said_at=timezone.now(), rivals=[("湘江烟草", "和天下", 9_500)])
    client = client_for(cast.salesperson)
    users, rivals = (client.get(f"{one.get_absolute_url()}answers/").context["facts"] for one in reports)
    assert [one.number for one in users[:2]] == [1, 0], "taken up today, none closed"
    assert (len(users), users[2].number, [one.number for one in rivals]) == (6, 1, [1, 0, 1, 1]), "visits, what was sold, rivals seen"
    for fact in (*users, *rivals):
        for number, url in ((fact.number, fact.url), (fact.before, fact.before_url)):
            if url:
                listed = client.get(url)
                assert (listed.status_code, listed.context["page"].count) == (200, number), fact.label
    Customer.objects.filter(pk=customer.pk).update(ended_on=today())
    assert [one.number for one in client.get(reports[0].get_absolute_url()).context["facts"][:2]] == [1, 1]
    Portfolio.objects.filter(pk=portfolio.pk).update(closed_on=today())
    facts = client.get(reports[0].get_absolute_url()).context["facts"]
    assert len(facts) == 3, "lists that know closed portfolios, too"
    assert {client.get(one.url).status_code for one in facts} == {200}


def test_a_call_for_the_same_again_and_for_nobody_is_refused(cast: Cast, portfolio: Portfolio) -> None:
    said = {"kind": "users", "department": cast.sales, "first_day": today() - 9 * DAY, "last_day": today()}
    call_for_reports(actor=fresh(cast.director), due_on=today(), **said)
    with pytest.raises(ActivitiesError):
        call_for_reports(actor=fresh(cast.director), due_on=today() + DAY, **said)
    Portfolio.objects.filter(pk=portfolio.pk).update(closed_on=today())
    with pytest.raises(ActivitiesError):
        call_for_reports(actor=fresh(cast.director), due_on=today(), **(said | {"kind": "rivals"}))
    assert MarketReport.objects.count() == 1


def test_the_period_before_is_as_many_whole_months_or_days() -> None:
    for first, last, before in (
        (date(2026, 11, 1), date(2026, 11, 30), (date(2026, 10, 1), date(2026, 10, 31))),
        (date(2026, 1, 1), date(2026, 3, 31), (date(2025, 10, 1), date(2025, 12, 31))),
        (date(2024, 2, 1), date(2024, 2, 29), (date(2024, 1, 1), date(2024, 1, 31))),
        (date(2026, 11, 3), date(2026, 11, 9), (date(2026, 10, 27), date(2026, 11, 2))),
        (date(2026, 1, 1), date(2026, 1, 1), (date(2025, 12, 31), date(2025, 12, 31))),
    ):
        assert period_before(first, last) == before
