"""Acts of several people in the same instant, each on a connection of its own."""

from threading import Barrier, Thread

from django.db import connection

PATIENCE = 20  # seconds


def at_once(*acts) -> list:
    """What came of each act, run in threads that start together: what it gave back, or what it raised."""
    start, found = Barrier(len(acts)), [None] * len(acts)

    def run(number, act):
        try:
            start.wait(PATIENCE)
            found[number] = act()
        except Exception as error:
            found[number] = error
        finally:
            connection.close()

    threads = [Thread(target=run, args=pair) for pair in enumerate(acts)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(PATIENCE)
    return found


def kinds(found) -> list[str]:
    return sorted(type(one).__name__ for one in found)
