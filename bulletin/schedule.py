"""What the beat does for the boards."""

from celery.schedules import crontab

SCHEDULE = {
    "news": {"task": "bulletin.tasks.read_news_feeds", "schedule": 60.0, "options": {"expires": 60}},
    "old_news": {"task": "bulletin.tasks.forget_old_news_entries", "schedule": crontab(minute=20, hour=4)},
}
