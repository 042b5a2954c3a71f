import json
import logging
import sys
from datetime import timedelta
from types import SimpleNamespace

import pytest
from gunicorn.config import Config

from cpc.core.access_log import AccessLogger
from cpc.core.logs import json_formatter


def line_of(record):
    return json.loads(json_formatter().format(record))


def test_other_libraries_write_one_json_line_too():
    record = logging.LogRecord("django.request", logging.WARNING, __file__, 1, "Not Found: %s", ("/niño",), None)
    record.status_code, record.request = 404, object()
    line = line_of(record)
    assert (line["event"], line["level"], line["logger"], line["status_code"]) == (
        "Not Found: /niño",
        "warning",
        "django.request",
        404,
    )
    assert line["timestamp"].endswith("Z")
    assert "request" not in line


def test_a_fault_carries_its_traceback_in_the_same_line():
    try:
        raise RuntimeError("boom")
    except RuntimeError:
        record = logging.LogRecord("x", logging.ERROR, __file__, 1, "failed", (), sys.exc_info())
    text = json_formatter().format(record)
    assert "RuntimeError: boom" in json.loads(text)["exception"]
    assert "\n" not in text


@pytest.mark.parametrize("path", ["/calendar/{}.ics", "/accounts/invitation/{}/", "/accounts/password/reset/key/{}/"])
def test_the_secret_of_an_address_is_never_logged(path):
    address = path.format("x-SeCrEt_1")
    try:
        raise RuntimeError(f"at http://testserver{address}?a=b")
    except RuntimeError:
        fault = sys.exc_info()
    args = ("Not Found", address)
    text = json_formatter().format(logging.LogRecord("django.request", logging.WARNING, __file__, 1, "%s: %s", args, fault))
    assert "SeCrEt" not in text
    assert f"Not Found: {path.split('{')[0]}[secret]" in text
    environ = {"REQUEST_METHOD": "GET", "RAW_URI": address, "PATH_INFO": address, "HTTP_REFERER": f"http://x{address}"}
    answer, request = SimpleNamespace(status="200 OK", sent=1, headers=[]), SimpleNamespace(headers=[("REFERER", address)])
    atoms = AccessLogger(Config()).atoms(answer, request, environ | {"SERVER_PROTOCOL": "HTTP/1.1"}, timedelta(seconds=1))
    assert atoms["r"].startswith("GET /")
    assert "SeCrEt" not in str(atoms)
