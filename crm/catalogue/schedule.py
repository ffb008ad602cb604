"""What the beat does for the catalogue."""

from celery.schedules import crontab

SCHEDULE = {"catalogue-stock": {"task": "crm.catalogue.tasks.compare_stock", "schedule": crontab(hour=3, minute=10)}}
