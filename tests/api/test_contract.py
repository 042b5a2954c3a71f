"""What every resource of the API shares, asked of each one with a token; a new resource is asked by itself."""

import pytest
from django.urls import reverse
from django.utils import timezone

from cpc.accounts.services import create_token
from cpc.accounts.tokens import SCOPES
from cpc.api.urls import router

LISTS = [f"api:{basename}-list" for _prefix, _viewset, basename in router.registry]


@pytest.fixture
def ask(client, viewer):
    """`ask(address, method="get", **headers)` with a token that has every scope."""
    token = create_token(viewer, actor=viewer, name="contract", scopes=list(SCOPES), now=timezone.now())
    token = token[1] if isinstance(token, tuple) else token

    def request(address, method="get", **headers):
        return getattr(client, method)(address, headers={"authorization": f"Bearer {token}", **headers})

    return request


def faults(answer) -> list[tuple]:
    assert set(answer.json()) == {"errors"}
    assert all(set(one) == {"field", "code", "message"} and one["message"] for one in answer.json()["errors"])
    return [(one["field"], one["code"]) for one in answer.json()["errors"]]


@pytest.mark.parametrize("name", LISTS)
def test_every_list_keeps_the_contract(ask, partnership, name):
    address = reverse(name)
    answer = ask(address)
    assert answer.status_code == 200
    assert {"results", "next", "previous"} <= set(answer.json())
    assert answer["Cache-Control"] == "private, no-cache"
    assert ask(address, **{"if-none-match": answer["ETag"]}).status_code == 304
    head = ask(address, method="head")
    assert (head.status_code, head.content) == (200, b"")
    for query, fault in (
        ("nothing=1", ("nothing", "unknown_parameter")),
        ("limit=201", ("limit", "invalid_limit")),
        ("cursor=x", ("cursor", "bad_cursor")),
        ("lang=fr", ("lang", "unknown_language")),
        ("format=pdf", ("format", "unknown_format")),
    ):
        refused = ask(f"{address}?{query}")
        assert (refused.status_code, faults(refused)) == (400, [fault]), query
    for method in ("post", "put", "patch", "delete"):
        refused = ask(address, method=method)
        assert refused.status_code == 405
        assert faults(refused) == [(None, "method_not_allowed")]
    refused = ask(address, accept="text/html")
    assert (refused.status_code, faults(refused)) == (406, [(None, "not_acceptable")])
    missing = ask(f"{address}nothing-is-called-so/")
    assert missing.status_code == 404
    assert faults(missing)[0][0] is None


@pytest.mark.parametrize("name", LISTS)
def test_a_token_that_is_none_is_a_401_even_for_an_unchanged_answer(ask, client, partnership, name):
    etag = ask(reverse(name))["ETag"]
    refused = client.get(reverse(name), headers={"authorization": "Bearer none", "if-none-match": etag})
    assert refused.status_code == 401
    assert refused["WWW-Authenticate"].startswith("Bearer")
    assert len(faults(refused)) == 1
