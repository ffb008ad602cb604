"""Forms of mail."""

import re
from collections.abc import Mapping
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.urls import reverse_lazy
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from mail.capabilities import may_write_outside
from mail.gateway.connection import is_ours
from mail.models import LONGEST_ANSWER, LONGEST_SUBJECT, MOST_RECIPIENTS
from mail.models.mailboxes import LONGEST_FOLDER
from portal.access.forms import AudienceField, AudienceWidget
from portal.access.rules import person_token, split_token
from portal.access.words import label_tokens
from portal.accounts.models import User
from portal.attachments.forms import AttachmentsField
from portal.foundation.moments import DayField, MomentField
from portal.foundation.rich_text import is_hardly_begun
from portal.foundation.rich_text.forms import RichTextField
from portal.organization.places import find_people, person_label, posts_of
from portal.pages.forms import WithFiles

MOST_FOUND = 6
MOST_WRITTEN, LONGEST_ADDRESS = 10_000, 254


class RecipientsWidget(forms.Widget):
    """Chosen people as ticked boxes, and a box to type one more in, which is looked up when the form is sent; a combobox with a script.

    The value is a dict of `include` (tokens of people) and `typed`.
    """

    template_name = "mail/widgets/recipients.html"

    def value_from_datadict(self, data: Mapping[str, Any], files: Any, name: str) -> dict[str, Any]:
        many = data.getlist if hasattr(data, "getlist") else lambda key: data.get(key, [])
        return {"include": many(f"{name}_include")[: MOST_RECIPIENTS + 1], "typed": data.get(f"{name}_add_include", "")}

    def value_omitted_from_data(self, data: Any, files: Any, name: str) -> bool:
        return False

    def id_for_label(self, id_: str, index: str | None = None) -> str:
        return f"{id_}_add_include"

    def get_context(self, name: str, value: Any, attrs: dict[str, Any] | None) -> dict[str, Any]:
        context = super().get_context(name, value, attrs)
        chosen = value_of(value)
        context["widget"] |= {
            "chosen": label_tokens([person_token(pk) for pk in ids_in(chosen["include"])], with_posts=True),
            "typed": chosen["typed"],
            "described_by": context["widget"]["attrs"].get("aria-describedby", ""),
        }
        return context


class RecipientsField(forms.Field):
    """Cleans to the ids of people, in their order. Refuses a word that fits nobody, or several."""

    widget = RecipientsWidget

    def prepare_value(self, value: Any) -> Any:
        return value_of(value)

    def clean(self, value: Any) -> list[int]:
        chosen = value_of(value)
        ids = ids_in(chosen["include"])
        known = set(User.objects.employees().filter(pk__in=ids).values_list("pk", flat=True))
        return list(dict.fromkeys([*(pk for pk in ids if pk in known), *self._typed(chosen["typed"])]))

    def has_changed(self, initial: Any, data: Any) -> bool:
        return value_of(initial) != value_of(data)

    def _typed(self, text: str) -> list[int]:
        words = text.replace("\x00", "").strip()
        if not words:
            return []
        found = find_people(words, among=User.objects.employees().active(), most=MOST_FOUND)
        exact = [person for person in found if words.lower() in (person.employee_number, person.name)] or found
        if not exact:
            raise ValidationError(_("Nobody here is called “%(text)s”.") % {"text": words})
        if len(exact) > 1:
            posts = posts_of(exact)
            people = _(", ").join(person_label(person, posts) for person in exact)
            raise ValidationError(_("Several people fit: %(people)s. Add the employee number.") % {"people": people})
        return [exact[0].pk]


class AddressesField(forms.CharField):
    """Cleans to addresses of the internet, each once. Refuses what is none, and those of the plant, which are found by name."""

    def __init__(self, **options: Any) -> None:
        super().__init__(max_length=MOST_WRITTEN, widget=forms.TextInput(attrs={"autocomplete": "off", "inputmode": "email", "spellcheck": "false"}), **options)

    def prepare_value(self, value: Any) -> Any:
        return ", ".join(value) if isinstance(value, list) else value

    def clean(self, value: Any) -> list[str]:
        found: list[str] = []
        for word in filter(None, re.split(r"[\s,;，；、]+", super().clean(value))):
            address = word.strip("<>")
            local, _at, domain = address.rpartition("@")
            try:
                validate_email(address)
                if not address.isascii() or len(address) > LONGEST_ADDRESS:
                    raise ValidationError("")
            except ValidationError as error:
                raise ValidationError(_("“%(text)s” is no address such as name@example.com.") % {"text": word}) from error
            if is_ours(domain):
                raise ValidationError(_("%(address)s is an address of this plant. Choose the person above, by name.") % {"address": address})
            found.append(f"{local}@{domain.lower()}")
        return list(dict.fromkeys(found))

    def has_changed(self, initial: Any, data: Any) -> bool:
        return self.prepare_value(initial or []) != (data or "")


