"""What the beat does for the forum."""

from celery.schedules import crontab

SCHEDULE = {
    "forum_rounds": {"task": "forum.tasks.release_anonymous_posts", "schedule": crontab(minute="*"), "options": {"expires": 50}},
    "forum_keys": {"task": "forum.tasks.look_after_keys_and_crowds", "schedule": crontab(minute=10)},
}
