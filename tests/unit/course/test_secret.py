import stat
from pathlib import Path

import pytest

from autograder.course.secret import load_secret, secret_path, seed, seed_epoch
from autograder.errors import CourseError

SECRET = b"0123456789abcdef"


@pytest.fixture(autouse=True)
def home(tmp_path, monkeypatch) -> Path:
    monkeypatch.delenv("AUTOGRADER_SECRET_FILE", raising=False)
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
    return tmp_path


def mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


def test_created_once_for_its_owner_only(home):
    secret = load_secret("tiny", create=True)
    path = home / "config/autograder/tiny.secret"
    assert secret_path("tiny") == path
    assert (mode(path), mode(path.parent)) == (0o600, 0o700)
    assert len(bytes.fromhex(secret.decode())) == 32
    assert load_secret("tiny", create=True) == secret
    assert load_secret("tiny", create=False) == secret
    assert load_secret("other", create=True) != secret
    assert sorted(p.name for p in path.parent.iterdir()) == ["other.secret", "tiny.secret"]


def test_the_home_folder_is_the_last_resort(home, monkeypatch):
    monkeypatch.delenv("XDG_CONFIG_HOME")
    monkeypatch.setenv("HOME", str(home))
    assert secret_path("tiny") == home / ".config/autograder/tiny.secret"


def test_none_yet():
    with pytest.raises(CourseError, match=r"tiny\.secret:1: there is no secret yet; the first"):
        load_secret("tiny", create=False)


def test_the_variable_names_the_file(home, monkeypatch):
    path = home / "mine"
    path.write_bytes(SECRET + b"\n")
    path.chmod(0o400)
    monkeypatch.setenv("AUTOGRADER_SECRET_FILE", str(path))
    assert load_secret("tiny", create=True) == SECRET


@pytest.mark.parametrize("open_to", [0o640, 0o604, 0o620])
def test_others_must_not_read_it(home, open_to):
    load_secret("tiny", create=True)
    path = secret_path("tiny")
    path.chmod(open_to)
    with pytest.raises(CourseError, match=rf"mode {open_to:o}\); run: chmod 600 {path}"):
        load_secret("tiny", create=True)


def test_too_short(home):
    load_secret("tiny", create=True)
    secret_path("tiny").write_bytes(b"short\n")
    with pytest.raises(CourseError, match="too short; write at least 16"):
        load_secret("tiny", create=True)


def test_a_named_file_is_taken_as_its_owner_keeps_it(home, monkeypatch):
    mounted = home / "mounted"
    mounted.write_bytes(SECRET)
    mounted.chmod(0o444)
    monkeypatch.setenv("AUTOGRADER_SECRET_FILE", str(mounted))
    assert load_secret("tiny", create=True) == SECRET


def test_a_folder_that_cannot_be_made(home):
    (home / "config").write_text("a file")
    with pytest.raises(CourseError, match="the secret cannot be created"):
        load_secret("tiny", create=True)


def test_a_folder_where_the_secret_should_be(home):
    secret_path("tiny").mkdir(parents=True)
    with pytest.raises(CourseError, match="cannot be read"):
        load_secret("tiny", create=True)


def test_another_process_was_first(home, monkeypatch):
    path = secret_path("tiny")
    exists = Path.exists

    def then_appears(self: Path) -> bool:
        found = exists(self)
        if self == path and not found:
            path.parent.mkdir(parents=True)
            path.write_bytes(SECRET)
            path.chmod(0o600)
        return found

    monkeypatch.setattr(Path, "exists", then_appears)
    assert load_secret("tiny", create=True) == SECRET
    assert [p.name for p in path.parent.iterdir()] == ["tiny.secret"]


def test_what_is_derived_from_it():
    assert seed_epoch(SECRET) == "63b12e1a"
    assert f"{seed(SECRET, 'lab_a', 'test_x'):032x}" == "0e8f6d698f3793f17623745f31ac956b"
    assert seed(SECRET, "lab_a", "test_y") != seed(SECRET, "lab_a", "test_x")
    assert seed(SECRET, "lab", "_atest_x") != seed(SECRET, "lab_a", "test_x")
    assert seed_epoch(SECRET + b"x") != seed_epoch(SECRET)
