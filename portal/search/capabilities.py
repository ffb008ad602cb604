"""The right to keep the search."""

from django.utils.translation import gettext_lazy as _

from portal.access.registry import register_capability

KEEP_SEARCH = register_capability("search.keep", _("Keep the search"), _("See what people look for and do not find, and put a result first for a word."))
