"""The pages of the organization: who finds whom, and who may change what."""

import io
from collections.abc import Callable
from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from openpyxl import load_workbook

from portal.access.policies import visible_to
from portal.access.rules import AudienceRule
from portal.access.services import grant_capability
from portal.accounts.models import User
from portal.imports.models import Import
from portal.organization.models import Absence, Department, Deputyship, Employment, Profile
from portal.organization.querysets import today
from portal.organization.services.absences import record_absence
from portal.organization.services.employments import move_person
from portal.organization.services.people import change_person
from portal.outbox.services import drain
from portal.runtime.progress import read_progress
from tests.cast import Cast, employ, make_person
from tests.organization.rosters import workbook

SignIn = Callable[[User], Client]
PEOPLE = "/organization/people/"


def found(client: Client, words: str, **filters: object) -> set[str]:
    answer = client.get(PEOPLE, {"q": words, **filters})
    assert answer.status_code == 200
    return {row.name for row in answer.context["rows"]}


@pytest.fixture
def keeper(cast: Cast) -> User:
    """Someone who is no administrator and keeps the roster."""
    grant_capability("organization.manage", rule=AudienceRule.of([f"user:{cast.salesperson.pk}"]), actor=cast.admin)
    return User.objects.get(pk=cast.salesperson.pk)


@pytest.mark.parametrize("words", ["李敏", "李", "li min", "limin", "lm", "10002", "13900001111", "0001111", "6012", "质检 李", "zhijian lm", "Quality li"])
def test_a_person_is_found_by_name_pinyin_initials_number_phone_and_department(cast: Cast, client_for: SignIn, words: str) -> None:
    Profile.objects.filter(person=cast.head).update(mobile="13900001111", phone="6012")
    names = found(client_for(cast.operator), words)
    assert cast.head.name in names
    assert cast.salesperson.name not in names


def test_people_stand_by_pinyin_and_only_those_who_work_here_today(cast: Cast, client_for: SignIn) -> None:
    rows = client_for(cast.operator).get(PEOPLE).context["rows"]
    assert [row.name for row in rows] == ["陈刚", "李敏", "刘洋", "孙丽", "王伟", "张强", "赵静"]
    assert found(client_for(cast.operator), "", left=1) == {row.name for row in rows}
    assert cast.leaver.name in found(client_for(cast.admin), "", left=1)


def test_who_is_called_so_exactly_stands_before_whose_name_goes_on(cast: Cast, client_for: SignIn) -> None:
    for person, name in ((cast.operator, "李梦瑶"), (cast.inspector, "李美华"), (cast.salesperson, "卢敏")):
        change_person(person, actor=cast.admin, name=name, name_en="")
    rows = client_for(cast.operator).get(PEOPLE, {"q": "lm"}).context["rows"]
    assert [row.name for row in rows] == ["李敏", "卢敏", "李美华", "李梦瑶"]


def test_the_list_can_be_narrowed_to_a_department_with_those_below_and_to_heads(cast: Cast, client_for: SignIn) -> None:
    client = client_for(cast.operator)
    assert found(client, "", department=cast.workshop.pk) == {"刘洋", "张强"}
    assert found(client, "", heads=1) == {"陈刚", "李敏", "刘洋"}
    assert found(client, "\x00'\"%_\\ ((", department="999999999999999999999") == set()


def test_the_list_asks_the_same_number_of_questions_however_many_it_shows(cast: Cast, client_for: SignIn) -> None:
    client = client_for(cast.operator)
    client.get(PEOPLE)
    with CaptureQueriesContext(connection) as few:
        client.get(PEOPLE, {"q": "李敏"})
    with CaptureQueriesContext(connection) as many:
        client.get(PEOPLE)
    assert len(many) <= 9
    assert len(few) <= 10


@pytest.mark.parametrize("path", ["people/", "chart/", "departments/", "people/suggestions/"])
def test_employees_see_the_organization_and_customers_and_strangers_do_not(cast: Cast, client_for: SignIn, path: str) -> None:
    assert client_for(cast.operator).get(f"/organization/{path}").status_code == 200
    assert client_for(cast.customer).get(f"/organization/{path}").status_code in (403, 404)
    assert Client().get(f"/organization/{path}").status_code == 302
    assert not visible_to(User, cast.customer).exists()
    assert cast.customer not in visible_to(User, cast.operator)


