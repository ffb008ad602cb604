"""What a mask is called: the order of appearance in its thread, and nothing else."""

from django.utils.translation import gettext as _

from portal.foundation.language import is_chinese

STEMS = "甲乙丙丁戊己庚辛壬癸"
LETTERS = "ABCDEFGHIJ"


def mask_label(number: int) -> str:
    marks = STEMS if is_chinese() else LETTERS
    return _("Anonymous %(mark)s") % {"mark": marks[number - 1] if number <= len(marks) else number}
