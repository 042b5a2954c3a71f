"""What is kept between two starts, and who may read it."""

import stat

import pytest

from cpc.launch.console import LaunchError
from cpc.launch.data import DataFolder


@pytest.fixture
def data(tmp_path):
    return DataFolder(tmp_path / "data").open()


def mode(path):
    return stat.S_IMODE(path.stat().st_mode)


def test_folder_and_secrets_are_private(data):
    data.secret_key(), data.database_password()
    data.kept_text("demo_password", lambda: "x")
    assert mode(data.path) == 0o700
    for name in ("secret_key", "demo_password", "database_password"):
        assert mode(data.path / name) == 0o600, name


def test_secrets_are_made_once_and_kept(data, monkeypatch):
    monkeypatch.delenv("ALIANZA_DEMO_PASSWORD", raising=False)
    again = DataFolder(data.path).open()
    assert data.secret_key() == again.secret_key()
    assert len(data.secret_key()) >= 50
    assert data.demo_password() == again.demo_password()


def test_two_folders_have_different_secrets(data, tmp_path):
    other = DataFolder(tmp_path / "other").open()
    assert data.secret_key() != other.secret_key()
    assert data.database_password() != other.database_password()


def test_password_of_the_person_wins_and_is_not_kept(data, monkeypatch):
    monkeypatch.setenv("ALIANZA_DEMO_PASSWORD", "chosen-by-the-person")
    assert data.demo_password() == "chosen-by-the-person"
    assert not (data.path / "demo_password").exists()


def test_empty_secret_of_a_full_disk_is_made_again(data):
    (data.path / "secret_key").write_text("")
    assert len(data.secret_key()) >= 50


def test_folder_with_other_things_is_refused_and_left_alone(tmp_path):
    (tmp_path / "thesis.odt").write_text("mine")
    tmp_path.chmod(0o755)
    with pytest.raises(LaunchError, match=r"already holds other things \(thesis\.odt\)"):
        DataFolder(tmp_path).open()
    assert mode(tmp_path) == 0o755
    assert [each.name for each in tmp_path.iterdir()] == ["thesis.odt"]


def test_file_in_place_of_the_folder_is_refused(tmp_path):
    (tmp_path / "file").write_text("")
    with pytest.raises(LaunchError, match="cannot be used"):
        DataFolder(tmp_path / "file").open()


def test_only_one_holds_the_folder(data):
    assert data.take()
    second = DataFolder(data.path).open()
    assert not second.take()
    data.release()
    assert second.take()
    second.release()


def test_torn_state_tells_nothing(data):
    (data.path / "state.json").write_text('{"pid": 12, "proc')
    assert data.read_json("state.json") == {}


def test_logs_of_the_start_before_are_kept_beside_the_new_ones(data):
    data.log("web").write_text("first")
    data.turn_logs()
    data.log("web").write_text("second")
    assert (data.path / "log" / "web.log.1").read_text() == "first"
