"""Forms in which files are brought into the knowledge base."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy, pgettext_lazy

from knowledge.forms.articles import CategoryField
from portal.access.forms import AudienceField


class ImportForm(forms.Form):
    """Where the drafts stand, and for whom the articles will be."""

    category = CategoryField(
        label=pgettext_lazy("of knowledge", "Category"),
        help_text=gettext_lazy("All files of one import go here; articles can be moved afterwards."),
        error_messages={"required": gettext_lazy("Choose a category.")},
    )
    audience = AudienceField(label=gettext_lazy("Who may see the articles"), help_text=gettext_lazy("Once they are admitted. It can be changed in each draft."))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["category"].read()  # type: ignore[attr-defined]
