"""Screens for those who run the portal: the record, effects that were given up, and how the parts are."""