def test_a_customer_has_no_card(cast: Cast, client_for: SignIn) -> None:
    assert client_for(cast.admin).get(f"{PEOPLE}{cast.customer.pk}/").status_code == 404


def test_a_card_shows_posts_deputies_and_absence(cast: Cast, client_for: SignIn) -> None:
    record_absence(cast.head, kind=Absence.Kind.TRAVEL, starts_on=today(), ends_on=today(), note="赴昆明", actor=cast.head)
    page = client_for(cast.operator).get(f"{PEOPLE}{cast.head.pk}/").content.decode()
    for text in ("李敏", "质检科", "科长", "赵静", "赴昆明"):
        assert text in page


def test_past_and_future_posts_are_for_the_person_and_the_keepers(cast: Cast, client_for: SignIn) -> None:
    move_person(cast.inspector, department=cast.sales, position=cast.staff_post, moves_on=today() + timedelta(days=9), actor=cast.admin)
    address = f"{PEOPLE}{cast.inspector.pk}/"
    for reader, sees in ((cast.inspector, True), (cast.admin, True), (cast.operator, False)):
        answer = client_for(reader).get(address)
        assert bool(answer.context["planned"]) is sees
        assert bool(answer.context["level"]) is sees


def test_a_card_is_kept_by_its_person_and_by_nobody_else(cast: Cast, client_for: SignIn) -> None:
    address = f"{PEOPLE}{cast.head.pk}/card/"
    values = {"mobile": "139 0000 2222", "phone": "6012", "room": "办公楼 301", "about": "质量体系"}
    assert client_for(cast.operator).post(address, values).status_code == 403
    assert client_for(cast.head).post(address, values).status_code == 302
    assert Profile.objects.get(person=cast.head).mobile == "13900002222"
    refused = client_for(cast.head).post(address, values | {"mobile": "打我电话"})
    assert refused.status_code == 422
    assert "打我电话" in refused.content.decode()


def test_fields_that_a_form_does_not_show_are_ignored(cast: Cast, client_for: SignIn) -> None:
    client_for(cast.head).post(f"{PEOPLE}{cast.head.pk}/card/", {"mobile": "", "is_superuser": "1", "name": "厂长", "employee_number": "1", "clearance": "4"})
    person = User.objects.get(pk=cast.head.pk)
    assert (person.is_superuser, person.name, person.employee_number) == (False, "李敏", "10002")


def test_the_roster_is_kept_by_those_who_were_granted_it(cast: Cast, keeper: User, client_for: SignIn) -> None:
    values = {"employee_number": "20001", "name": "钱新", "department": cast.quality.pk, "position": cast.staff_post.pk, "starts_on": today().isoformat()}
    assert client_for(cast.head).post(f"{PEOPLE}new/", values).status_code == 403
    assert client_for(keeper).post(f"{PEOPLE}new/", values).status_code == 302
    person = User.objects.get(employee_number="20001")
    moved = client_for(keeper).post(
        f"{PEOPLE}{person.pk}/move/", {"department": cast.sales.pk, "position": cast.staff_post.pk, "starts_on": today().isoformat()}
    )
    assert moved.status_code == 302
    assert Employment.objects.current().get(person=person).department == cast.sales
    gone = client_for(keeper).post(f"{PEOPLE}{person.pk}/dismissal/", {"leaves_on": today().isoformat(), "reason": ""})
    assert gone.status_code == 302
    assert not User.objects.get(pk=person.pk).is_active


def test_a_keeper_of_the_roster_does_not_reach_administrators(cast: Cast, keeper: User, client_for: SignIn) -> None:
    client = client_for(keeper)
    for path in ("password", "dismissal", "move", "name"):
        assert client.post(f"{PEOPLE}{cast.admin.pk}/{path}/").status_code == 403
    assert client.post(f"{PEOPLE}{cast.head.pk}/password/").status_code == 200


