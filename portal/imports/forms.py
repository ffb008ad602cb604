"""The forms of an import: the file, and the agreement to leave lines out."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from portal.imports.limits import MEBIBYTE, MOST_BYTES


class UploadForm(forms.Form):
    file = forms.FileField(label=gettext_lazy("File"), max_length=255, help_text=gettext_lazy("XLSX, XLS, ODS or CSV, in UTF-8, GBK or GB18030."))

    def clean_file(self) -> Any:
        file = self.cleaned_data["file"]
        if file.size > MOST_BYTES:
            raise ValidationError(_("The file is larger than %(size)s MB.") % {"size": MOST_BYTES // MEBIBYTE})
        return file


class ConfirmationForm(forms.Form):
    leaves_out_refused = forms.BooleanField(label=gettext_lazy("Leave out the refused lines and do the rest"), required=False)
