import json
import logging
import sys

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
