"""gunicorn's line for each request, without the secrets of our own addresses. `--logger-class` names it."""

from gunicorn.glogging import Logger

from .logs import without_secrets


class AccessLogger(Logger):
    def atoms(self, resp, req, environ, request_time):
        found = super().atoms(resp, req, environ, request_time)
        return {name: without_secrets(value) if isinstance(value, str) else value for name, value in found.items()}
