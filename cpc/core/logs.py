"""Logs are JSON lines: when, what, of which request. What people typed is never logged."""

import logging
import re

import structlog

# What an address says to whom it was given alone: the secret of a calendar, of an invitation, of a new password.
_SECRET = re.compile(r"(/calendar/|/accounts/invitation/|/accounts/password/reset/key/)[^/\s\"'?]+")


def without_secrets(text: str) -> str:
    """`text` with the secret parts of our own addresses left out."""
    return _SECRET.sub(r"\1[secret]", text)


def leave_out_secrets(_logger, _name, event: dict) -> dict:
    return {name: without_secrets(value) if isinstance(value, str) else value for name, value in event.items()}


_ADDED = [
    structlog.contextvars.merge_contextvars,
    structlog.stdlib.add_logger_name,
    structlog.stdlib.add_log_level,
    structlog.processors.TimeStamper(fmt="iso", utc=True),
    structlog.processors.format_exc_info,
]


def json_formatter() -> logging.Formatter:
    """For `LOGGING`: writes structlog's events and every other library's records alike."""
    structlog.configure(
        processors=[structlog.stdlib.filter_by_level, *_ADDED, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        logger_factory=structlog.stdlib.LoggerFactory(),
        cache_logger_on_first_use=True,
    )
    return structlog.stdlib.ProcessorFormatter(
        foreign_pre_chain=[*_ADDED, structlog.stdlib.ExtraAdder(allow=("status_code",))],
        processors=[
            structlog.stdlib.ProcessorFormatter.remove_processors_meta,
            leave_out_secrets,
            structlog.processors.JSONRenderer(ensure_ascii=False),
        ],
    )
