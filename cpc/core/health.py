"""Two questions an operator's machine asks. Neither tells a version, a path or an address."""

from collections.abc import Callable
from functools import cache

import redis
import structlog
from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.db import connection, transaction
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.recorder import MigrationRecorder
from django.http import HttpRequest, JsonResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

SECONDS = 2


@login_not_required
@transaction.non_atomic_requests
@never_cache
@require_safe
def healthz(request: HttpRequest) -> JsonResponse:
    """Whether the process answers; asks nothing of others."""
    return JsonResponse({"process": "ok"})


@login_not_required
@transaction.non_atomic_requests
@never_cache
@require_safe
def readyz(request: HttpRequest) -> JsonResponse:
    """Whether requests can be served: database, broker, newest migration. 503 names what failed; the reason is in the log."""
    parts = {name: _state(name, check) for name, check in _CHECKS.items()}
    return JsonResponse(parts, status=200 if set(parts.values()) == {"ok"} else 503)


def _state(name: str, check: Callable[[], bool]) -> str:
    try:
        return "ok" if check() else "failed"
    except Exception as error:  # whatever keeps a part from answering is the same to the one who asks
        structlog.get_logger(__name__).warning("not_ready", part=name, error=repr(error))
        return "failed"


def _database_answers() -> bool:
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
        return cursor.fetchone() == (1,)


def _broker_answers() -> bool:
    with redis.Redis.from_url(settings.CELERY_BROKER_URL, socket_connect_timeout=SECONDS, socket_timeout=SECONDS) as broker:
        return broker.ping()


def _newest_migration_is_applied() -> bool:
    return _newest_migrations() <= MigrationRecorder(connection).applied_migrations().keys()


@cache
def _newest_migrations() -> frozenset[tuple[str, str]]:
    """The last migration of each app; a running process does not get others."""
    return frozenset(MigrationLoader(None, ignore_no_migrations=True).graph.leaf_nodes())


_CHECKS = {"database": _database_answers, "broker": _broker_answers, "migrations": _newest_migration_is_applied}
