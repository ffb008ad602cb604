"""What the forms have in common in which pages are written: the portal's short one, and the editor's."""

from typing import Any, ClassVar

from django import forms
from django.core.exceptions import ValidationError
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy

from portal.access.forms import AudienceField
from portal.access.models import Audience
from portal.attachments.pictures import with_own_pictures
from portal.foundation.errors import PortalError
from portal.foundation.moments import MomentField
from portal.foundation.rich_text import is_hardly_begun
from portal.foundation.rich_text.forms import RichTextField
from portal.pages.drafts import names_of_untitled
from portal.pages.models import AudiencedPage

WRITTEN = (forms.CharField, forms.URLField)


class WithFiles:
    """For a form of a page, or of another thing with a text: its text, and the field of its files (`files_name`)."""

    files_name: ClassVar[str] = "file_ids"
    fields: dict[str, forms.Field]
    cleaned_data: dict[str, Any]

    def belongs_to(self, actor: Any, page: Any) -> None:
        """Files and pictures can be the writer's own, or hang on the page already."""
        self.actor, self.page = actor, page
        self.fields[self.files_name].belongs_to(actor, page)  # type: ignore[attr-defined]
        self.fields["body"].widget.upload_url = reverse("attachments:upload_create")  # type: ignore[attr-defined]

    def clean_body(self) -> str:
        """So can those in the text, or are copied from where the writer may see them (S11)."""
        try:
            return with_own_pictures(self.cleaned_data["body"], actor=self.actor, about=self.page)
        except PortalError as error:
            raise ValidationError(str(error)) from error


class PageForm(WithFiles, forms.Form):
    """The short form. Nothing is required to keep a draft; what is missing to publish is said by `publish_draft`, under the same names.

    A subclass says `model`, and adds fields that are named as the page's. Fields that are not shown are not read.
    """

    model: ClassVar[type[AudiencedPage]]

    title = forms.CharField(label=gettext_lazy("Title"), max_length=255, required=False)
    body = RichTextField(label=gettext_lazy("Text"), required=False)
    audience = AudienceField(label=gettext_lazy("Who may see it"), required=False)
    go_live_at = MomentField(label=gettext_lazy("Publish at"), required=False)
    expire_at = MomentField(label=gettext_lazy("Expires at"), required=False)
    change_note = forms.CharField(
        label=gettext_lazy("What was changed"), max_length=200, required=False, help_text=gettext_lazy("Readers see it above the text.")
    )

    def __init__(self, *args: Any, draft: Any = None, actor: Any, initial: dict[str, Any] | None = None, **kwargs: Any) -> None:
        """`draft` is the page as it was saved last; None for one that is begun."""
        kwargs["initial"] = {**(self.values_of(draft) if draft is not None else {}), **(initial or {})}
        super().__init__(*args, **kwargs)
        self.belongs_to(actor, draft)
        for name in ("title", "change_note"):
            self.fields[name].is_needed = True  # type: ignore[attr-defined]
        self.fields["title"].widget.attrs |= {"class": "title", "autocomplete": "off"}
        self.fields.pop("change_note" if draft is None or draft.published_at is None else "go_live_at", None)

    def values_of(self, draft: Any) -> dict[str, Any]:
        """What the fields show of what was saved last."""
        values = {name: getattr(draft, name) for name in self.model.written_fields if name in self.base_fields}
        values["title"] = "" if draft.title in names_of_untitled() else draft.title
        values["audience"] = draft.audience.rule if draft.audience is not None else None
        if draft.go_live_at is not None and draft.go_live_at <= timezone.now():
            values["go_live_at"] = None
        if draft.latest_revision_id == draft.live_revision_id:
            values["change_note"] = ""
        return values

    def is_hardly_begun(self) -> bool:
        """Whether a few keys were pressed, and no more: that is no draft yet."""
        values = self.written()
        texts = [values.get(name) for name, field in self.fields.items() if type(field) in WRITTEN and name not in {"title", "body"}]
        has_more = any(texts) or any(self.files.values()) or bool(values.get(self.files_name))
        return not has_more and is_hardly_begun(title=values.get("title", ""), body=values.get("body", ""))

    def written(self) -> dict[str, Any]:
        """The values of the fields that have no error, for `save_draft`."""
        values = {name: self.cleaned_data[name] for name in self.model.written_fields if name in self.cleaned_data}
        if "audience" in values:
            values["audience"] = Audience.objects.for_rule(values["audience"]) if values["audience"] is not None else None
        return values

    def refuse(self, problems: dict[str, str]) -> None:
        """Show what keeps it from being published, each at its field."""
        for name, sentence in problems.items():
            self.add_error(name if name in self.fields else None, sentence)
