"""What is asked when the plant is changed."""

from collections.abc import Callable
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from portal.access.words import level_name
from portal.directory.fields import DepartmentField, DepartmentsField, PersonField, PositionField
from portal.directory.roster.values import read_name, read_number
from portal.foundation.moments import DayField
from portal.imports.limits import MEBIBYTE
from portal.imports.values import read_email, read_phone, read_text
from portal.organization.models import Absence, Department
from portal.organization.photos import MOST_BYTES as MOST_PHOTO_BYTES
from portal.organization.querysets import today

LEVELS = range(5)


class ReadField(forms.CharField):
    """Text that is cleaned as a roster's cell is, so that what is stored does not depend on the way in."""

    def __init__(self, reader: Callable[[Any], str | None], **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.reader = reader

    def clean(self, value: Any) -> str:
        text = super().clean(value)
        try:
            return self.reader(text) or ""
        except ValueError as error:
            raise ValidationError(str(error)) from error


class CardForm(forms.Form):
    """What a person keeps about themselves."""

    mobile = ReadField(read_phone, label=gettext_lazy("Mobile"), max_length=40, required=False)
    phone = ReadField(read_phone, label=gettext_lazy("Office phone"), max_length=40, required=False)
    room = ReadField(read_text, label=gettext_lazy("Room"), max_length=60, required=False)
    about = ReadField(
        read_text,
        label=gettext_lazy("About"),
        max_length=300,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=gettext_lazy("What colleagues may ask you about."),
    )


class PhotoForm(forms.Form):
    picture = forms.FileField(
        label=gettext_lazy("Picture"),
        max_length=255,
        widget=forms.FileInput(attrs={"accept": "image/jpeg,image/png,image/webp"}),
        help_text=gettext_lazy("JPEG, PNG or WebP, up to 8 MB."),
    )

    def clean_picture(self) -> Any:
        """Too large a file is not even read."""
        picture = self.cleaned_data["picture"]
        if picture.size > MOST_PHOTO_BYTES:
            raise ValidationError(_("The picture is larger than %(size)s MB.") % {"size": MOST_PHOTO_BYTES // MEBIBYTE})
        return picture


class NameForm(forms.Form):
    """What the roster says about a person."""

    name = ReadField(read_name, label=gettext_lazy("Name"), max_length=60)
    name_en = ReadField(read_text, label=gettext_lazy("Name in English"), max_length=80, required=False)
    email = ReadField(read_email, label=gettext_lazy("Email"), max_length=254, required=False)


class PostForm(forms.Form):
    """A department and a position from a day on."""

    department = DepartmentField(label=gettext_lazy("Department"))
    position = PositionField(label=gettext_lazy("Position"))
    starts_on = DayField(label=gettext_lazy("First day"), initial=today, help_text=gettext_lazy("A day to come takes effect by itself on that day."))


class SecondPostForm(PostForm):
    ends_on = DayField(label=gettext_lazy("Last day"), required=False, help_text=gettext_lazy("Included; empty means until further notice."))


class EnrolmentForm(NameForm, PostForm):
    """A new person with their first post."""

    employee_number = ReadField(read_number, label=gettext_lazy("Employee number"), max_length=32)
    field_order = ["employee_number", "name", "name_en", "department", "position", "starts_on", "email"]


class DayForm(forms.Form):
    """The last day of something."""

    day = DayField(label=gettext_lazy("Last day"), initial=today, help_text=gettext_lazy("This day is included."))


class DismissalForm(forms.Form):
    leaves_on = DayField(
        label=gettext_lazy("First day without work"),
        initial=today,
        help_text=gettext_lazy("From this day on the person cannot sign in. Today means at once: all sessions end now."),
    )
    reason = forms.CharField(label=gettext_lazy("Reason"), max_length=200, required=False, help_text=gettext_lazy("Goes on record."))


class DeputyForm(forms.Form):
    deputy = PersonField(
        label=gettext_lazy("Deputy"), help_text=gettext_lazy("Name, pinyin or employee number. The deputy has the rights of the post for the time.")
    )
    starts_on = DayField(label=gettext_lazy("First day"), initial=today)
    ends_on = DayField(label=gettext_lazy("Last day"), required=False, help_text=gettext_lazy("Included; empty means until further notice."))
    reason = forms.CharField(label=gettext_lazy("Reason"), max_length=200, required=False)


class AbsenceForm(forms.Form):
    kind = forms.ChoiceField(label=gettext_lazy("Why"), choices=Absence.Kind.choices)
    starts_on = DayField(label=gettext_lazy("First day"), initial=today)
    ends_on = DayField(label=gettext_lazy("Last day"), initial=today, help_text=gettext_lazy("This day is included."))
    note = ReadField(read_text, label=gettext_lazy("Note"), max_length=120, required=False, help_text=gettext_lazy("Every employee can read it."))


class DepartmentForm(forms.Form):
    parent = DepartmentField(label=gettext_lazy("Belongs to"), help_text=gettext_lazy("Another one moves it with everything below."))
    name = ReadField(read_text, label=gettext_lazy("Name of the department"), max_length=80)
    name_en = ReadField(read_text, label=gettext_lazy("Name in English"), max_length=120, required=False)
    code = ReadField(read_text, label=gettext_lazy("Short code"), max_length=32)
    kind = forms.ChoiceField(
        label=gettext_lazy("Kind"),
        choices=[choice for choice in Department.Kind.choices if choice[0] != Department.Kind.PLANT],
        initial=Department.Kind.DEPARTMENT,
    )
    phone = ReadField(read_phone, label=gettext_lazy("Phone"), max_length=40, required=False)
    order = forms.IntegerField(label=gettext_lazy("Order"), min_value=0, max_value=100_000, initial=0, help_text=gettext_lazy("Smaller numbers stand first."))

    def __init__(self, *args: Any, is_root: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if is_root:
            del self.fields["parent"], self.fields["kind"]


class PositionForm(forms.Form):
    name = ReadField(read_text, label=gettext_lazy("Name of the position"), max_length=80)
    name_en = ReadField(read_text, label=gettext_lazy("Name in English"), max_length=120, required=False)
    code = ReadField(read_text, label=gettext_lazy("Short code"), max_length=32)
    clearance = forms.TypedChoiceField(label=gettext_lazy("Clearance"), coerce=int, choices=lambda: [(level, level_name(level)) for level in LEVELS], initial=1)
    is_head = forms.BooleanField(label=gettext_lazy("Heads the department"), required=False)
    requires_second_factor = forms.BooleanField(label=gettext_lazy("Needs a second factor"), required=False)
    order = forms.IntegerField(label=gettext_lazy("Order"), min_value=0, max_value=100_000, initial=0, help_text=gettext_lazy("Smaller numbers stand first."))


class DutyForm(forms.Form):
    name = ReadField(read_text, label=gettext_lazy("Name of the duty"), max_length=80)
    name_en = ReadField(read_text, label=gettext_lazy("Name in English"), max_length=120, required=False)
    code = ReadField(read_text, label=gettext_lazy("Short code"), max_length=32)
    departments = DepartmentsField(
        label=gettext_lazy("Covers"), required=False, help_text=gettext_lazy("The departments for which it is held; none chosen means the whole plant.")
    )
    order = forms.IntegerField(label=gettext_lazy("Order"), min_value=0, max_value=100_000, initial=0, help_text=gettext_lazy("Smaller numbers stand first."))


class HoldingForm(forms.Form):
    person = PersonField(label=gettext_lazy("Person"), help_text=gettext_lazy("Name, pinyin or employee number."))
    starts_on = DayField(label=gettext_lazy("First day"), initial=today)
    ends_on = DayField(label=gettext_lazy("Last day"), required=False, help_text=gettext_lazy("Included; empty means until further notice."))
