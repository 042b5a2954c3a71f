"""The product's Celery application, asked every second instead of every minute, in a queue of its own: `celery -A` takes it."""

import os

from cpc.celery import app

app.conf.beat_schedule["recompute-deadlines"]["schedule"] = 1.0
app.conf.task_default_queue = os.environ["TEST_QUEUE"]
