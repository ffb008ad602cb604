"""What the beat does for sales."""

from celery.schedules import crontab

SCHEDULE = {
    "sales-late-steps": {"task": "crm.sales.tasks.look_for_late_steps", "schedule": crontab(hour=7, minute=40)},
    "sales-waiting-expenses": {"task": "crm.sales.tasks.look_for_waiting_expenses", "schedule": crontab(hour=7, minute=50)},
}
