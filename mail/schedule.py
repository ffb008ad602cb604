"""What the beat does for mail; the rounds of the gateway only where the plant is connected."""

import os
from typing import Any

from celery.schedules import crontab

ROUND = 20.0
SCHEDULE: dict[str, Any] = {"mail_bins": {"task": "mail.tasks.purge_old_mail", "schedule": crontab(hour=3, minute=20)}}
if os.environ.get("PORTAL_MAIL_LISTEN"):  # settings are still being read when this is
    SCHEDULE["mail_in"] = {"task": "mail.tasks.read_waiting_mail", "schedule": ROUND, "options": {"expires": ROUND}}
if os.environ.get("PORTAL_MAIL_SMARTHOST"):
    SCHEDULE["mail_out"] = {"task": "mail.tasks.send_waiting_mail", "schedule": ROUND, "options": {"expires": ROUND}}