class MailForm(WithFiles, forms.Form):
    """A message. Nothing is required to keep a draft; what is missing to send it is said by `send_draft`."""

    files_name = "file_ids"

    to = RecipientsField(label=pgettext_lazy("mail", "To"), required=False)
    cc = RecipientsField(label=gettext_lazy("Cc"), required=False)
    bcc = RecipientsField(label=gettext_lazy("Bcc"), required=False, help_text=gettext_lazy("Nobody else sees that they get it."))
    outside = AddressesField(
        label=gettext_lazy("Addresses outside"), required=False, help_text=gettext_lazy("Of the internet, separated by commas. They see one another.")
    )
    subject = forms.CharField(label=gettext_lazy("Subject"), max_length=LONGEST_SUBJECT, required=False, widget=forms.TextInput(attrs={"autocomplete": "off"}))
    body = RichTextField(label=gettext_lazy("Text"), required=False)
    file_ids = AttachmentsField(offered_at=reverse_lazy("search:file_choices"))
    due_at = MomentField(label=gettext_lazy("Send at"), required=False)

    def __init__(self, *args: Any, actor: Any, draft: Any = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.belongs_to(actor, draft)
        if "outside" in self.fields and not may_write_outside(actor) and not (draft is not None and draft.outside):
            del self.fields["outside"]

    def written(self) -> dict[str, Any]:
        """The values of the fields that have no error, as a draft keeps them."""
        return {name: self.cleaned_data[name] for name in ("to", "cc", "bcc", "outside", "subject", "body") if name in self.cleaned_data}

    def is_hardly_begun(self) -> bool:
        """Whether one or two keys were pressed, and nobody and no file chosen: that is no draft yet."""
        values = self.written()
        title, body = values.pop("subject", ""), values.pop("body", "")
        has_more = any(values.values()) or any(self.files.values()) or bool(self.cleaned_data.get("file_ids"))
        return not has_more and is_hardly_begun(title=title, body=body)


class MassForm(MailForm):
    """A mass mail: an audience instead of people."""

    to = cc = bcc = outside = None  # type: ignore[assignment]  # fields of the other form
    rule = AudienceField(label=gettext_lazy("For whom it is"), required=False, widget=AudienceWidget(reach="mail:mass_reach"))

    field_order = ("rule", "subject", "body", "file_ids", "due_at")

    def written(self) -> dict[str, Any]:
        return {name: self.cleaned_data[name] for name in ("rule", "subject", "body") if name in self.cleaned_data}


class LimitForm(forms.Form):
    """Sizes in MB. What is blank is as usual."""

    mailbox = forms.IntegerField(label=gettext_lazy("Mailbox (MB)"), required=False, min_value=1, max_value=1_000_000)
    file = forms.IntegerField(label=gettext_lazy("One file (MB)"), required=False, min_value=1, max_value=10_000)
    recipients = forms.IntegerField(label=gettext_lazy("Recipients of one message"), required=False, min_value=1, max_value=2_000)
    per_hour = forms.IntegerField(label=gettext_lazy("Messages in an hour"), required=False, min_value=0, max_value=100_000)


class LookForm(forms.Form):
    reason = forms.CharField(label=gettext_lazy("Reason"), max_length=300, help_text=gettext_lazy("Goes on record and is shown to whoever supervises."))


class AwayForm(forms.Form):
    starts_on = DayField(label=gettext_lazy("Away from"))
    ends_on = DayField(label=gettext_lazy("Last day away"), help_text=gettext_lazy("That day included."))
    answer = forms.CharField(
        label=gettext_lazy("Answer that is sent"),
        max_length=LONGEST_ANSWER,
        widget=forms.Textarea(attrs={"rows": 5}),
        help_text=gettext_lazy("Each who writes to you gets it once. Mass mail and what is automatic get none."),
    )
    passes_on = forms.BooleanField(label=gettext_lazy("Pass what comes on to my deputy"), required=False)
    answers_outside = forms.BooleanField(label=gettext_lazy("Answer people outside the plant too"), required=False)


class FolderForm(forms.Form):
    name = forms.CharField(label=gettext_lazy("Name of the folder"), max_length=LONGEST_FOLDER)


def value_of(value: Any) -> dict[str, Any]:
    """Ids, what was sent, or nothing, as the widget's dict."""
    if isinstance(value, dict):
        return {"include": list(value["include"]), "typed": value["typed"]}
    return {"include": [person_token(pk) for pk in value or []], "typed": ""}


def ids_in(tokens: list[str]) -> list[int]:
    """The people that these tokens name, each once; what is no such token is passed over."""
    found = []
    for token in tokens:
        try:
            kind, pk, _below = split_token(token)
        except ValueError:
            continue
        if kind == "user" and pk is not None and pk < 2**63:
            found.append(pk)
    return list(dict.fromkeys(found))
