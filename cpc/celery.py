"""The Celery application. The schedule is code: reviewable, tested, no table."""

import os

from celery import Celery

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "cpc.settings")

app = Celery("cpc")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()
