"""The line to one publisher: https to its fixed host and nowhere else, with a limit of time and size, and further tries.

Standard library alone; the proxy of the environment is honored.
"""

import time
from collections.abc import Callable
from dataclasses import dataclass, field
from http.client import HTTPException, IncompleteRead
from typing import TypeVar
from urllib.error import HTTPError
from urllib.request import HTTPRedirectHandler, OpenerDirector, Request, build_opener

from .refusals import NotData, SourceFailed

T = TypeVar("T")
WORTH_ANOTHER_TRY = {408, 425, 429, 500, 502, 503, 504}
AT_ONCE = 64 * 1024


class StayHere(HTTPRedirectHandler):
    """Follows no redirect: the answer of another host is not the publisher's."""

    def redirect_request(self, *args, **kwargs):
        return None


def straight() -> OpenerDirector:
    return build_opener(StayHere())


@dataclass(frozen=True)
class Transport:
    """Asks `origin` ("https://host"). `seconds` for one answer from first to last byte; `pauses` before each further try."""

    origin: str
    seconds: float = 30
    most_bytes: int = 4_000_000
    pauses: tuple[float, ...] = (2, 10)
    wait: Callable[[float], None] = time.sleep
    opener: OpenerDirector = field(default_factory=straight)

    def get(self, path: str, read: Callable[[str], T]) -> T:
        """What `read` makes of the answer to `path`. Raises SourceFailed: of the last try, or at once where another would not
        help."""
        pauses = iter(self.pauses)
        while True:
            try:
                return read(self.ask(path))
            except (NotData, OSError, HTTPException) as error:
                is_final = isinstance(error, HTTPError) and error.code not in WORTH_ANOTHER_TRY
                pause = None if is_final else next(pauses, None)
                if pause is None:
                    raise SourceFailed(said(error, self.origin)) from None
            self.wait(pause)

    def ask(self, path: str) -> str:
        if not path.startswith("/") or path.startswith("//"):
            raise SourceFailed(f"{path!r} is not a path of {self.origin}.")
        headers = {"User-Agent": "Alianza", "Accept": "application/json, text/html;q=0.5", "Accept-Encoding": "identity"}
        end = time.monotonic() + self.seconds
        with self.opener.open(Request(self.origin + path, headers=headers), timeout=self.seconds) as answer:  # noqa: S310
            body = b""
            while piece := answer.read1(AT_ONCE):
                body += piece
                if len(body) > self.most_bytes:
                    raise SourceFailed(f"The answer is larger than {self.most_bytes:,} bytes.")
                if time.monotonic() > end:
                    raise TimeoutError(f"no whole answer in {self.seconds:g} seconds")
            if answer.length:  # what a read of pieces does not complain of
                raise IncompleteRead(body, answer.length)
        return text_of(body)


def text_of(body: bytes) -> str:
    """UTF-8, or what the publisher's older pages are written in; names are matched by ASCII words alone."""
    try:
        return body.decode("utf-8-sig")
    except UnicodeDecodeError:
        return body.decode("latin-1")


def said(error: Exception, origin: str) -> str:
    if isinstance(error, HTTPError):
        return f"{origin} answered {error.code}, {error.reason}."
    if isinstance(error, NotData):
        return f"{origin}: {error}"
    return f"{origin} did not answer: {getattr(error, 'reason', None) or error}."
