"""The main pages, with something on each of them to see."""

import threading
from collections.abc import Callable
from datetime import timedelta

from django.db import connection, transaction

from portal.access.models import Audience, AudienceGroup
from portal.access.rules import AudienceRule, department_token, person_token
from portal.accounts.models import User
from portal.audit.models import AuditRecord
from portal.imports.services import plan_import, start_import
from portal.notifications.services import notify
from portal.organization.models import Absence, Employment
from portal.organization.querysets import today
from portal.organization.services.absences import record_absence
from portal.organization.services.employments import move_person
from portal.organization.services.people import update_profile
from portal.outbox.services import drain
from portal.search.checking import check_feed
from tests.cast import Cast
from tests.organization.rosters import HEADINGS, text_table
from tests.papers.models import Paper
from tests.permissions.roles import PUBLISHED
from tests.search.indexing import settle, start_afresh

ROSTER = text_table(
    [
        HEADINGS,
        ("10003", "王伟", "质检科", "科员", "2020-03-01", "13900001111"),
        ("10020", "欧阳雪", "销售科", "科员", "2026-01-05", "13900002222"),
        ("10021", "钱多多", "没有的科室", "科员", "二月三十", "13900003333"),
    ]
)


def furnish(cast: Cast) -> list[str]:
    """Fill the plant with one of each, and return the addresses of the main pages, as an administrator opens them."""
    day = today()
    update_profile(cast.head, actor=cast.head, mobile="13900001111", phone="6012", room="办公楼 301", about="质量体系")
    record_absence(cast.head, actor=cast.head, kind=Absence.Kind.TRAVEL, starts_on=day, ends_on=day + timedelta(days=2), note="赴昆明")
    move_person(cast.inspector, department=cast.sales, position=cast.staff_post, moves_on=day + timedelta(days=9), actor=cast.admin)
    rule = AudienceRule.of([department_token(cast.quality.pk), person_token(cast.operator.pk)], [person_token(cast.deputy.pk)], 2)
    group = AudienceGroup.objects.create(name="质检骨干", note="夜班也在内", owner=cast.admin, audience=Audience.objects.for_rule(rule))
    paper = Paper.objects.create(title="质量月报", audience=Audience.objects.for_rule(rule.of([person_token(cast.admin.pk)])))
    draft = start_import("roster", content=ROSTER, file_name="花名册.csv", actor=cast.admin)
    planned = start_import("roster", content=ROSTER, file_name="花名册（二）.csv", actor=cast.admin)
    plan_import(planned, header_row=planned.header_row, mapping=planned.mapping, actor=cast.admin)
    tell("温湿度管理办法")
    index_everything()
    post = Employment.objects.get(person=cast.head)
    record = AuditRecord.objects.order_by("-pk").values_list("pk", flat=True).first()
    person = f"/organization/people/{cast.head.pk}"
    department = f"/organization/departments/{cast.quality.pk}"
    return [
        "/",
        "/places/",
        "/arrangement/",
        "/organization/people/",
        "/organization/people/?q=xyz",
        f"{person}/",
        f"/organization/people/{cast.inspector.pk}/",
        f"{person}/card/",
        f"{person}/absences/new/",
        f"{person}/move/",
        f"{person}/dismissal/",
        f"/organization/employments/{post.pk}/deputies/new/",
        "/organization/people/new/",
        "/organization/departments/",
        f"{department}/",
        f"{department}/change/",
        f"/organization/chart/?open={cast.quality.pk}",
        "/organization/positions/",
        f"/organization/positions/{cast.head_post.pk}/",
        "/organization/imports/",
        "/organization/imports/new/",
        f"/organization/imports/{draft.pk}/",
        f"/organization/imports/{planned.pk}/",
        f"/organization/imports/{planned.pk}/?columns",
        "/access/groups/",
        f"/access/groups/{group.pk}/",
        f"/access/audience/people/?field=rule&rule_include={department_token(cast.quality.pk)}&rule_level=0".replace("+", "%2B"),
        "/access/capabilities/",
        "/access/capabilities/audit.read/",
        "/access/view-as/",
        f"/access/why/papers.paper/{paper.pk}/?person=10002&action=view",
        "/search/",
        "/search/?q=质检",
        "/search/?q=没有的东西",
        "/search/kept/",
        "/notifications/",
        "/administration/record/",
        f"/administration/record/{record}/",
        "/administration/operation/",
        "/accounts/preferences/",
        "/accounts/sessions/",
        "/accounts/password/",
        "/accounts/second-factor/",
        "/nothing/",
        "/styleguide/",
    ]


def tell(title: str, *people: User) -> None:
    """Tell these people, or everyone, of something."""
    with transaction.atomic():
        notify(PUBLISHED, words={"title": title}, recipients=[person.pk for person in people or User.objects.active()], url="/")
    carry_out_effects()


def index_everything() -> None:
    """As after the first start: everything is found."""
    start_afresh()
    check_feed()
    settle()


def carry_out_effects() -> None:
    """As a worker does."""
    elsewhere(drain)


def elsewhere(act: Callable[[], object]) -> None:
    """Do it in a thread of its own, where pages can be rung: the browser's loop runs in this one. Returns when it is done."""
    failures: list[BaseException] = []

    def work() -> None:
        try:
            act()
        except BaseException as error:
            failures.append(error)
        finally:
            connection.close()

    thread = threading.Thread(target=work)
    thread.start()
    thread.join()
    if failures:
        raise failures[0]
