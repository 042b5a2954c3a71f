import json

import pytest
from django.db import connection
from django.db.migrations.recorder import MigrationRecorder
from django.test import RequestFactory

from cpc.core import health


def state(view=health.readyz, method="get"):
    answer = view(getattr(RequestFactory(), method)("/"))
    return answer.status_code, json.loads(answer.content) if answer.content else None


def test_the_process_answers_without_a_database():
    # a test without the django_db mark may not touch one
    assert state(health.healthz) == (200, {"process": "ok"})


@pytest.mark.django_db
def test_all_parts_are_ready():
    assert state() == (200, {"database": "ok", "broker": "ok", "migrations": "ok"})


@pytest.mark.django_db
def test_a_broker_out_of_reach_is_named_and_nothing_else_told(settings):
    settings.CELERY_BROKER_URL = "redis://:hunter2@127.0.0.1:1/0"
    code, parts = state()
    assert (code, parts) == (503, {"database": "ok", "broker": "failed", "migrations": "ok"})


@pytest.mark.django_db
def test_a_migration_that_is_not_applied_is_named():
    newest = MigrationRecorder(connection).migration_qs.filter(app="contenttypes").latest("id")
    newest.delete()
    assert state() == (503, {"database": "ok", "broker": "ok", "migrations": "failed"})


@pytest.mark.django_db
def test_a_database_that_does_not_answer_is_named(monkeypatch):
    def refuse(*args, **kwargs):
        raise connection.Database.OperationalError("connection to server at 10.0.0.7 failed")

    monkeypatch.setattr(connection, "cursor", refuse)
    code, parts = state()
    assert code == 503
    assert parts["database"] == "failed"
    assert "10.0.0.7" not in json.dumps(parts)


def test_both_are_public_and_only_for_reading():
    for view in (health.healthz, health.readyz):
        assert view.login_required is False
        assert state(view, "post")[0] == 405
        answer = view(RequestFactory().post("/"))
        assert answer.status_code == 405


def test_answers_are_not_kept():
    assert "no-store" in health.healthz(RequestFactory().get("/")).headers["Cache-Control"]
