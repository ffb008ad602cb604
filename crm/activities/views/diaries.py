"""Writing a diary, reading and answering it, and who has not written."""

from datetime import date, timedelta
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.decorators import method_decorator
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy
from django.views.decorators.http import require_safe

from crm.activities.diary_lists import with_reading
from crm.activities.diary_reports import writers_below
from crm.activities.diary_sources import drafted
from crm.activities.forms import AnswerForm, DiaryForm
from crm.activities.models import Contacting, Diary, Promise
from crm.activities.policies import FOR_HEADS, may_write_diaries
from crm.activities.services.diaries import answer_diary, read_diary, write_diary
from crm.activities.services.planning import working_days
from crm.customers.policies import held_portfolios
from portal.access.decorators import employee_required
from portal.access.policies import can, get_permitted, visible_to
from portal.access.standings import standing_of
from portal.foundation.asking import read_words
from portal.foundation.form_pages import ActPage, Crumb, FormPage
from portal.foundation.moments import read_day
from portal.foundation.once import FIELD, new_key
from portal.organization.querysets import today

MOST_PLANNED = 30
FOR_WRITERS = gettext_lazy("Diaries are for those who work with customers and their heads.")


def load_diary(request: HttpRequest, pk: int, action: str = "view") -> Diary:
    rows = Diary.objects.select_related("person", "department")
    return get_permitted(Diary, user=request.user, action=action, rows=rows, pk=pk)


def crumbs() -> list[Crumb]:
    return [(_("Visits"), reverse("crm:visit_week")), (_("Diaries"), reverse("crm:diary_list"))]


@require_safe
@employee_required
def diary_detail(request: HttpRequest, pk: int) -> HttpResponse:
    diary = load_diary(request, pk)
    is_mine = diary.person_id == request.user.pk
    readings = diary.readings.select_related("reader")
    answers = list(diary.answers.select_related("author"))
    context = {
        "diary": diary,
        "is_mine": is_mine,
        "answers": answers,
        "readings": readings,
        "versions": diary.versions.all(),
        "may_change": can(request.user, "change", diary) and not answers,
        "may_read": not is_mine and not any(one.reader_id == request.user.pk for one in readings),
        "unread": _unread(request.user).exclude(pk=pk).count() if not is_mine else 0,
        "form": AnswerForm() if not is_mine or answers else None,
        "key_field": FIELD,
        "key": new_key(),
        "crumbs": crumbs(),
    }
    return render(request, "crm/activities/diary_detail.html", context)


def _unread(user: Any) -> QuerySet[Any]:
    """Those that this head has not read, the oldest first."""
    return with_reading(visible_to(Diary, user), user).filter(is_mine=False, is_read=False).order_by("day", "pk")


@method_decorator(employee_required, name="dispatch")
class DiaryWrite(FormPage):
    """`?day=2026-11-30`; today where the address says nothing. Written again it is another wording."""

    form_class = DiaryForm
    heading = gettext_lazy("Write a diary")
    submit = pgettext_lazy("a diary", "Hand in")
    note = gettext_lazy("Read by the head of the department and the heads above; nobody else sees it.")
    made: Diary | None = None

    def load(self, request: HttpRequest, **kwargs: Any) -> Diary | None:
        if not may_write_diaries(request.user):
            raise PermissionDenied(FOR_WRITERS)
        return Diary.objects.filter(person=request.user.pk, day=self.day()).first()

    def day(self) -> date:
        return read_day(read_words(self.request.GET, "day")) or today()

    def initial(self) -> dict[str, Any]:
        diary = self.subject
        if diary is not None:
            return {"day": diary.day, "done": diary.done, "thoughts": diary.thoughts, "plans": diary.plans, "asks": diary.asks}
        return {"day": self.day(), "done": drafted(self.request.user, self.day()), "plans": _planned(self.request.user, self.day())}

    def crumbs(self) -> list[Crumb]:
        return crumbs()

    def back_url(self) -> str:
        return self.made.get_absolute_url() if self.made else reverse("crm:diary_list")

    def save(self, request: HttpRequest, values: dict[str, Any]) -> str:
        self.made = write_diary(actor=request.user, **values)
        return _("The diary of %(day)s is handed in.") % {"day": f"{self.made.day:%Y-%m-%d}"}


def _planned(user: Any, day: date) -> str:
    """The visits that are laid on the next working day."""
    following = next(iter(working_days(day + timedelta(days=1), day + timedelta(days=14))), None)
    rows = Promise.objects.filter(planned_on=following, kind=Contacting.VISIT, state=Promise.State.OPEN, customer__root__portfolio__in=held_portfolios(user))
    names = list(rows.order_by("customer__line_place__place", "pk").values_list("customer__root__name", flat=True)[:MOST_PLANNED])
    if following is None or not names:
        return ""
    return _("%(day)s, visits: %(names)s") % {"day": f"{following:%m-%d}", "names": "、".join(names)}


@method_decorator(employee_required, name="dispatch")
class DiaryAnswering(FormPage):
    form_class = AnswerForm
    heading = gettext_lazy("Answer a diary")
    submit = pgettext_lazy("a diary", "Answer")
    is_new_thing = True

    def load(self, request: HttpRequest, **kwargs: Any) -> Diary:
        return load_diary(request, kwargs["pk"], "answer")

    def crumbs(self) -> list[Crumb]:
        return [*crumbs(), (self.subject.person.name, self.subject.get_absolute_url())]

    def back_url(self) -> str:
        return str(self.subject.get_absolute_url())

    def save(self, request: HttpRequest, values: dict[str, Any]) -> str:
        answer_diary(self.subject, actor=request.user, **values)
        return _("Answered.")


@method_decorator(employee_required, name="dispatch")
class DiaryRead(ActPage):
    """Read, and on to the next that is not."""

    def load(self, request: HttpRequest, **kwargs: Any) -> Diary:
        return load_diary(request, kwargs["pk"], "read")

    def back_url(self) -> str:
        following = _unread(self.request.user).first()
        return following.get_absolute_url() if following is not None else reverse("crm:diary_list")

    def act(self, request: HttpRequest) -> str:
        read_diary(self.subject, actor=request.user)
        return _("Read.")


@require_safe
@employee_required
def diary_writers(request: HttpRequest) -> HttpResponse:
    """`?day=2026-11-30`: who has written of that day and who has not, for heads."""
    if not standing_of(request.user).headed_department_ids:
        raise PermissionDenied(FOR_HEADS)
    day = read_day(read_words(request.GET, "day")) or today()
    writers = writers_below(request.user, day)
    context = {
        "day": day,
        "before": day - timedelta(days=1),
        "after": day + timedelta(days=1) if day < today() else None,
        "is_worked": bool(working_days(day, day)),
        "missing": [one for one in writers if one.diary is None and not one.away],
        "away": [one for one in writers if one.diary is None and one.away],
        "written": [one for one in writers if one.diary is not None],
        "crumbs": crumbs(),
    }
    return render(request, "crm/activities/diary_writers.html", context)
