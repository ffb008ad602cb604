"""Notices in Wagtail's editor: the same fields, the same rules, as in the short form."""
