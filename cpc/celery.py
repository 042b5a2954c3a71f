"""The Celery application. The schedule is code: reviewable, tested, no table."""

import os

from celery import Celery

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "cpc.settings")

app = Celery("cpc")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()
# Asked for every minute, done once a day in each zone: a missed night is made up as soon as a worker is back.
app.conf.beat_schedule = {
    "recompute-deadlines": {
        "task": "activities.recompute_all",
        "schedule": 60.0,
        "options": {"expires": 55},
    },
    # What was not sent in one minute is sent in the next: the outbox is a table, and the queue only wakes somebody up.
    "run-notices": {
        "task": "notices.run",
        "schedule": 60.0,
        "options": {"expires": 55},
    },
    # Often enough that a short-lived demonstration gets its day's rates, too; each publisher is asked once a day.
    "fetch-rates": {
        "task": "activities.fetch_rates",
        "schedule": 300.0,
        "options": {"expires": 290},
    },
}
