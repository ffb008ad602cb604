"""Everyone who may stand before a page, and a thing for each address to be about."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from importlib import import_module
from io import BytesIO
from pathlib import Path
from typing import Any

from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from django.contrib.contenttypes.models import ContentType
from django.test import Client
from django.utils.translation import gettext_lazy as _
from PIL import Image

from portal.access.models import Audience, AudienceGroup
from portal.access.rules import AudienceRule, department_token, person_token
from portal.access.services import grant_capability
from portal.accounts.models import User
from portal.administration.lists import RecordList
from portal.attachments.models import FileText, StoredFile
from portal.attachments.services import hang_files, receive_file
from portal.attachments.uploads import start_upload
from portal.audit.models import AuditRecord
from portal.calendar.models import CalendarDay
from portal.config.modules import WITH_PAGES
from portal.discussion.services import post_comment
from portal.imports.models import Import
from portal.lists.models import ListExport
from portal.lists.services import save_view
from portal.notifications.models import Notification
from portal.notifications.registry import NotificationKind, kind_of, register_kind
from portal.organization.models import Absence, Deputyship, Duty, DutyHolding, Employment, Profile
from portal.organization.querysets import today
from portal.organization.services.photos import set_photo
from portal.search.kept import pin_result
from portal.search.models import Entry
from tests.attachments.samples import pdf, png
from tests.cast import Cast, employ, make_department
from tests.papers.models import Paper

SignIn = Callable[[User], Client]

PUBLISHED = kind_of("test.published") or register_kind(
    NotificationKind("test.published", _("Published"), _("“%(title)s” was published."), "file-text", asks_nothing=True)
)

ROLES = (
    "anonymous",
    "leaver",  # whose session outlived the employment
    "customer",
    "operator",
    "inspector",
    "head",
    "deputy",
    "keeper",  # was granted organization.manage
    "auditor",  # was granted audit.read
    "curator",  # was granted access.groups and access.explain
    "admin",
    "viewing",  # an administrator who views the site as the operator
)
STRANGERS = {"anonymous", "leaver"}
EMPLOYEES = {"operator", "inspector", "head", "deputy", "keeper", "auditor", "curator", "admin"}
SIGNED_IN = EMPLOYEES | {"customer"}
ANYONE = SIGNED_IN | STRANGERS
KEEPERS = {"keeper", "admin"}
AUDITORS = {"auditor", "admin"}
CURATORS = {"curator", "admin"}
ADMINISTRATORS = {"admin"}
PLANT = EMPLOYEES - ADMINISTRATORS  # those who are employed somewhere in the plant


@dataclass(frozen=True, slots=True)
class Things:
    """What the addresses are about, by the name that a row of the table uses."""

    pks: dict[str, Any]

    def arguments(self, names: str) -> list[Any]:
        return [self.pks[name] for name in names.split()]


def make_things(cast: Cast) -> Things:
    """One of each, with owners that differ, so that what is somebody's own shows."""
    day = today()
    for code, person in (
        ("organization.manage", cast.salesperson),
        ("audit.read", cast.workshop_head),
        ("access.groups", cast.director),
        ("access.explain", cast.director),
    ):
        grant_capability(code, rule=AudienceRule.of([person_token(person.pk)]), actor=cast.admin)
    quality = Audience.objects.for_rule(AudienceRule.of([department_token(cast.quality.pk)]))
    everyone = Audience.objects.for_rule(AudienceRule.of([department_token(cast.plant.pk)]))
    head_employment = Employment.objects.get(person=cast.head)
    ends = Employment.objects.get(person=cast.deputy)
    Employment.objects.filter(pk=ends.pk).update(ends_on=day + timedelta(days=60))
    begins = employ(cast.operator, cast.sales, cast.staff_post, starts_on=day + timedelta(days=30), is_primary=False)
    duty = Duty.objects.create(code="PRICE", name="价格审核员", name_en="Price reviewer")
    closed = make_department("CLOSED", "老车间", "Old Workshop", cast.plant)
    closed.closed_on = day - timedelta(days=5)
    closed.save()
    roster = Import.objects.create(importer="roster", actor=cast.salesperson, file_name="花名册.xlsx", rows=[["工号", "姓名"], ["10004", "张强"]])
    discussed = Paper.objects.create(title="温湿度管理办法", audience=everyone)
    paper = Paper.objects.create(title="质量月报", audience=everyone)
    picture, report, loose = (
        receive_file(actor=actor, name=name, content=BytesIO(content))
        for actor, name, content in ((cast.head, "a.png", png()), (cast.head, "a.pdf", pdf("Report")), (cast.operator, "b.png", png()))
    )
    hang_files(actor=cast.head, about=paper, shown=[picture.pk, report.pk])
    FileText.objects.create(file=report.file, number=1, text="Report")
    StoredFile.objects.filter(pk=report.file_id).update(text_state=StoredFile.Text.DONE)
    of_modules = [import_module(f"tests.{module}.addresses").make_things(cast) for module in WITH_PAGES]
    return Things(
        {name: pk for things in of_modules for name, pk in things.items()}
        | {
            "quality": cast.quality.pk,
            "attachment": picture.pk,
            "pdf": report.pk,
            "page_number": 1,
            "loose_attachment": loose.pk,
            "upload": start_upload(actor=cast.operator, name="c.zip", size=9).pk,
            "inspector": cast.inspector.pk,
            "leaver": cast.leaver.pk,
            "employment": head_employment.pk,
            "ending_employment": ends.pk,
            "coming_employment": begins.pk,
            "deputyship": Deputyship.objects.get(employment=head_employment).pk,
            "absence": Absence.objects.create(person=cast.inspector, kind=Absence.Kind.TRAVEL, starts_on=day, ends_on=day).pk,
            "photo": _give_photo(cast.inspector, actor=cast.inspector),
            "department": cast.shift.pk,
            "closed_department": closed.pk,
            "position": cast.staff_post.pk,
            "calendar_day": CalendarDay.objects.create(day=date(2026, 10, 8), kind="rest").pk,
            "duty": duty.pk,
            "holding": DutyHolding.objects.create(duty=duty, person=cast.head, starts_on=day).pk,
            "list": RecordList.key,
            "view": save_view(actor=cast.workshop_head, definition=RecordList(), name="本月", query="").pk,
            "export": ListExport.objects.create(person=cast.workshop_head, list_code=RecordList.code, kind="csv").pk,
            "import": roster.pk,
            "calendar_import": Import.objects.create(importer="calendar", actor=cast.salesperson, file_name="日历.csv", rows=[["备注"], ["放假"]]).pk,
            "group": AudienceGroup.objects.create(name="质检骨干", owner=cast.director, audience=quality).pk,
            "paper": paper.pk,
            "paper_model": "papers.paper",
            "panel": "bulletin.notices",
            "paper_type": ContentType.objects.get_for_model(Paper).pk,
            "discussed": discussed.pk,
            "comment": post_comment(actor=cast.operator, about=discussed, body="湿度偏高").pk,
            "capability": "audit.read",
            "record": AuditRecord.objects.order_by("pk").values_list("pk", flat=True).last(),
            "notification": Notification.objects.create(
                recipient=cast.operator, kind="test.published", words={"title": "通知"}, delivery="7d9fb0cb-3f4f-4a3b-9d2c-1a43aa0b1a11"
            ).pk,
            "session": UserSession.objects.create(user=cast.operator, ip="10.0.0.1", user_agent="", session_key="elsewhere").pk,
            "security_key": Authenticator.objects.create(user=cast.newcomer, type=Authenticator.Type.WEBAUTHN, data={"name": "U盾"}).pk,
            "pin": _pin(paper, cast.admin),
            "uid": "1",
            "key": "no-such-key",
        }
    )


