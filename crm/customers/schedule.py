"""What the beat does for the customers' file."""

from celery.schedules import crontab

SCHEDULE = {
    "customers-ends": {"task": "crm.customers.tasks.look_for_ends", "schedule": crontab(hour=7, minute=30)},
    "customers-pairs": {"task": "crm.customers.tasks.look_for_duplicates", "schedule": crontab(hour=2, minute=40)},
    "customers-vacancies": {"task": "crm.customers.tasks.look_for_vacancies", "schedule": crontab(hour=6, minute=20)},
}
