"""What the tests of the loader compare."""

from django.db import connection


def everything():
    """How many rows each table holds, and the newest transaction that wrote to it."""
    state = {}
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names(cursor):
            cursor.execute(f'SELECT count(*), coalesce(max(xmin::text::bigint), 0) FROM "{table}"')
            state[table] = cursor.fetchone()
    return state


def line_of(text: str, part: str) -> int:
    """The line in which `part` first stands."""
    return text[: text.index(part)].count("\n") + 1
