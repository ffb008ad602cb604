"""A meeting's page, and what is noted and followed there."""

from typing import Any

from django import forms
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.decorators import method_decorator
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy
from django.views.decorators.http import require_safe

from crm.catalogue.models import Product
from crm.marketing.meeting_lists import meeting_crumbs
from crm.marketing.models import Meeting, MeetingPoint
from crm.marketing.models.meetings import LONGEST_POINT
from crm.marketing.policies import FOR_MARKETING, FOR_MEETING, keeps_marketing
from crm.marketing.services.meetings import add_guests, add_point, change_meeting, finish_point, judge_point, note_meeting
from portal.access.decorators import employee_required
from portal.access.policies import can, get_permitted
from portal.attachments.forms import AttachmentsField
from portal.attachments.queries import shown_on
from portal.directory.fields import PersonField
from portal.foundation.form_pages import Crumb, FormPage
from portal.foundation.moments import DayField
from portal.lists.asked import Asked
from portal.lists.pages import ListPage
from portal.organization.querysets import today

AREA = forms.Textarea(attrs={"rows": 4})
MOST_GUESTS = 200


class GuestsField(forms.CharField):
    """On each line a name and, behind a comma or a blank, where they are from."""

    widget = AREA

    def clean(self, value: Any) -> list[tuple[str, str]]:
        found = []
        for line in super().clean(value).splitlines():
            name, _comma, firm = line.strip().replace("，", ",").replace("\t", ",").partition(",")
            if not _comma:
                name, _blank, firm = line.strip().partition(" ")
            if len(name) > 60 or len(firm.strip()) > 80:
                raise ValidationError(_("“%(line)s” is too long. On each line a name and where they are from.") % {"line": line.strip()[:30]})
            if name.strip():
                found.append((name.strip(), firm.strip()))
        if len(found) > MOST_GUESTS:
            raise ValidationError(_("No more than %(number)s guests at once.") % {"number": MOST_GUESTS})
        return found


