"""Views, columns, acts on several rows, and files."""

from collections.abc import Callable
from datetime import timedelta
from io import BytesIO

import pytest
from django.test import Client
from django.utils import timezone
from openpyxl import load_workbook

from portal.access.rules import AudienceRule, department_token, person_token
from portal.accounts.models import User
from portal.audit.models import AuditRecord
from portal.lists import exports
from portal.lists.exports import export_storage, forget_old_exports
from portal.lists.models import ListExport, SavedView
from portal.lists.services import save_view
from portal.notifications.models import Notification
from portal.organization.querysets import today
from portal.organization.services.people import dismiss_person
from portal.outbox.services import drain
from tests.cast import Cast
from tests.papers.lists import PaperList
from tests.papers.models import Paper

SignIn = Callable[[User], Client]
PAPERS = "/papers/"


def titles(answer: object) -> list[str]:
    return [row.title for row in answer.context["page"].rows]  # type: ignore[attr-defined]


def keep(actor: User, name: str = "报告", query: str = "kind=report", **values: object) -> SavedView:
    return save_view(actor=actor, definition=PaperList(), name=name, query=query, **values)  # type: ignore[arg-type]


def test_a_view_is_saved_opened_and_started_with(cast: Cast, client_for: SignIn, write: Callable[..., Paper]) -> None:
    write("report 甲")
    write("other 乙")
    browser = client_for(cast.inspector)
    saved = browser.post(
        "/lists/tests-papers/views/new/?query=kind%3Dreport%26sort%3Dtitle%26after%3Dabc%26owner%3D9", {"name": "报告", "rule_level": 0, "starts": "on"}
    )
    assert saved.status_code == 302
    view = SavedView.objects.get()
    assert (view.query, view.owner) == ("kind=report&sort=title", cast.inspector)
    assert titles(browser.get(PAPERS, follow=True)) == ["report 甲"]
    assert len(titles(browser.get(PAPERS, {"view": 0}))) == 2
    assert browser.post("/lists/tests-papers/start/").status_code == 302
    assert len(titles(browser.get(PAPERS))) == 2
    assert titles(browser.get(PAPERS, {"view": view.pk}, follow=True)) == ["report 甲"]


def test_a_shared_view_shows_each_reader_their_own_rows_and_belongs_to_who_saved_it(cast: Cast, client_for: SignIn, write: Callable[..., Paper]) -> None:
    write("report 甲")
    view = keep(cast.head, rule=AudienceRule.of([department_token(cast.sales.pk)]))
    reader, stranger, owner = client_for(cast.salesperson), client_for(cast.operator), client_for(cast.head)
    assert titles(owner.get(PAPERS, {"view": view.pk}, follow=True)) == ["report 甲"]
    assert titles(reader.get(PAPERS, {"view": view.pk}, follow=True)) == []
    assert [one.name for one in reader.get(PAPERS).context["views"]] == ["报告"]
    assert stranger.get(PAPERS).context["views"] == []
    assert stranger.get(f"/lists/views/{view.pk}/").status_code == 404
    assert reader.get(f"/lists/views/{view.pk}/").status_code == 403
    assert reader.post(f"/lists/views/{view.pk}/deletion/").status_code == 403
    assert owner.post(f"/lists/views/{view.pk}/", {"name": "月度报告", "rule_level": 0}).status_code == 302
    assert reader.get(PAPERS).context["views"] == []
    assert owner.post(f"/lists/views/{view.pk}/deletion/").status_code == 302
    assert not SavedView.objects.exists()


def test_two_own_views_do_not_get_one_name(cast: Cast, client_for: SignIn) -> None:
    keep(cast.head, "甲")
    other = keep(cast.head, "乙")
    answer = client_for(cast.head).post(f"/lists/views/{other.pk}/", {"name": "甲", "rule_level": 0})
    assert answer.status_code == 422
    assert "甲" in answer.content.decode()
    keep(cast.inspector, "甲")


def test_columns_are_chosen_ordered_and_reset(cast: Cast, client_for: SignIn, write: Callable[..., Paper]) -> None:
    write("质量月报")
    browser = client_for(cast.inspector)
    shown = lambda: [column.key for column in browser.get(PAPERS).context["asked"].shown]  # noqa: E731
    assert shown() == ["title", "issued", "size"]
    browser.post("/lists/tests-papers/columns/", {"column": ["fee", "size", "secret", "nothing"]})
    assert shown() == ["title", "fee", "size"]
    assert "493.80" in browser.get(PAPERS).content.decode()
    browser.post("/lists/tests-papers/columns/", {"reset": 1})
    assert shown() == ["title", "issued", "size"]
    assert client_for(cast.customer).post("/lists/tests-papers/columns/").status_code == 403
    assert browser.post("/lists/no-such/columns/").status_code == 404


