"""The audience as a form field: the picker that every form shares."""

from collections.abc import Mapping
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from portal.access.choices import Choice, existing_tokens, find_choices
from portal.access.models import AudienceGroup
from portal.access.registry import Capability
from portal.access.rules import LEVELS, AudienceRule
from portal.access.words import label_tokens, level_name


class AudienceWidget(forms.Widget):
    """Chosen tokens as ticked boxes, a box to type in for more, exceptions, and a least level.

    Without a script, what is typed is looked up when the form is sent. The value is a dict with the keys `include`,
    `exclude` (lists of tokens), `level` (int), `typed_include` and `typed_exclude` (str).
    """

    template_name = "access/widgets/audience.html"

    def __init__(self, *, allows_exceptions: bool = True, reach: str = "access:audience_reach", attrs: dict[str, Any] | None = None) -> None:
        """`reach` names the address that says how many a choice reaches."""
        super().__init__(attrs)
        self.allows_exceptions, self.reach = allows_exceptions, reach

    def value_from_datadict(self, data: Mapping[str, Any], files: Any, name: str) -> dict[str, Any]:
        many = data.getlist if hasattr(data, "getlist") else lambda key: data.get(key, [])
        return {
            "include": many(f"{name}_include"),
            "exclude": many(f"{name}_exclude"),
            "level": data.get(f"{name}_level", 0),
            "typed_include": data.get(f"{name}_add_include", ""),
            "typed_exclude": data.get(f"{name}_add_exclude", ""),
        }

    def value_omitted_from_data(self, data: Any, files: Any, name: str) -> bool:
        return f"{name}_level" not in data

    def id_for_label(self, id_: str, index: str | None = None) -> str:
        return f"{id_}_add_include"

    def get_context(self, name: str, value: Any, attrs: dict[str, Any] | None) -> dict[str, Any]:
        context = super().get_context(name, value, attrs)
        chosen = value_of(value)
        level = int(chosen["level"]) if str(chosen["level"]).isdigit() else 0
        context["widget"] |= {
            "include": label_tokens(well_formed(chosen["include"]), with_posts=True),
            "exclude": label_tokens(well_formed(chosen["exclude"]), with_posts=True),
            "level": level,
            "levels": [(number, level_name(number)) for number in LEVELS],
            "typed_include": chosen["typed_include"],
            "typed_exclude": chosen["typed_exclude"],
            "allows_exceptions": self.allows_exceptions,
            "reach_url": reverse(self.reach),
            "described_by": context["widget"]["attrs"].get("aria-describedby", ""),
        }
        return context


class AudienceField(forms.Field):
    """Cleans to an `AudienceRule`. Refuses nobody, what does not exist, and a word that fits several."""

    widget = AudienceWidget
    default_error_messages = {
        "required": gettext_lazy("Choose who it is for."),
        "unknown": gettext_lazy("Something that was chosen does not exist any more. Choose again."),
        "level": gettext_lazy("Choose one of the levels."),
    }

    def prepare_value(self, value: Any) -> Any:
        return value_of(value)

    def clean(self, value: Any) -> AudienceRule | None:
        include, exclude = list(value["include"]), list(value["exclude"])
        include += self._typed(value["typed_include"])
        exclude += self._typed(value["typed_exclude"])
        if not include:
            if self.required or exclude:
                raise ValidationError(self.error_messages["required"], code="required")
            return None
        try:
            rule = AudienceRule.of(include, exclude, int(value["level"] or 0))
        except (ValueError, TypeError) as error:
            raise ValidationError(self.error_messages["unknown"], code="unknown") from error
        if existing_tokens([*rule.include, *rule.exclude]) != {*rule.include, *rule.exclude}:
            raise ValidationError(self.error_messages["unknown"], code="unknown")
        return rule

    def has_changed(self, initial: Any, data: Any) -> bool:
        before, after = value_of(initial), value_of(data)
        return any(str(before[key]) != str(after[key]) for key in ("include", "exclude", "level"))

    def _typed(self, text: str) -> list[str]:
        """The token of what was typed but not picked; the text stands for one choice or is refused with those that it fits."""
        words = text.strip()
        if not words:
            return []
        found = find_choices(words)
        exact = [choice for choice in found if words in (choice.label, choice.label.partition(" (")[0])] or found
        if len(exact) == 2 and exact[0].kind == exact[1].kind == "dept" and exact[0].token == f"{exact[1].token}+":
            exact = exact[:1]  # one department: with those below, as it is offered first
        if len(exact) != 1:
            raise ValidationError(_nothing_or_several(words, exact), code="ambiguous")
        return [exact[0].token]


class GroupForm(forms.ModelForm):
    rule = AudienceField(label=gettext_lazy("Who belongs to it"))

    class Meta:
        model = AudienceGroup
        fields = ["name", "note"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.instance.pk:
            self.fields["rule"].initial = self.instance.audience.rule


class CapabilityForm(forms.Form):
    """Who holds one capability; nobody is allowed."""

    rule = AudienceField(label="", required=False, widget=AudienceWidget())

    def __init__(self, *args: Any, capability: Capability, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["rule"].label = str(capability.label)


class ViewAsForm(forms.Form):
    person = forms.CharField(label=gettext_lazy("Employee number"), max_length=32)
    reason = forms.CharField(label=gettext_lazy("Reason"), max_length=300, help_text=gettext_lazy("Goes on record, with every page that you open."))


def asked_rule(values: Any) -> tuple[AudienceRule | None, str]:
    """The rule of the picker whose field name is in `field` of an address; an error in words where it makes none."""
    field, widget = AudienceField(required=False), AudienceWidget()
    value = widget.value_from_datadict(values, None, values.get("field", "audience"))
    value |= {"typed_include": "", "typed_exclude": ""}
    try:
        return field.clean(value), ""
    except ValidationError as error:
        return None, " ".join(error.messages)


def value_of(value: Any) -> dict[str, Any]:
    """A rule, a submitted value or nothing, as the widget's dict."""
    if isinstance(value, AudienceRule):
        return {"include": list(value.include), "exclude": list(value.exclude), "level": value.level, "typed_include": "", "typed_exclude": ""}
    if isinstance(value, dict):
        return {"include": [], "exclude": [], "level": 0, "typed_include": "", "typed_exclude": ""} | value
    return {"include": [], "exclude": [], "level": 0, "typed_include": "", "typed_exclude": ""}


def well_formed(tokens: list[str]) -> list[str]:
    """Without what is no token at all; kept apart from validation so that a form with an error still shows the rest."""
    kept = []
    for token in tokens:
        try:
            AudienceRule.of([token])
        except ValueError:
            continue
        kept.append(token)
    return kept


def _nothing_or_several(words: str, found: list[Choice]) -> str:
    if not found:
        return _("Nothing is called “%(words)s”. Type a department, a position, a group or a person.") % {"words": words}
    names = _(", ").join(f"{choice.label} {choice.detail}".strip() for choice in found[:6])
    return _("“%(words)s” fits several: %(names)s. Type more of it.") % {"words": words, "names": names}
