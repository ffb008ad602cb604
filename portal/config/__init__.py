"""Settings from the environment, the URL table, WSGI, ASGI and Celery."""

from portal.config.celery import app as celery_app

__all__ = ["celery_app"]