def _pin(paper: Paper, actor: User) -> int:
    entry = Entry.objects.create(source="papers", object_id=paper.pk, version=1, include=paper.audience.include, kind="paper", title=paper.title)
    return pin_result(entry, words="月报", actor=actor).pk


def _give_photo(person: User, *, actor: User) -> str:
    """The version of the photo that the person's card shows now."""
    picture = BytesIO()
    Image.new("RGB", (8, 8)).save(picture, "PNG")
    set_photo(person, content=picture.getvalue(), actor=actor)
    return Path(Profile.objects.get(person=person).photo.name).stem


def browsers(cast: Cast, client_for: SignIn) -> dict[str, Client]:
    """A browser for every role."""
    people = {
        "leaver": cast.leaver,
        "customer": cast.customer,
        "operator": cast.operator,
        "inspector": cast.inspector,
        "head": cast.head,
        "deputy": cast.deputy,
        "keeper": cast.salesperson,
        "auditor": cast.workshop_head,
        "curator": cast.director,
        "admin": cast.admin,
        "viewing": cast.admin,
    }
    signed_in = {"anonymous": Client()} | {role: client_for(person) for role, person in people.items()}
    answer = signed_in["viewing"].post("/access/view-as/", {"person": cast.operator.employee_number, "reason": "他说看不到"})
    assert answer.status_code == 302
    return {role: signed_in[role] for role in ROLES}
