"""What the beat does for mail."""

from celery.schedules import crontab

SCHEDULE = {"mail_bins": {"task": "mail.tasks.purge_old_mail", "schedule": crontab(hour=3, minute=20)}}
