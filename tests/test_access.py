"""Every route × method × actor, generated from the URLconf: a route without a row in the access table fails."""

import importlib
import pkgutil

import pytest
from django.conf import settings
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver, reverse

from cpc.audit.models import AuditEvent

from . import access
from .access import ACTORS
from .access.world import build_world
from .headers import assert_headers, assert_not_kept

ANSWERS_TO_REFUSAL = {403, 404, 405}
UNNAMED_METHODS = ("post", "put", "patch", "delete", "trace")


def declared() -> dict[str, access.Route]:
    table = {}
    for module in pkgutil.iter_modules(access.__path__):
        for name, route in getattr(importlib.import_module(f"tests.access.{module.name}"), "ROUTES", {}).items():
            assert name not in table, f"{name} stands twice in the access table"
            table[name] = route
    return table


def walk(resolver, namespaces=()):
    """The full names of all routes below `resolver`."""
    for entry in resolver.url_patterns:
        if isinstance(entry, URLResolver):
            yield from walk(entry, (*namespaces, entry.namespace) if entry.namespace else namespaces)
        elif isinstance(entry, URLPattern):
            yield ":".join((*namespaces, entry.name or f"unnamed {entry.pattern}"))


TABLE = declared()
FOUND = sorted(set(walk(get_resolver())))


def test_every_route_has_a_row_and_every_row_a_route():
    print(f"{len(FOUND)} routes")
    assert sorted(TABLE) == FOUND


@pytest.fixture
def world(db):
    return build_world()


def ask(person, method, address, data=None):
    client = Client(raise_request_exception=True)
    if person is not None:
        client.force_login(person, backend=settings.AUTHENTICATION_BACKENDS[0])
    answer = getattr(client, method)(address, data or {})
    assert_headers(answer, f"{method} {address}")
    assert_not_kept(answer, f"{method} {address}")
    return answer


def expected(rule, actor):
    if rule is None:
        return {405}
    if actor in rule.hidden:
        return {404}
    return None if actor in rule.served else {403}


def check(answer, wanted, label, route):
    assert answer.status_code < 500, label
    if wanted is None:
        assert answer.status_code not in ANSWERS_TO_REFUSAL, f"{label}: {answer.status_code}, should be served"
        return
    assert answer.status_code in wanted, f"{label}: {answer.status_code}, should be {wanted}"
    if answer.status_code == 403:
        text = answer.content.decode()
        assert "errors" in text if route.api else 'id="refusal"' in text, f"{label}: the refusal gives no reason"


@pytest.mark.parametrize("name", sorted(set(TABLE) & set(FOUND)))
def test_route_serves_whom_the_table_names_and_refuses_the_others(name, world):
    route = TABLE[name]
    address = reverse(name, kwargs=route.kwargs(world)) + route.query
    for actor in ACTORS:
        for method, rule in (("get", route.get), ("post", route.post)):
            before = AuditEvent.objects.count()
            wanted = expected(rule, actor)
            data = rule.data(world) if rule and rule.data else None
            check(ask(world.actors[actor], method, address, data), wanted, f"{method} {name} as {actor}", route)
            if wanted:
                assert AuditEvent.objects.count() == before, f"{method} {name} as {actor}: refused, and yet recorded"
    refuse_outsiders(world, route, name, address)
    refuse_unnamed_methods(world, route, name, address)


def refuse_outsiders(world, route, name, address):
    for method, rule in (("get", route.get), ("post", route.post)):
        if rule is None:
            continue
        answer = ask(None, method, address)
        if route.public:
            assert answer.status_code < 400, f"{method} {name} without a log-in: {answer.status_code}"
        elif route.api:
            assert answer.status_code == 401, f"{method} {name} without a token: {answer.status_code}"
        else:
            assert answer.status_code == 302, f"{method} {name} without a log-in: {answer.status_code}"
            assert "/accounts/login/" in answer["Location"], f"{method} {name} without a log-in"
        if route.scoped:
            check(ask(world.stranger, method, address), {404}, f"{method} {name} as the stranger", route)
        if route.missing:
            missing = reverse(name, kwargs=route.missing(world)) + route.query
            check(ask(world.actors["program_officer"], method, missing), {403, 404}, f"{method} {name} of nothing", route)


def refuse_unnamed_methods(world, route, name, address):
    for method in UNNAMED_METHODS:
        if getattr(route, method, None) is None:
            status = ask(world.actors["program_officer"], method, address).status_code
            assert status in ANSWERS_TO_REFUSAL, f"{method} {name}: {status}"
