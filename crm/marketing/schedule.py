"""What the beat does for marketing."""

from celery.schedules import crontab

SCHEDULE = {"marketing-campaigns-over": {"task": "crm.marketing.tasks.end_campaigns", "schedule": crontab(hour=0, minute=20)}}