def test_several_rows_are_acted_on_each_by_its_policy_and_what_was_refused_is_named(cast: Cast, client_for: SignIn, write: Callable[..., Paper]) -> None:
    one, stamped, foreign = write("甲"), write("✓乙"), write("丙", audience=write("丁").audience)
    rule = AudienceRule.of([person_token(cast.admin.pk), department_token(cast.quality.pk)])
    for paper in (one, stamped):
        paper.audience = type(paper.audience).objects.for_rule(rule)
        paper.save()
    page = client_for(cast.admin).post(PAPERS, {"act": "stamp", "row": [one.pk, stamped.pk, foreign.pk, "x"]}, follow=True).content.decode()
    assert Paper.objects.get(pk=one.pk).title == "✓甲"
    assert "✓乙: 已盖章" in page
    assert Paper.objects.get(pk=foreign.pk).title == "丙"
    client_for(cast.inspector).post(PAPERS, {"act": "stamp", "row": [one.pk]})
    client_for(cast.inspector).post(PAPERS, {"act": "delete", "row": [one.pk]})
    assert Paper.objects.get(pk=one.pk).title == "✓甲"


def test_a_file_holds_what_is_filtered_in_the_order_that_is_shown_and_no_formula(cast: Cast, client_for: SignIn, write: Callable[..., Paper]) -> None:
    write("report =1+1", age=2)
    write("=HYPERLINK(1) report", age=1)
    write("other")
    answer = client_for(cast.inspector).post(f"{PAPERS}?kind=report&columns=title,fee", {"export": "xlsx"})
    rows = list(load_workbook(BytesIO(b"".join(answer.streaming_content))).active.iter_rows(values_only=True))
    assert rows == [("标题", "费用"), ("'=HYPERLINK(1) report", 2469), ("report =1+1", 1357.95)]
    entry = AuditRecord.objects.get(verb="list.exported")
    assert entry.after["rows"] == 2
    assert entry.after["类型"] == "报告"


@pytest.fixture
def few_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """A long list is one of more than two rows."""
    monkeypatch.setattr("portal.lists.pages.AT_ONCE", 2)
    monkeypatch.setattr(exports, "CHUNK", 1)


def test_a_long_list_becomes_a_file_in_the_background_for_whoever_asked(cast: Cast, client_for: SignIn, write: Callable[..., Paper], few_at_once: None) -> None:
    for number in range(4):
        write(f"月报{number}", age=number)
    browser = client_for(cast.inspector)
    address = browser.post(f"{PAPERS}?q=月报", {"export": "csv"})["Location"]
    assert "hx-get" in browser.get(address).content.decode()
    drain()
    export = ListExport.objects.get()
    assert (export.state, export.total) == ("done", 4)
    assert "4" in browser.get(address).content.decode()
    text = b"".join(browser.get(f"{address}file/").streaming_content).decode("utf-8-sig")
    assert [line.split(",")[0] for line in text.splitlines()] == ["标题", "月报0", "月报1", "月报2", "月报3"]
    assert Notification.objects.get(recipient=cast.inspector).kind == "lists.exported"
    for path in (address, f"{address}file/", f"{address}progress/"):
        assert client_for(cast.head).get(path).status_code == 404
    ListExport.objects.update(asked_at=timezone.now() - timedelta(days=4))
    assert forget_old_exports() == 1
    assert not export_storage().exists(export.file)
    assert browser.get(f"{address}file/").status_code == 404


def test_who_has_left_meanwhile_gets_no_file(cast: Cast, client_for: SignIn, write: Callable[..., Paper], few_at_once: None) -> None:
    for number in range(4):
        write(f"月报{number}")
    client_for(cast.inspector).post(PAPERS, {"export": "csv"})
    dismiss_person(cast.inspector, leaves_on=today() - timedelta(days=1), actor=cast.admin)
    drain()
    assert ListExport.objects.get().state == "failed"
    assert not Notification.objects.filter(recipient=cast.inspector, kind="lists.exported").exists()
