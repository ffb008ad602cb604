"""Which language the reader reads."""

from django.utils.translation import get_language


def is_chinese() -> bool:
    """Whether the reader's language is the one in which the plant's own names are."""
    return (get_language() or "zh").startswith("zh")
