"""A notice as Wagtail alone would serve it: its specific page by the number, and one template. No right is asked."""

from benchmarks.reference.settings import AUTHENTICATION_BACKENDS, MIDDLEWARE, TEMPLATES

ROOT_URLCONF = "benchmarks.reference.wagtail_urls"

__all__ = ["AUTHENTICATION_BACKENDS", "MIDDLEWARE", "ROOT_URLCONF", "TEMPLATES"]
