"""Doorbells: open pages are told that something has changed, and ask over HTTP what it is."""
