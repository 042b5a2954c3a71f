"""The health check of the web container, against a server that answers as told."""

import http.server
import threading

import pytest

from cpc.launch import probe


@pytest.fixture
def server():
    """A server on a free port that answers `server.status` and remembers the last request's headers."""

    class Answer(http.server.BaseHTTPRequestHandler):
        def do_GET(self):
            self.server.asked = (self.path, self.headers["Host"], self.headers["X-Forwarded-Proto"])
            self.send_response(self.server.status)
            self.end_headers()

        def log_message(self, *words):
            pass

    found = http.server.HTTPServer(("127.0.0.1", 0), Answer)
    found.status = 200
    thread = threading.Thread(target=found.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
    thread.start()
    yield found
    found.shutdown()
    found.server_close()
    thread.join()


def test_probe_asks_as_the_proxy_does(server, monkeypatch):
    monkeypatch.setenv("ALLOWED_HOSTS", ".alianza.example.org, other.example.org")
    assert probe.main(str(server.server_port), "/readyz") == 0
    assert server.asked == ("/readyz", "alianza.example.org", "https")


@pytest.mark.parametrize("status", [301, 400, 500, 503])
def test_probe_fails_on_any_other_answer(server, status):
    server.status = status
    assert probe.main(str(server.server_port), "/readyz") == 1


def test_probe_fails_where_nobody_answers(server):
    server.server_close()
    assert probe.main(str(server.server_port), "/readyz") == 1
