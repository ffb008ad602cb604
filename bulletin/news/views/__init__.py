"""Screens of the news."""
