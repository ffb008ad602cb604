"""What the beat does for orders."""

from celery.schedules import crontab

SCHEDULE = {"orders-accounts": {"task": "crm.orders.tasks.compare_accounts", "schedule": crontab(hour=3, minute=20)}}
