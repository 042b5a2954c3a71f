"""One shape for every refusal: `{"errors": [{"field", "code", "message"}]}`. `field` is null where no one field is at fault;
`code` is stable, `message` is in the reader's language."""

from datetime import date

from django.core.exceptions import PermissionDenied, ValidationError
from django.http import Http404
from django.utils.translation import gettext as _
from rest_framework import exceptions, status
from rest_framework.response import Response
from rest_framework.views import set_rollback

from cpc.core.dates import parse_day
from cpc.core.decisions import Refused

_NO_FIELD = {"non_field_errors", "__all__", "detail"}


class BadParameter(exceptions.APIException):
    """400 for one or several parameters: `BadParameter("as_of", "invalid_date", "…")` or `BadParameter.of([...])`."""

    status_code = status.HTTP_400_BAD_REQUEST

    def __init__(self, field: str | None, code: str, message: str):
        super().__init__(detail=message, code=code)
        self.errors = [{"field": field, "code": code, "message": str(message)}]

    @classmethod
    def of(cls, several: "list[BadParameter]") -> "BadParameter":
        """All of `several` (at least one) in one answer."""
        first = several[0]
        whole = cls(first.errors[0]["field"], first.errors[0]["code"], first.errors[0]["message"])
        whole.errors = [error for one in several for error in one.errors]
        return whole


def iso_day(value: str, field: str, *, not_after: date | None = None) -> date:
    """An ISO day from a parameter. Raises BadParameter `invalid_date`, or `in_the_future` when it is later than `not_after`."""
    try:
        day = parse_day(value)
    except ValueError as error:
        raise BadParameter(field, "invalid_date", str(error)) from None
    if not_after is not None and day > not_after:
        message = _("%(day)s is in the future; the latest day is %(latest)s.") % {"day": day, "latest": not_after}
        raise BadParameter(field, "in_the_future", message)
    return day


def exception_handler(exc: Exception, context: dict) -> Response | None:
    """DRF's hook. Returns None for what is no refusal but a fault of ours, which then is a 500."""
    exc = _as_api_exception(exc)
    if exc is None:
        return None
    set_rollback()
    code = exc.status_code
    headers = {}
    if isinstance(exc, exceptions.NotAuthenticated | exceptions.AuthenticationFailed):
        # DRF turns this into a 403 when the first way to log in has no challenge; the contract says 401
        code = status.HTTP_401_UNAUTHORIZED
        headers["WWW-Authenticate"] = getattr(exc, "auth_header", None) or "Bearer"
    if isinstance(exc, exceptions.Throttled):
        headers["Retry-After"] = str(max(1, exc.wait or 1))
    return Response({"errors": _errors_of(exc)}, status=code, headers=headers)


def _as_api_exception(exc: Exception) -> exceptions.APIException | None:
    if isinstance(exc, exceptions.APIException):
        return exc
    if isinstance(exc, Http404):
        return exceptions.NotFound(_("There is nothing here, or it is not yours to see."))
    if isinstance(exc, Refused):
        return exceptions.PermissionDenied(exc.decision.message, code=exc.decision.code)
    if isinstance(exc, PermissionDenied):
        return exceptions.PermissionDenied(str(exc) or None)
    if isinstance(exc, ValidationError):
        return exceptions.ValidationError(_detail_of(exc))
    return None


def _detail_of(error: ValidationError) -> dict | list:
    """A model's or form's errors in DRF's shape, with their codes."""
    if hasattr(error, "error_dict"):
        return {field: _detail_of(ValidationError(errors)) for field, errors in error.error_dict.items()}
    return [exceptions.ErrorDetail(message, code=one.code or "invalid") for one in error.error_list for message in one.messages]


def _errors_of(exc: exceptions.APIException) -> list[dict]:
    if isinstance(exc, BadParameter):
        return exc.errors
    return list(_flat(exc.detail, None))


def _flat(detail, field):
    """Nested details of a serializer as one list; a nested field is written with dots: `cells.0.value`."""
    if isinstance(detail, dict):
        for name, inner in detail.items():
            name = None if name in _NO_FIELD else str(name)
            yield from _flat(inner, ".".join(part for part in (field, name) if part) or None)
    elif isinstance(detail, list):
        for index, inner in enumerate(detail):
            nested = isinstance(inner, dict | list)
            yield from _flat(inner, f"{field}.{index}" if nested and field else field)
    else:
        yield {"field": field, "code": getattr(detail, "code", None) or "invalid", "message": str(detail)}
