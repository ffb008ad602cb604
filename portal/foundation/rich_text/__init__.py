"""Text with headings, lists, tables and pictures, as people write it: the one way in which it is cleaned, typed, shown and compared.

What is stored is what `clean_html` gave. It holds no style, no script, no address of elsewhere but links, and pictures only by `/files/<uuid>/picture/`.
"""

from portal.foundation.rich_text.cleaning import RichTextTooLongError, clean_html, picture_ids, to_text
from portal.foundation.rich_text.difference import difference

__all__ = ["RichTextTooLongError", "clean_html", "difference", "picture_ids", "to_text"]
