"""What the beat does for visits and calls."""

from celery.schedules import crontab

SCHEDULE = {
    "activities-promises": {"task": "crm.activities.tasks.make_and_lay", "schedule": crontab(hour=4, minute=20)},
    "activities-missed": {"task": "crm.activities.tasks.settle", "schedule": crontab(hour=6, minute=40)},
    "activities-unfit": {"task": "crm.activities.tasks.tell_before_the_week", "schedule": crontab(hour=8, minute=10)},
    "activities-reports": {"task": "crm.activities.tasks.remind_of_reports", "schedule": crontab(hour=8, minute=20)},
}
