"""A health check for containers: asks a local port for one page and fails unless the answer is 200.

    python -m cpc.launch.probe PORT PATH

The host asked for is the first of ALLOWED_HOSTS, since the site answers to no other; the request counts as one that came by TLS.
"""

import http.client
import os
import sys


def status_of(port, path, *, host="127.0.0.1"):
    """The HTTP status of a page on this machine, or None if nobody answers. No proxy is asked, whatever the environment names."""
    talk = http.client.HTTPConnection("127.0.0.1", port, timeout=5)
    try:
        talk.request("GET", path, headers={"Host": host, "X-Forwarded-Proto": "https"})
        return talk.getresponse().status
    except (OSError, http.client.HTTPException):
        return None
    finally:
        talk.close()


def main(port, path):
    host = os.environ.get("ALLOWED_HOSTS", "127.0.0.1").split(",")[0].strip().lstrip(".")
    return 0 if status_of(int(port), path, host=host) == 200 else 1


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
