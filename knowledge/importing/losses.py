"""What did not come along when a document was read, in words."""

from collections.abc import Mapping

from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext_lazy

LOSSES = {
    "tracked": ngettext_lazy("%(number)s passage that was deleted in Word is left out", "%(number)s passages that were deleted in Word are left out", "number"),
    "comments": _("the remarks of reviewers are left out"),
    "headers": _("the words above and below the pages are left out"),
    "contents": _("the table of contents is left out; the portal makes its own"),
    "text_boxes": ngettext_lazy("%(number)s text box stands in the text now", "%(number)s text boxes stand in the text now", "number"),
    "nested_tables": ngettext_lazy("%(number)s table within a table is plain now", "%(number)s tables within tables are plain now", "number"),
    "formulas": ngettext_lazy("%(number)s formula is plain text now", "%(number)s formulas are plain text now", "number"),
    "objects": ngettext_lazy("%(number)s embedded object is lost", "%(number)s embedded objects are lost", "number"),
    "charts": ngettext_lazy("%(number)s chart or diagram is lost", "%(number)s charts or diagrams are lost", "number"),
    "drawings": ngettext_lazy("%(number)s drawing is lost", "%(number)s drawings are lost", "number"),
    "pictures": ngettext_lazy("%(number)s picture is lost", "%(number)s pictures are lost", "number"),
    "pictures_beyond": ngettext_lazy("%(number)s picture beyond the bounds is lost", "%(number)s pictures beyond the bounds are lost", "number"),
    "symbols": ngettext_lazy("%(number)s sign of a font of its own is lost", "%(number)s signs of fonts of their own are lost", "number"),
    "scanned": _("its pages are pictures without text: it cannot be searched"),
    "layout": _("only its text is here; the file hangs on the article as it is"),
    "pages": ngettext_lazy("the text of its last page is in the file alone", "the text of its last %(number)s pages is in the file alone", "number"),
    "only_text": _("only its text is here; the file hangs on the article as it is"),
    "only_file": _("its text is in the file alone, which hangs on the article"),
    "old_file": _("an old Word file: its text is in the file alone; save it as .docx to have it in the article"),
    "edited": _("the draft had been edited here since; that is in its history"),
    "unknown": ngettext_lazy("%(number)s part of another kind is lost", "%(number)s parts of other kinds are lost", "number"),
}


def losses_in_words(lost: Mapping[str, int]) -> list[str]:
    """A sentence for each; a code of an earlier release says nothing."""
    return [str(LOSSES[code] % {"number": number}) if isinstance(number, int) else str(LOSSES[code]) for code, number in lost.items() if code in LOSSES]