def test_a_refusal_stands_at_the_form_and_what_was_typed_stays(cast: Cast, client_for: SignIn) -> None:
    values = {"employee_number": "10002", "name": "钱新", "department": cast.quality.pk, "position": cast.staff_post.pk, "starts_on": today().isoformat()}
    answer = client_for(cast.admin).post(f"{PEOPLE}new/", values)
    assert answer.status_code == 422
    assert "钱新" in answer.content.decode()
    closed = Department.objects.create(code="OLD", name="旧科", parent=cast.plant, path="0/", closed_on=today())
    assert client_for(cast.admin).post(f"{PEOPLE}new/", values | {"employee_number": "20002", "department": closed.pk}).status_code == 422


def test_a_head_appoints_their_own_deputy_and_not_anothers(cast: Cast, client_for: SignIn) -> None:
    post = Employment.objects.current().get(person=cast.workshop_head)
    values = {"deputy": "张强", "starts_on": today().isoformat(), "ends_on": "", "reason": ""}
    address = f"/organization/employments/{post.pk}/deputies/new/"
    assert client_for(cast.head).post(address, values).status_code == 403
    assert client_for(cast.workshop_head).post(address, values | {"deputy": "无此人"}).status_code == 422
    assert client_for(cast.workshop_head).post(address, values).status_code == 302
    deputyship = Deputyship.objects.get(employment=post)
    assert client_for(cast.head).post(f"/organization/deputyships/{deputyship.pk}/end/").status_code == 403
    assert client_for(cast.workshop_head).post(f"/organization/deputyships/{deputyship.pk}/end/").status_code == 302
    assert not Deputyship.objects.current().filter(employment=post).exists()


def test_a_department_tells_who_headed_it_on_any_day(cast: Cast, client_for: SignIn) -> None:
    move_person(cast.head, department=cast.office, position=cast.staff_post, moves_on=today(), actor=cast.admin)
    client = client_for(cast.operator)
    address = f"/organization/departments/{cast.quality.pk}/"
    assert client.get(address).context["heads"] == []
    yesterday = client.get(address, {"on": (today() - timedelta(days=1)).isoformat()})
    assert [head["employment"].person for head in yesterday.context["heads"]] == [cast.head]
    assert client.get(address, {"on": "2026-99-99"}).status_code == 200


def test_the_chart_opens_level_by_level_and_without_a_script(cast: Cast, client_for: SignIn) -> None:
    client = client_for(cast.operator)
    closed = client.get("/organization/chart/").content.decode()
    assert "生产车间" in closed
    assert "甲班" not in closed
    assert "甲班" in client.get("/organization/chart/", {"open": cast.workshop.pk}).content.decode()
    branch = client.get(f"/organization/chart/{cast.workshop.pk}/").content.decode()
    assert "甲班" in branch
    assert "<html" not in branch
    assert client.get("/organization/chart/", {"open": "x"}).status_code == 200


def test_hostile_names_are_shown_as_text(cast: Cast, client_for: SignIn) -> None:
    User.objects.filter(pk=cast.head.pk).update(name="<script>alert(1)</script>")
    Department.objects.filter(pk=cast.quality.pk).update(name='"><img src=x onerror=alert(1)>')
    client = client_for(cast.operator)
    for path in ("people/", f"people/{cast.head.pk}/", f"departments/{cast.quality.pk}/", "chart/", "departments/", f"chart/{cast.plant.pk}/"):
        page = client.get(f"/organization/{path}").content.decode()
        assert "<script>alert" not in page
        assert "<img src=x" not in page


