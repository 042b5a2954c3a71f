"""A small program for the environment's Python: makes the database, and keeps a stamp in it that tells whether it is up to date.

    python -m cpc.launch.database create     the database of DATABASE_URL, if it is not there
    python -m cpc.launch.database check TEXT  0 if the stamp is TEXT and the database still is what it was stamped for, 1 if not,
                                              3 if it holds users, and not the demonstration's
    python -m cpc.launch.database stamp TEXT

The stamp is the comment of the database itself: it goes when the database goes, and needs no table of ours. Django is not loaded,
which is what makes asking cheaper than migrating again.
"""

import hashlib
import os
import sys
from contextlib import suppress
from urllib.parse import urlsplit, urlunsplit

import psycopg2
from psycopg2 import errors, sql

STATE = """
SELECT (SELECT count(*) FROM partners_partnership), (SELECT count(*) FROM accounts_user),
       (SELECT string_agg(app || '.' || name, ',' ORDER BY app, name) FROM django_migrations)
"""


def connect(url):
    connection = psycopg2.connect(url, connect_timeout=10)
    connection.autocommit = True
    return connection.cursor()


def create(url):
    """Makes the database; one that is there already is left as it is."""
    parts = urlsplit(url)
    name = parts.path.lstrip("/")
    cursor = connect(urlunsplit(parts._replace(path="/postgres")))
    cursor.execute("SELECT 1 FROM pg_database WHERE datname = %s", [name])
    if not cursor.fetchone():
        cursor.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name)))


def full_stamp(cursor, text):
    """The text with what the database holds now, or None if it holds no partnership or no user: then it is not up to date."""
    try:
        cursor.execute(STATE)
    except errors.UndefinedTable:
        return None
    n_partnerships, n_users, migrations = cursor.fetchone()
    if not (n_partnerships and n_users and migrations):
        return None
    return f"alianza {text} {hashlib.sha256(migrations.encode()).hexdigest()[:16]}"


def check(url, text):
    cursor = connect(url)
    wanted = full_stamp(cursor, text)
    cursor.execute("SELECT shobj_description(oid, 'pg_database') FROM pg_database WHERE datname = current_database()")
    if wanted is not None and cursor.fetchone()[0] == wanted:
        return 0
    return 3 if is_of_others(cursor) else 1


def is_of_others(cursor):
    """Whether people use this database already, and none of them is the demonstration's administrator."""
    try:
        cursor.execute("SELECT count(*), count(*) FILTER (WHERE email = 'administrator@example.org') FROM accounts_user")
    except errors.UndefinedTable:
        return False
    n_users, n_demo = cursor.fetchone()
    return n_users > 0 and n_demo == 0


def stamp(url, text):
    """Writes the stamp. A role that does not own the database may not, and then the next start asks the slow way."""
    cursor = connect(url)
    wanted = full_stamp(cursor, text)
    if wanted is None:
        return
    cursor.execute("SELECT current_database()")
    command = sql.SQL("COMMENT ON DATABASE {} IS {}").format(sql.Identifier(cursor.fetchone()[0]), sql.Literal(wanted))
    with suppress(errors.InsufficientPrivilege):
        cursor.execute(command)


def main(act, *words):
    url = os.environ["DATABASE_URL"]
    if act == "check":
        return check(url, *words)
    {"create": create, "stamp": stamp}[act](url, *words)
    return 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