class MeetingForm(forms.Form):
    kind = forms.ChoiceField(label=gettext_lazy("Kind"), choices=Meeting.Kind.choices)
    name = forms.CharField(label=pgettext_lazy("of a meeting", "Name"), max_length=80)
    products = forms.ModelMultipleChoiceField(
        label=gettext_lazy("About which products"), queryset=Product.objects.all(), widget=forms.CheckboxSelectMultiple, required=False
    )
    held_on = DayField(label=pgettext_lazy("of a meeting", "Held on"))
    place = forms.CharField(label=gettext_lazy("Where"), max_length=120, required=False)
    summary = forms.CharField(label=gettext_lazy("What it was about"), max_length=2_000, required=False, widget=AREA)
    owner = PersonField(label=pgettext_lazy("of a meeting", "Answers for it"))
    file_ids = AttachmentsField(label=gettext_lazy("Minutes and other files"))

    def __init__(self, *args: Any, user: Any, meeting: Meeting | None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        fields: Any = self.fields
        fields["file_ids"].belongs_to(user, meeting)


class NewMeetingForm(MeetingForm):
    guests = GuestsField(
        label=gettext_lazy("Who came"), required=False, max_length=10_000, help_text=gettext_lazy("On each line a name, a comma, and where they are from.")
    )


class GuestsForm(forms.Form):
    guests = GuestsField(label=gettext_lazy("Who came"), max_length=10_000, help_text=gettext_lazy("On each line a name, a comma, and where they are from."))


class PointForm(forms.Form):
    kind = forms.ChoiceField(label=gettext_lazy("Kind"), choices=MeetingPoint.Kind.choices)
    text = forms.CharField(label=gettext_lazy("What was asked or promised"), max_length=LONGEST_POINT, widget=AREA)
    raised_by = forms.CharField(label=gettext_lazy("Raised by"), max_length=60, required=False)
    owner = PersonField(label=gettext_lazy("Followed by"))
    due_on = DayField(label=gettext_lazy("Until"))
    outcome = forms.CharField(
        label=gettext_lazy("Answer"), max_length=LONGEST_POINT, required=False, widget=AREA, help_text=gettext_lazy("Where it was answered there and then.")
    )


class PointDoneForm(forms.Form):
    outcome = forms.CharField(label=gettext_lazy("Answer, or what came of it"), max_length=LONGEST_POINT, widget=AREA)


class PointJudgeForm(forms.Form):
    is_kept = forms.TypedChoiceField(
        label=gettext_lazy("Is it done"),
        choices=[("yes", gettext_lazy("yes: it is done")), ("no", gettext_lazy("no: it is open again"))],
        coerce=lambda value: value == "yes",
    )
    judgement = forms.CharField(label=gettext_lazy("Judgement"), max_length=300, required=False, help_text=gettext_lazy("Needed where it is open again."))
    due_on = DayField(label=gettext_lazy("Then until"), required=False)


class MeetingListPage(ListPage):
    """With a button for who notes meetings."""

    def context(self, asked: Asked, arranged: Any) -> dict[str, Any]:
        return super().context(asked, arranged) | {"may_keep": keeps_marketing(self.request.user)}


def load_meeting(request: HttpRequest, pk: int, action: str = "view") -> Meeting:
    return get_permitted(Meeting, user=request.user, action=action, rows=Meeting.objects.select_related("owner"), pk=pk)


@require_safe
@employee_required
def meeting_detail(request: HttpRequest, pk: int) -> HttpResponse:
    meeting, user = load_meeting(request, pk), request.user
    may_change = can(user, "change", meeting)
    points = list(meeting.points.select_related("owner", "judged_by"))
    states = MeetingPoint.State
    context = {
        "meeting": meeting,
        "products": list(meeting.products.all()),
        "files": shown_on(meeting),
        "guests": list(meeting.guests.select_related("customer")),
        "points": [
            (
                one,
                one.state == states.OPEN and (may_change or one.owner_id == user.pk),
                one.state == states.DONE and may_change and one.owner_id != user.pk,
            )
            for one in points
        ],
        "kept": sum(one.state == states.KEPT for one in points),
        "late": sum(one.state == states.OPEN and one.due_on < today() for one in points),
        "may_change": may_change,
        "today": today(),
        "crumbs": meeting_crumbs(),
    }
    return render(request, "crm/marketing/meeting_detail.html", context)


@method_decorator(employee_required, name="dispatch")
class MeetingCreate(FormPage):
    form_class = NewMeetingForm
    heading = gettext_lazy("Note a meeting")
    submit = pgettext_lazy("a meeting", "Note")
    is_new_thing = True
    made: Meeting | None = None

    def load(self, request: HttpRequest, **kwargs: Any) -> None:
        if not keeps_marketing(request.user):
            raise PermissionDenied(FOR_MARKETING)

    def form_arguments(self) -> dict[str, Any]:
        return {"user": self.request.user, "meeting": None}

    def initial(self) -> dict[str, Any]:
        return {"held_on": today()}

    def crumbs(self) -> list[Crumb]:
        return meeting_crumbs()

    def back_url(self) -> str:
        return self.made.get_absolute_url() if self.made else reverse("crm:meeting_list")

    def save(self, request: HttpRequest, values: dict[str, Any]) -> str:
        self.made = note_meeting(actor=request.user, **values)
        return _("Noted as %(number)s. Now its questions and commitments.") % {"number": self.made.number}


class OfMeeting(FormPage):
    action = "change"

    def load(self, request: HttpRequest, **kwargs: Any) -> Meeting:
        return load_meeting(request, kwargs["pk"], self.action)

    def crumbs(self) -> list[Crumb]:
        return [*meeting_crumbs(), (self.subject.name, self.back_url())]

    def back_url(self) -> str:
        return str(self.subject.get_absolute_url())


@method_decorator(employee_required, name="dispatch")
class MeetingUpdate(OfMeeting):
    form_class = MeetingForm
    heading = gettext_lazy("Change the meeting")
    submit = gettext_lazy("Save")

    def form_arguments(self) -> dict[str, Any]:
        return {"user": self.request.user, "meeting": self.subject}

    def initial(self) -> dict[str, Any]:
        one = self.subject
        values = {name: getattr(one, name) for name in ("kind", "name", "held_on", "place", "summary")}
        files = [row.pk for row in shown_on(one)]
        return values | {"owner": f"{one.owner.name} {one.owner.employee_number}", "products": one.products.all(), "file_ids": files}

    def save(self, request: HttpRequest, values: dict[str, Any]) -> str:
        change_meeting(self.subject, actor=request.user, **values)
        return _("Saved.")


@method_decorator(employee_required, name="dispatch")
class GuestsAdd(OfMeeting):
    form_class = GuestsForm
    heading = gettext_lazy("Note who came")
    submit = pgettext_lazy("guests", "Note")
    is_new_thing = True

    def save(self, request: HttpRequest, values: dict[str, Any]) -> str:
        return _("Noted: %(number)s.") % {"number": add_guests(self.subject, actor=request.user, guests=values["guests"])}


@method_decorator(employee_required, name="dispatch")
class PointCreate(OfMeeting):
    form_class = PointForm
    heading = gettext_lazy("Note a question or commitment")
    submit = pgettext_lazy("a point", "Note")
    is_new_thing = True

    def save(self, request: HttpRequest, values: dict[str, Any]) -> str:
        add_point(self.subject, actor=request.user, **values)
        return _("Noted; %(person)s follows it.") % {"person": values["owner"].name}


class OfPoint(OfMeeting):
    action = "view"
    point: MeetingPoint

    def load(self, request: HttpRequest, **kwargs: Any) -> Meeting:
        meeting = super().load(request, **kwargs)
        found = meeting.points.filter(pk=kwargs["point"]).first()
        if found is None:
            raise Http404
        self.point = found
        self.refuse(request, meeting)
        return meeting

    def refuse(self, request: HttpRequest, meeting: Meeting) -> None:
        """Raises for who may not."""

    def get_heading(self) -> str:
        return self.point.text


@method_decorator(employee_required, name="dispatch")
class PointDone(OfPoint):
    form_class = PointDoneForm
    submit = gettext_lazy("Done")

    def refuse(self, request: HttpRequest, meeting: Meeting) -> None:
        if self.point.owner_id != request.user.pk and not can(request.user, "change", meeting):
            raise PermissionDenied(_("Whose point it is says that it is done, or who answers for the meeting."))

    def save(self, request: HttpRequest, values: dict[str, Any]) -> str:
        finish_point(self.point, actor=request.user, **values)
        return _("Done. Somebody else judges it.")


@method_decorator(employee_required, name="dispatch")
class PointJudge(OfPoint):
    form_class = PointJudgeForm
    submit = pgettext_lazy("a point", "Judge")

    def refuse(self, request: HttpRequest, meeting: Meeting) -> None:
        if not can(request.user, "change", meeting):
            raise PermissionDenied(FOR_MEETING)

    def save(self, request: HttpRequest, values: dict[str, Any]) -> str:
        judged = judge_point(self.point, actor=request.user, **values)
        return _("Judged done.") if judged.state == MeetingPoint.State.KEPT else _("Open again; %(person)s is told.") % {"person": judged.owner.name}