def test_a_roster_is_brought_in_step_by_step(cast: Cast, keeper: User, client_for: SignIn) -> None:
    client = client_for(keeper)
    rows = [("金叶卷烟厂花名册",), ("工号", "姓名", "部门", "什么岗"), ("20001", "钱新", "质检科", "科员"), ("20002", "钱二", "质检科", "")]
    upload = client.post("/organization/imports/new/", {"file": SimpleUploadedFile("花名册.xlsx", workbook(rows))})
    assert upload.status_code == 302
    roster_import = Import.objects.get()
    columns = client.get(upload.url)
    assert "什么岗" in columns.content.decode()
    chosen = {"header_row": "2", "column_0": "employee_number", "column_1": "name", "column_2": "department", "column_3": "position"}
    assert client.post(f"{upload.url}columns/", chosen | {"column_2": ""}).status_code == 422
    assert client.post(f"{upload.url}columns/", chosen).status_code == 302
    preview = client.get(upload.url)
    assert preview.context["import"].counts["new"] == 1
    assert preview.context["import"].counts["refused"] == 1
    assert client.get(upload.url, {"kind": "refused"}).status_code == 200
    assert client.post(f"{upload.url}confirmation/").status_code == 422
    assert client.post(f"{upload.url}confirmation/", {"leaves_out_refused": "on"}).status_code == 302
    assert "progress" in client.get(upload.url).content.decode()
    assert client.get(f"{upload.url}progress/").status_code == 200
    drain()
    assert client.get(f"{upload.url}progress/")["HX-Refresh"] == "true"
    roster_import.refresh_from_db()
    assert roster_import.status == "done"
    assert read_progress(f"import:{roster_import.pk}") == (1, 1)
    assert client_for(cast.head).get(upload.url).status_code == 403
    assert client.get(upload.url).status_code == 200


def test_a_file_that_is_no_roster_is_refused_at_its_field(cast: Cast, client_for: SignIn) -> None:
    answer = client_for(cast.admin).post("/organization/imports/new/", {"file": SimpleUploadedFile("x.xlsx", b"PK\x03\x04 nothing")})
    assert answer.status_code == 422
    assert not Import.objects.exists()


def test_the_present_roster_can_be_downloaded_by_keepers_only(cast: Cast, keeper: User, client_for: SignIn) -> None:
    User.objects.filter(pk=cast.head.pk).update(name_en="=1+1")
    answer = client_for(keeper).get("/organization/imports/template/")
    cells = [cell.value for row in load_workbook(io.BytesIO(b"".join(answer.streaming_content))).active for cell in row]
    assert "李敏" in cells
    assert "'=1+1" in cells
    assert client_for(cast.head).get("/organization/imports/template/").status_code == 403


def test_first_passwords_are_issued_once_in_a_file(cast: Cast, keeper: User, client_for: SignIn) -> None:
    cast.operator.set_unusable_password()
    cast.operator.save()
    assert client_for(cast.head).post("/organization/imports/passwords/").status_code == 403
    elsewhere = client_for(keeper).post("/organization/imports/passwords/", {"department": cast.quality.pk})
    assert len(list(load_workbook(io.BytesIO(b"".join(elsewhere.streaming_content))).active.values)) == 1
    answer = client_for(keeper).post("/organization/imports/passwords/", {"department": str(cast.workshop.pk)})
    rows = list(load_workbook(io.BytesIO(b"".join(answer.streaming_content))).active.values)
    assert [row[0] for row in rows[1:]] == [cast.operator.employee_number]
    operator = User.objects.get(pk=cast.operator.pk)
    assert operator.check_password(rows[1][3])
    assert operator.must_change_password


def test_home_tells_who_is_away_and_who_stands_in(cast: Cast, client_for: SignIn) -> None:
    record_absence(cast.head, kind=Absence.Kind.TRAVEL, starts_on=today(), ends_on=today(), actor=cast.head)
    record_absence(cast.operator, kind=Absence.Kind.SICK, starts_on=today(), ends_on=today(), actor=cast.operator)
    page = client_for(cast.inspector).get("/").content.decode()
    assert "李敏" in page
    assert "赵静" in page
    assert "张强" not in page


def test_those_whose_own_name_fits_stand_before_those_whose_department_does(cast: Cast, client_for: Callable[[User], Client]) -> None:
    namesake = make_person("20009", "张质检")
    employ(namesake, cast.sales, cast.staff_post)
    shown = client_for(cast.operator).get("/organization/people/", {"q": "zhijian"}).content.decode()
    assert shown.index("20009") < shown.index("10002"), "李敏 of 质检科 comes after 张质检, though L comes before Z"
