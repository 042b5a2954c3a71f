"""Mails leave here, each once.

A letter is locked while it is on its way, so that of many workers one sends it; a worker that dies gives the lock back. Between
the server's "250 OK" and our commit nobody can know both: then the mail is sent again, with the same `Message-ID`, by which mail
programs know a double. The other choice would lose mails."""

import logging
import smtplib
from collections.abc import Callable
from datetime import datetime

from django.core.mail import get_connection
from django.db import transaction

from .mails import mail_of
from .models import Letter
from .rules import retry_after

logger = logging.getLogger(__name__)
MOST_LETTERS = 2000  # of one run; the next one, a minute later, goes on
FAILURE_LENGTH = 500


class ServerAway(Exception):
    """No letter's fault: the mail server does not answer."""


def send_waiting(*, clock: Callable[[], datetime]) -> tuple[int, int]:
    """Send what is due: how many letters left, and how many were given up. `clock` tells the real instant.

    Raises ServerAway where the mail server cannot be reached; nothing is counted against the letters then."""
    n_sent = n_failed = 0
    connection = None
    try:
        for _n in range(MOST_LETTERS):
            if connection is None:
                if not is_any_due(clock()):
                    break
                connection = opened()
            letter, is_well = send_next(connection, clock)
            if letter is None:
                break
            n_sent += letter.sent_at is not None and not letter.is_void
            n_failed += letter.failed_at is not None
            if not is_well:  # the session may be in any state: begin another
                close(connection)
                connection = None
    finally:
        close(connection)
    return n_sent, n_failed


def is_any_due(now: datetime) -> bool:
    return Letter.objects.waiting().filter(next_try_at__lte=now).exists()


def opened():
    connection = get_connection()
    try:
        connection.open()
    except (OSError, smtplib.SMTPException) as error:
        raise ServerAway(f"{type(error).__name__}: {error}") from error
    return connection


def close(connection) -> None:
    if connection is not None:
        try:
            connection.close()
        except (OSError, smtplib.SMTPException):
            logger.info("The mail server was gone before it was told good-bye.")


@transaction.atomic
def send_next(connection, clock: Callable[[], datetime]) -> tuple[Letter | None, bool]:
    """Send one letter that nobody else is sending: the letter with what became of it, None where there is none, and whether the
    connection is still good."""
    due = Letter.objects.waiting().filter(next_try_at__lte=clock())
    letter = (
        due.select_for_update(skip_locked=True, of=["self"]).select_related("recipient").order_by("next_try_at", "pk").first()
    )
    if letter is None:
        return None, True
    mail = mail_of(letter)
    if mail is None:
        letter.is_void, letter.sent_at = True, clock()
        letter.save(update_fields=["is_void", "sent_at"])
        return letter, True
    mail.connection = connection
    try:
        mail.send()
    except (OSError, smtplib.SMTPException, ValueError) as error:  # ValueError: an address that no mail can have
        note_failure(letter, error, clock())
        return letter, False
    letter.n_tries, letter.sent_at, letter.failure = letter.n_tries + 1, clock(), ""
    letter.save(update_fields=["n_tries", "sent_at", "failure"])
    return letter, True


def note_failure(letter: Letter, error: Exception, now: datetime) -> None:
    """A refusal for good (5xx) ends it; anything else is tried again later, a few times."""
    letter.n_tries += 1
    letter.failure = words_of(error)[:FAILURE_LENGTH]
    wait = None if is_for_good(error) else retry_after(letter.n_tries)
    if wait is None:
        letter.failed_at = now
        logger.warning("A letter was given up.", extra={"letter": str(letter.name)})
    else:
        letter.next_try_at = now + wait
    letter.save(update_fields=["n_tries", "failure", "failed_at", "next_try_at"])


def words_of(error: Exception) -> str:
    """What the server said, or else what broke: "550 no such user"."""
    answers = []
    if isinstance(error, smtplib.SMTPRecipientsRefused):
        answers = list(error.recipients.values())
    elif isinstance(error, smtplib.SMTPResponseException):
        answers = [(error.smtp_code, error.smtp_error)]
    said = [f"{code} {words.decode(errors='replace') if isinstance(words, bytes) else words}" for code, words in answers]
    return "; ".join(said) or f"{type(error).__name__}: {error}"


def is_for_good(error: Exception) -> bool:
    """Whether this mail will never go: the server said 5xx to sender, recipient or text, or the address is none."""
    if isinstance(error, smtplib.SMTPRecipientsRefused):
        return all(code >= 500 for code, _words in error.recipients.values())
    if isinstance(error, smtplib.SMTPResponseException):
        return error.smtp_code >= 500
    return isinstance(error, ValueError)
