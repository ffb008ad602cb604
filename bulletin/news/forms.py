"""Forms of the news desk."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.core.validators import URLValidator
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from bulletin.fields import MomentField
from bulletin.news.models import LONGEST_LINK, LONGEST_SUMMARY, Category, NewsFeed, NewsItem
from bulletin.news.services.items import everyone
from portal.access.forms import AudienceField
from portal.access.models import Audience
from portal.attachments.forms import AttachmentsField
from portal.attachments.kinds import Kind
from portal.attachments.models import Attachment
from portal.attachments.pictures import with_own_pictures
from portal.foundation.errors import PortalError
from portal.foundation.fetching import FetchError, read_address
from portal.foundation.rich_text.forms import RichTextField

PLAIN_NAMES = ("title", "category", "summary", "body", "picture_alt", "source", "link", "is_lead", "go_live_at", "expire_at", "change_note")


class NewsForm(forms.Form):
    """Nothing is required to keep a draft; what is missing to publish is said by `publish_item`, under the same names."""

    title = forms.CharField(label=gettext_lazy("Title"), max_length=255, required=False)
    summary = forms.CharField(label=gettext_lazy("In brief"), max_length=LONGEST_SUMMARY, required=False, widget=forms.Textarea(attrs={"rows": 3}))
    body = RichTextField(label=gettext_lazy("Text"), required=False)
    picture = AttachmentsField(label=gettext_lazy("Picture"), help_text=gettext_lazy("One picture; it stands large where the item is the lead story."))
    picture_alt = forms.CharField(label=gettext_lazy("What the picture shows"), max_length=200, required=False)
    category = forms.ChoiceField(label=gettext_lazy("Category"), choices=Category.choices, widget=forms.RadioSelect)
    source = forms.CharField(label=gettext_lazy("Source"), max_length=100, required=False)
    link = forms.CharField(
        label=gettext_lazy("Link to the source"),
        max_length=LONGEST_LINK,
        required=False,
        widget=forms.URLInput,
        validators=[URLValidator(["http", "https"], message=gettext_lazy("This is not an address of the web."))],
    )
    is_lead = forms.BooleanField(label=gettext_lazy("Lead story"), required=False)
    audience = AudienceField(label=gettext_lazy("Who may see it"), required=False)
    go_live_at = MomentField(label=gettext_lazy("Publish at"), required=False)
    expire_at = MomentField(label=gettext_lazy("Expires at"), required=False)
    change_note = forms.CharField(
        label=gettext_lazy("What was changed"), max_length=200, required=False, help_text=gettext_lazy("Readers see it above the text.")
    )

    def __init__(self, *args: Any, draft: NewsItem | None = None, actor: Any, **kwargs: Any) -> None:
        """`draft` is the item as it was saved last; None for one that is begun."""
        self.actor, self.draft = actor, draft
        initial = _initial(draft) if draft is not None else {"category": Category.MARKET, "audience": everyone()}
        kwargs["initial"] = initial
        super().__init__(*args, **kwargs)
        self.fields["picture"].belongs_to(actor, draft)  # type: ignore[attr-defined]
        self.fields["body"].widget.upload_url = reverse("attachments:upload_create")  # type: ignore[attr-defined]
        self.fields["title"].widget.attrs |= {"class": "title", "autocomplete": "off"}
        if draft is None or draft.published_at is None:
            del self.fields["change_note"]
        else:
            del self.fields["go_live_at"]

    def clean_picture(self) -> list[Any]:
        ids: list[Any] = self.cleaned_data["picture"]
        if len(ids) > 1:
            raise ValidationError(_("Choose one picture, and take the others out."))
        if ids and not Attachment.objects.filter(pk__in=ids, file__kind=Kind.PICTURE).exists():
            raise ValidationError(_("This is not a picture. Choose a JPG, PNG or WebP."))
        return ids

    def clean_body(self) -> str:
        """Pictures in the text are the writer's own, hang on the item already, or are copied from where the writer may see them (S11)."""
        try:
            return with_own_pictures(self.cleaned_data["body"], actor=self.actor, about=self.draft)
        except PortalError as error:
            raise ValidationError(str(error)) from error

    def written(self) -> dict[str, Any]:
        """The values of the fields that have no error, for `save_item`."""
        cleaned = self.cleaned_data
        values = {name: cleaned[name] for name in PLAIN_NAMES if name in cleaned}
        if "picture" in cleaned:
            values["picture_id"] = next(iter(cleaned["picture"]), None)
        if "audience" in cleaned:
            rule = cleaned["audience"]
            values["audience"] = Audience.objects.for_rule(rule) if rule is not None else None
        return values

    def refuse(self, problems: dict[str, str]) -> None:
        """Show what keeps it from being published, each at its field."""
        for name, sentence in problems.items():
            self.add_error(name if name in self.fields else None, sentence)


class RetractionForm(forms.Form):
    reason = forms.CharField(label=gettext_lazy("Why"), max_length=500, widget=forms.Textarea(attrs={"rows": 3, "autofocus": True}))


class FeedForm(forms.ModelForm):
    """An address that brings news."""

    class Meta:
        model = NewsFeed
        fields = ("name", "address", "category", "is_active")
        labels = {"name": gettext_lazy("Name of the source"), "address": gettext_lazy("Address of the feed"), "is_active": gettext_lazy("Is read")}
        widgets = {"address": forms.URLInput}
        help_texts = {"address": gettext_lazy("The address of RSS or Atom, such as https://www.tobacco.gov.cn/news.xml.")}

    def clean_address(self) -> str:
        try:
            return read_address(self.cleaned_data["address"].strip()).address
        except FetchError as refusal:
            raise ValidationError(str(refusal)) from refusal


def _initial(draft: NewsItem) -> dict[str, Any]:
    initial: dict[str, Any] = {name: getattr(draft, name) for name in PLAIN_NAMES}
    initial["title"] = "" if draft.title == _("Untitled") else draft.title
    initial["audience"] = draft.audience.rule if draft.audience is not None else None
    initial["picture"] = [draft.picture_id] if draft.picture_id else []
    initial["is_lead"] = draft.is_lead or draft.led_at is not None
    if draft.go_live_at is not None and draft.go_live_at <= timezone.now():
        initial["go_live_at"] = None
    if draft.latest_revision_id == draft.live_revision_id:
        initial["change_note"] = ""
    return initial
