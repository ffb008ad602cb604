"""What the beat does for service."""

from celery.schedules import crontab

SCHEDULE = {
    "service-late": {"task": "crm.service.tasks.tell_late", "schedule": crontab(minute="*/10")},
    "service-warnings": {"task": "crm.service.tasks.look_for_customer_warnings", "schedule": crontab(hour=5, minute=10)},
    "service-leavers": {"task": "crm.service.tasks.look_for_leavers", "schedule": crontab(hour=6, minute=30)},
}
