"""What the launcher says while it works."""

import io
import os

from cpc.launch.console import Console, SilentConsole, tail


def test_step_tells_the_seconds_since_the_start():
    stream = io.StringIO()
    Console(stream).step("PostgreSQL is up")
    assert stream.getvalue().startswith("[")
    assert stream.getvalue().endswith(" s] PostgreSQL is up\n")


def test_silent_console_says_nothing(capsys):
    SilentConsole().step("too usual")
    assert capsys.readouterr() == ("", "")


def test_reader_who_went_away_is_no_reason_to_stop():
    reading, writing = os.pipe()
    os.close(reading)
    stream = os.fdopen(writing, "w")
    Console(stream).step("said to nobody")
    os.dup2(os.open(os.devnull, os.O_WRONLY), writing)  # so that what is still in the buffer can be closed
    stream.close()


def test_end_of_a_log_is_shown_and_a_missing_log_is_nothing(tmp_path):
    log = tmp_path / "web.log"
    assert tail(log) == ""
    log.write_text("\n".join(str(n) for n in range(100)))
    assert tail(log, 2) == "    98\n    99"
