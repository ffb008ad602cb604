"""The numbers of documents: each is given once in the plant, whichever department holds the prefix and however it is spelled."""

from datetime import timedelta
from importlib import import_module

import pytest
from django.db import IntegrityError, connection, transaction
from django.db.migrations.loader import MigrationLoader
from django.urls import reverse

from bulletin.models import DepartmentBoard, Notice
from bulletin.services.boards import PrefixTakenError, board_of, keep_board
from bulletin.services.notices import create_notice
from portal.numbers.models import NumberSequence
from portal.organization.querysets import today
from portal.runtime.addresses import OWNER_ROLE
from tests.bulletin.short_form import NEW, typed
from tests.bulletin.writing import draft, write

pytestmark = pytest.mark.django_db


@pytest.fixture
def sales_board(cast) -> DepartmentBoard:
    return board_of(cast.sales)


def keep(board: DepartmentBoard, prefix: str, actor) -> None:
    keep_board(DepartmentBoard.objects.get(pk=board.pk), document_prefix=prefix, needs_second_person=False, actor=actor)


@pytest.mark.parametrize("spelling", ["厂质", " 厂 质 ", "廠質", "厂\u200b质", "厂\u3000质"])
def test_a_prefix_that_another_department_holds_is_refused_however_it_is_spelled(cast, board, sales_board, spelling):
    with pytest.raises(PrefixTakenError, match="厂质"):
        keep(sales_board, spelling, cast.director)
    assert DepartmentBoard.objects.get(pk=sales_board.pk).document_prefix == ""
    keep(board, spelling, cast.head)  # its own may be written anew
    keep(sales_board, "厂销", cast.director)


def test_the_page_of_the_board_says_whose_the_prefix_is_and_keeps_what_was_typed(cast, board, client_for):
    other = board_of(cast.workshop)
    browser, address = client_for(cast.workshop_head), reverse("bulletin:board_update", args=[cast.workshop.pk])
    answer = browser.post(address, {"document_prefix": "厂质"})
    assert answer.status_code == 422
    assert "质检科" in str(answer.context["form"].errors["document_prefix"])
    assert 'value="厂质"' in answer.content.decode()
    assert DepartmentBoard.objects.get(pk=other.pk).document_prefix == ""
    assert browser.post(address, {"document_prefix": "厂生"}).status_code == 302
    assert f"厂生〔{today().year}〕1号" in browser.get(address).content.decode()


def test_a_prefix_that_was_given_up_is_taken_with_its_numbers_and_none_is_given_twice(cast, board, sales_board):
    year = today().year
    assert [write(board, cast.head, kind="document").number for _ in range(2)] == [f"厂质〔{year}〕1号", f"厂质〔{year}〕2号"]
    keep(board, "厂检", cast.head)
    workshop = board_of(cast.workshop)
    keep(workshop, "厂 質", cast.workshop_head)
    assert write(workshop, cast.workshop_head, kind="document").document_number == 3
    assert write(board, cast.head, kind="document").number == f"厂检〔{year}〕1号"
    keep(workshop, "", cast.workshop_head)
    keep(board, "厂质", cast.head)
    assert write(board, cast.head, kind="document").number == f"厂质〔{year}〕4号"


def test_a_closed_department_holds_no_prefix(cast, board):
    workshop = board_of(cast.workshop)
    for days, is_open in ((1, True), (0, False)):
        cast.quality.closed_on = today() + timedelta(days=days)
        cast.quality.save(update_fields=["closed_on"])
        if is_open:
            with pytest.raises(PrefixTakenError):
                keep(workshop, "厂质", cast.workshop_head)
        else:
            keep(workshop, "厂质", cast.workshop_head)
    assert DepartmentBoard.objects.get(pk=board.pk).document_prefix == ""


def test_the_database_holds_one_board_for_a_prefix_and_one_document_for_a_number(cast, board, sales_board):
    one, two = (write(board, cast.head, kind="document") for _ in range(2))
    for rows, changes in (
        (DepartmentBoard.objects.filter(pk=sales_board.pk), {"prefix_key": "厂质"}),
        (Notice.objects.filter(pk=two.pk), {"document_key": one.document_key}),
    ):
        with pytest.raises(IntegrityError), transaction.atomic():
            rows.update(**changes)


def test_the_number_that_will_be_given_is_shown_before_publishing(as_head, cast, board):
    year = today().year
    write(board, cast.head, kind="document")
    for kind in ("notice", "document"):
        assert f"厂质〔{year}〕2号" in as_head.get(f"{NEW}?kind={kind}").content.decode()
    waiting = draft(board, cast.head, kind="document")
    preview = reverse("bulletin:notice_preview", args=[waiting.pk])
    assert f"厂质〔{year}〕2号" in as_head.get(preview).content.decode()
    assert f"厂质〔{year}〕2号" in as_head.get(reverse("wagtailadmin_pages:edit", args=[waiting.pk])).content.decode()
    as_head.post(NEW, typed(cast, kind="document"))
    assert Notice.objects.filter(document_key=f"厂质/{year}/2").exists()
    assert f"厂质〔{year}〕3号" in as_head.get(preview).content.decode()
    plain = draft(board, cast.head)
    assert "厂质〔" not in as_head.get(reverse("bulletin:notice_preview", args=[plain.pk])).content.decode().partition("<main")[2]


def test_what_was_numbered_before_keeps_its_number_and_goes_on_from_there(cast, board, sales_board):
    """Both migrations of numbers over a plant in which two boards had one prefix, and back."""
    year = today().year
    first, second = write(board, cast.head, kind="document"), write(board, cast.head, kind="document")
    other = create_notice(sales_board, actor=cast.head)
    Notice.objects.update(document_key=None)
    NumberSequence.objects.all().delete()
    double = {"document_prefix": "厂質", "document_year": year, "document_number": 2, "published_at": second.published_at + timedelta(hours=1)}
    Notice.objects.filter(pk=other.pk).update(**double)
    DepartmentBoard.objects.filter(pk=board.pk).update(prefix_key="")
    DepartmentBoard.objects.filter(pk=sales_board.pk).update(document_prefix="厂質")
    before = MigrationLoader(connection).project_state([("bulletin", "0008_one_number_once"), ("numbers", "0001_initial")]).apps
    once, moving = (import_module(f"bulletin.migrations.{name}") for name in ("0008_one_number_once", "0009_numbers_of_the_portal"))
    with connection.cursor() as cursor:
        cursor.execute(f"SET CONSTRAINTS ALL IMMEDIATE; SET LOCAL ROLE {OWNER_ROLE}")
    with connection.schema_editor(atomic=False) as editor:
        editor.create_model(before.get_model("bulletin", "DocumentSequence"))
        once.fill(before, editor)
        moving.move(before, editor)
    assert list(Notice.objects.order_by("pk").values_list("document_key", flat=True)) == [f"厂质/{year}/1", f"厂质/{year}/2", None]
    assert [Notice.objects.get(pk=one.pk).document_number for one in (first, other)] == [1, 2]
    prefixes = dict(DepartmentBoard.objects.values_list("pk", "document_prefix"))
    assert (prefixes[board.pk], prefixes[sales_board.pk]) == ("厂质", "")
    assert write(DepartmentBoard.objects.get(pk=board.pk), cast.head, kind="document").document_number == 3
    held = before.get_model("bulletin", "DocumentSequence").objects
    held.all().delete()
    moving.move_back(before, None)
    assert list(held.values_list("prefix_key", "year", "last_number")) == [("厂质", year, 3)]
    assert not NumberSequence.objects.exists()
