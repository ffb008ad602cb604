"""Forms of the news desk."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.core.validators import URLValidator
from django.utils.translation import gettext_lazy

from bulletin.news.models import LONGEST_LINK, LONGEST_SUMMARY, Category, NewsFeed, NewsItem
from portal.attachments.forms import PictureField
from portal.foundation.fetching import FetchError, read_outside_address
from portal.pages.forms import PageForm

ADDRESS = URLValidator(["http", "https"], message=gettext_lazy("This is not an address of the web."))


class NewsForm(PageForm):
    model = NewsItem
    files_name = "picture"

    summary = forms.CharField(label=gettext_lazy("In brief"), max_length=LONGEST_SUMMARY, required=False, widget=forms.Textarea(attrs={"rows": 3}))
    picture = PictureField(help_text=gettext_lazy("One picture; it stands large where the item is the lead story."))
    picture_alt = forms.CharField(label=gettext_lazy("What the picture shows"), max_length=200, required=False)
    category = forms.ChoiceField(label=gettext_lazy("Category"), choices=Category.choices, widget=forms.RadioSelect)
    source = forms.CharField(label=gettext_lazy("Source"), max_length=100, required=False)
    link = forms.CharField(label=gettext_lazy("Link to the source"), max_length=LONGEST_LINK, required=False, widget=forms.URLInput, validators=[ADDRESS])
    is_lead = forms.BooleanField(label=gettext_lazy("Lead story"), required=False)

    def values_of(self, draft: NewsItem) -> dict[str, Any]:
        return super().values_of(draft) | {"picture": draft.picture_id, "is_lead": draft.is_lead or draft.led_at is not None}

    def written(self) -> dict[str, Any]:
        cleaned = self.cleaned_data
        return super().written() | ({"picture_id": cleaned["picture"]} if "picture" in cleaned else {})


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
            return read_outside_address(self.cleaned_data["address"].strip()).address
        except FetchError as refusal:
            raise ValidationError(str(refusal)) from refusal
