"""The product's Celery application with the notices alone, asked every second instead of every minute: `celery -A` takes it."""

from cpc.celery import app

app.conf.beat_schedule = {"run-notices": app.conf.beat_schedule["run-notices"] | {"schedule": 1.0}}
