"""What the beat does for the knowledge base."""

from celery.schedules import crontab

SCHEDULE = {
    "old_imports": {"task": "knowledge.tasks.clear_imports", "schedule": crontab(minute=50, hour=3)},
}
