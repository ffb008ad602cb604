"""What the beat does for the customers' site."""

from celery.schedules import crontab

SCHEDULE = {"extranet-old": {"task": "crm.extranet.tasks.forget_old", "schedule": crontab(hour=4, minute=5)}}
