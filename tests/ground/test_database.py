"""The stamp in the database: it holds only as long as the database is what it was stamped for."""

import os
from urllib.parse import urlsplit, urlunsplit

import psycopg2
import pytest

from cpc.launch import database


@pytest.fixture
def url():
    """A new empty database on the server that the tests use, dropped afterwards."""
    server = urlsplit(os.environ["DATABASE_URL"])
    name = f"launch_{os.getpid()}"
    made = urlunsplit(server._replace(path=f"/{name}"))
    database.create(made)
    yield made
    cursor = database.connect(urlunsplit(server._replace(path="/postgres")))
    cursor.execute(f"DROP DATABASE {name} WITH (FORCE)")
    cursor.connection.close()


@pytest.fixture
def loaded(url):
    """The tables that the stamp looks at, with a row each. Returns the address and a cursor."""
    cursor = database.connect(url)
    cursor.execute("CREATE TABLE partners_partnership (id int); INSERT INTO partners_partnership VALUES (1)")
    cursor.execute("CREATE TABLE accounts_user (email text); INSERT INTO accounts_user VALUES ('administrator@example.org')")
    cursor.execute("CREATE TABLE django_migrations (app text, name text); INSERT INTO django_migrations VALUES ('partners', '1')")
    yield url, cursor
    cursor.connection.close()


def test_database_is_made_once(url):
    database.create(url)
    assert database.check(url, "x") == 1


def test_stamped_database_is_up_to_date_for_the_same_files_only(loaded):
    url, _cursor = loaded
    assert database.check(url, "files") == 1
    database.stamp(url, "files")
    assert database.check(url, "files") == 0
    assert database.check(url, "other files") == 1


@pytest.mark.parametrize(
    "change",
    [
        "DELETE FROM partners_partnership",
        "DELETE FROM accounts_user",
        "DROP TABLE partners_partnership",
        "INSERT INTO django_migrations VALUES ('partners', '2')",
        "DELETE FROM django_migrations",
    ],
)
def test_stamp_does_not_outlive_what_it_was_given_for(loaded, change):
    url, cursor = loaded
    database.stamp(url, "files")
    cursor.execute(change)
    assert database.check(url, "files") == 1


def test_database_with_other_people_in_it_is_told_apart(loaded):
    url, cursor = loaded
    cursor.execute("UPDATE accounts_user SET email = 'ana@example.org'")
    assert database.check(url, "files") == 3


def test_empty_database_gets_no_stamp(url):
    database.stamp(url, "files")
    assert database.check(url, "files") == 1


def test_role_that_does_not_own_the_database_goes_without_a_stamp(loaded):
    url, cursor = loaded
    role = f"guest_{os.getpid()}"
    cursor.execute(f"CREATE ROLE {role} LOGIN PASSWORD 'guest'; GRANT SELECT ON ALL TABLES IN SCHEMA public TO {role}")
    guest = urlsplit(url)
    as_guest = urlunsplit(guest._replace(netloc=f"{role}:guest@{guest.hostname}:{guest.port}"))
    try:
        database.stamp(as_guest, "files")
        assert database.check(as_guest, "files") == 1
    finally:
        cursor.execute(f"DROP OWNED BY {role}; DROP ROLE {role}")


def test_missing_server_is_an_error_not_an_answer():
    with pytest.raises(psycopg2.OperationalError):
        database.check("postgres://alianza:x@127.0.0.1:1/alianza", "files")
