"""Screens of the bulletin board."""
