"""A small program for the environment's Python: whether the servers that the person named can be used.

    python -m cpc.launch.given

Asks those of DATABASE_URL and REDIS_URL that are set. Prints a sentence for each that cannot be used, without any password, and
ends with 1 if there is one.
"""

import os
import sys
from urllib.parse import urlsplit

import psycopg2
import redis

SECONDS = 5
SCHEMES = {
    "DATABASE_URL": ("postgres", "postgresql", "psql", "pgsql"),
    "REDIS_URL": ("redis", "rediss", "unix"),
}


def ask_database(url):
    rest = url.partition("://")[2]
    psycopg2.connect(f"postgresql://{rest}", connect_timeout=SECONDS).close()


def ask_broker(url):
    with redis.Redis.from_url(url, socket_connect_timeout=SECONDS, socket_timeout=SECONDS) as broker:
        broker.ping()


def fault_of(name, ask):
    """What is wrong with the server of this variable, in one sentence; None if it can be used or is not given."""
    url = os.environ.get(name)
    if not url:
        return None
    if urlsplit(url).scheme not in SCHEMES[name]:
        return f"{name} must begin with {SCHEMES[name][0]}://."
    try:
        ask(url)
    except (psycopg2.Error, redis.RedisError, ValueError, OSError) as error:
        words = str(error).strip() or type(error).__name__
        return f"The server of {name} cannot be used: {words.splitlines()[0]}"
    return None


def main():
    faults = [fault_of("DATABASE_URL", ask_database), fault_of("REDIS_URL", ask_broker)]
    print("\n".join(fault for fault in faults if fault))
    return 1 if any(faults) else 0


if __name__ == "__main__":
    sys.exit(main())
