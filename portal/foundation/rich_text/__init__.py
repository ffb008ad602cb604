"""Text with headings, lists, tables and pictures, as people write it: the one way in which it is cleaned, typed, shown and compared.

What is stored is what `clean_html` gave. It holds no style, no script, no address of elsewhere but links, and pictures only by `/files/<uuid>/picture/`.
"""

from portal.foundation.rich_text.beginnings import is_hardly_begun, not_kept_yet
from portal.foundation.rich_text.cleaning import RichTextTooLongError, clean_html, picture_ids, to_text
from portal.foundation.rich_text.difference import difference

__all__ = ["RichTextTooLongError", "clean_html", "difference", "is_hardly_begun", "not_kept_yet", "picture_ids", "to_text"]
