"""What the beat does for surveys."""

from celery.schedules import crontab

SCHEDULE = {"surveys-days": {"task": "crm.surveys.tasks.keep_survey_days", "schedule": crontab(hour=0, minute=20)}}
