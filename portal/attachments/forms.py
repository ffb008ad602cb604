"""The field by which files are added to anything: a list of what hangs there, and a place to drop more."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any, cast
from uuid import UUID

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.db.models import Model, Q
from django.urls import reverse_lazy
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from portal.attachments.errors import AttachmentError
from portal.attachments.kinds import Kind
from portal.attachments.models import Attachment
from portal.attachments.queries import attachments_on
from portal.attachments.services import receive_file


@dataclass(slots=True)
class Sent:
    """What came with a form: files that are here already, and files that come with it."""

    ids: list[UUID]
    files: Sequence[Any] = ()


class AttachmentsWidget(forms.Widget):
    """Works without scripts: what hangs there can be unticked, more is chosen by a plain file input. With scripts it uploads at once."""

    template_name = "attachments/widgets/attachments.html"
    needs_multipart_form = True
    use_fieldset = True
    greatest_size: int | None = None
    choosable: Q = Q(pk__in=[])
    offered_at: Any = ""

    def __init__(self, attrs: dict[str, Any] | None = None) -> None:
        super().__init__(attrs)
        self.taken: dict[int, UUID] = {}

    def __deepcopy__(self, memo: dict[int, Any]) -> "AttachmentsWidget":
        """Each form has its own: Django copies a widget's attributes by reference."""
        copy = super().__deepcopy__(memo)
        copy.taken = {}
        return copy

    def value_from_datadict(self, data: Any, files: Any, name: str) -> Sent:
        raw = data.getlist(name) if hasattr(data, "getlist") else data.get(name, [])
        sent = files.getlist(f"{name}-files") if hasattr(files, "getlist") else []
        return Sent([*_uuids(raw), *self.taken.values()], [file for file in sent if id(file) not in self.taken])

    def value_omitted_from_data(self, data: Any, files: Any, name: str) -> bool:
        return False

    def format_value(self, value: Any) -> Any:
        return value

    def get_context(self, name: str, value: Any, attrs: dict[str, Any] | None) -> dict[str, Any]:
        ids = value.ids if isinstance(value, Sent) else list(value or [])
        rows = {row.pk: row for row in Attachment.objects.filter(self.choosable, pk__in=ids).select_related("file")}
        context = super().get_context(name, None, attrs)
        context["widget"] |= {
            "attachments": [rows[pk] for pk in ids if pk in rows],
            "upload_url": reverse_lazy("attachments:upload_create"),
            "offered_at": self.offered_at,
            "copy_url": reverse_lazy("attachments:copy_create", args=[UUID(int=0)]) if self.offered_at else "",
            "greatest": self.greatest_size or settings.ENVIRONMENT.greatest_file_mb * 10**6,
        }
        return context


class AttachmentsField(forms.Field):
    """Cleans to the ids of attachments, in order, for `hang_files(shown=…)`.

    Call `belongs_to` in the form's `__init__`: only the actor's own loose files and what hangs on the thing already can be chosen.
    Files that came with the form itself are taken in while it is cleaned, so that another field's error loses none.
    `offered_at` is an address that offers files of the portal while one types, of which a copy is taken.
    """

    widget = AttachmentsWidget

    def __init__(self, *, offered_at: Any = "", **kwargs: Any) -> None:
        kwargs.setdefault("label", _("Attachments"))
        kwargs.setdefault("required", False)
        super().__init__(**kwargs)
        self.widget.offered_at = offered_at
        self.actor: Any = None

    def belongs_to(self, actor: Any, about: Model | None = None) -> None:
        """Whose form this is, and what it is about; None for a thing that is being written."""
        self.actor = actor
        own = Q(standing=Attachment.Standing.LOOSE, uploaded_by=actor)
        on_thing = Q(pk__in=attachments_on(about).order_by().values("pk")) if about is not None and about.pk else Q(pk__in=[])
        self.widget.choosable = own | on_thing

    def clean(self, value: Any) -> list[UUID]:
        widget = cast(AttachmentsWidget, self.widget)
        sent = value if isinstance(value, Sent) else Sent(_uuids(value or []))
        ids = list(dict.fromkeys(sent.ids))
        errors: list[str] = []
        for file in sent.files:
            try:
                attachment = receive_file(actor=self.actor, name=file.name or "", content=file)
            except AttachmentError as error:
                errors.append(str(error))
            else:
                ids.append(attachment.pk)
                widget.taken[id(file)] = attachment.pk
        known = set(Attachment.objects.filter(widget.choosable, pk__in=ids).values_list("pk", flat=True))
        if set(ids) - known:
            errors.append(gettext("One of the files is not there any more, or is not yours. Take it out, and add it again."))
        if self.required and not ids and not errors:
            errors.append(str(self.error_messages["required"]))
        if errors:
            raise ValidationError(errors)
        return ids

    def has_changed(self, initial: Any, data: Any) -> bool:
        sent = data if isinstance(data, Sent) else Sent(_uuids(data or []))
        return bool(sent.files) or [str(pk) for pk in initial or []] != [str(pk) for pk in sent.ids]


class PictureField(AttachmentsField):
    """One picture: cleans to its id, or to None."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**{"label": _("Picture")} | kwargs)

    def prepare_value(self, value: Any) -> Any:
        return [value] if isinstance(value, UUID) else value

    def clean(self, value: Any) -> Any:
        ids = super().clean(value)
        if len(ids) > 1:
            raise ValidationError(gettext("Choose one picture, and take the others out."))
        if ids and not Attachment.objects.filter(pk__in=ids, file__kind=Kind.PICTURE).exists():
            raise ValidationError(gettext("This is not a picture. Choose a JPG, PNG or WebP."))
        return ids[0] if ids else None

    def has_changed(self, initial: Any, data: Any) -> bool:
        return super().has_changed([initial] if initial else [], data)


def _uuids(values: Iterable[Any]) -> list[UUID]:
    found = []
    for value in values:
        try:
            found.append(value if isinstance(value, UUID) else UUID(str(value)))
        except ValueError:
            continue
    return found
