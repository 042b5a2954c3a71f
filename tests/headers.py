"""What every answer carries, whoever asks for what."""

from cpc.core.middleware import HEADERS

NO_DIRECTIVE_ALLOWS = ("unsafe-inline", "unsafe-eval", "unsafe-hashes", "http:", "https:", "*", "blob:")


def policy_of(answer) -> dict[str, list[str]]:
    parts = (part.split() for part in answer.headers["Content-Security-Policy"].split(";"))
    return {words[0]: words[1:] for words in parts if words}


def assert_headers(answer, label: str) -> None:
    """Headers of security on one answer; a page may be stricter about caching, never laxer."""
    missing = set(HEADERS) - set(answer.headers)
    assert not missing, f"{label}: no {', '.join(sorted(missing))}"
    for name in set(HEADERS) - {"Cache-Control"}:
        assert answer.headers[name] == HEADERS[name], f"{label}: {name} is {answer.headers[name]}"
    assert "Server" not in answer.headers, label
    policy = policy_of(answer)
    for directive in ("default-src", "object-src", "base-uri", "frame-ancestors"):
        assert policy[directive] == ["'none'"], f"{label}: {directive}"
    assert policy["form-action"] == policy["script-src"] == ["'self'"], label
    lax = {word for words in policy.values() for word in words for mark in NO_DIRECTIVE_ALLOWS if mark in word}
    assert not lax, f"{label}: the policy allows {lax}"
    for cookie in (cookie for cookie in answer.cookies.values() if cookie.value):  # an empty one is being removed
        assert cookie["samesite"] == "Lax", f"{label}: {cookie.key}"
        assert cookie["httponly"], f"{label}: {cookie.key}"


def assert_not_kept(answer, label: str) -> None:
    """What a logged-in person sees is kept by nobody without asking."""
    kept = answer.headers["Cache-Control"]
    assert "private" in kept or "no-store" in kept, f"{label}: {kept}"
    assert "public" not in kept, f"{label}: {kept}"
