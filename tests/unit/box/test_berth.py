import os
from pathlib import PurePosixPath

import pytest

from autograder.box import berth as berths
from autograder.box.berth import berth, write_files
from autograder.errors import InfraError


@pytest.fixture(autouse=True)
def own_root(tmp_path, monkeypatch):
    root = tmp_path / "berths"
    root.mkdir(mode=0o700)
    monkeypatch.setattr(berths, "_root", lambda: root)
    return root


def test_numbers_are_unique_and_used_again(own_root):
    with berth() as first, berth() as second:
        assert {first.number, second.number} == {0, 1}
        assert first.folder.stat().st_mode & 0o777 == 0o700
    assert list(own_root.iterdir()) == []
    with berth() as again:
        assert again.number == 0


def test_what_a_killed_grader_left_is_removed(own_root):
    stale = own_root / "0"
    (stale / "submission").mkdir(parents=True)
    (stale / "submission" / "a.py").write_text("old")
    with berth() as place:
        assert place.number == 0
        assert list(place.folder.iterdir()) == []


def test_the_place_of_a_living_grader_is_kept(own_root):
    with berth() as living:
        (living.folder / "file").write_text("x")
        with berth():
            assert (living.folder / "file").exists()


def test_files_are_written_readable_whatever_the_umask(tmp_path):
    old = os.umask(0o077)
    try:
        write_files(tmp_path / "s", {PurePosixPath("a/b.py"): b"x = 1\n"})
    finally:
        os.umask(old)
    assert (tmp_path / "s" / "a" / "b.py").read_bytes() == b"x = 1\n"
    assert (tmp_path / "s" / "a" / "b.py").stat().st_mode & 0o777 == 0o644
    assert (tmp_path / "s" / "a").stat().st_mode & 0o777 == 0o755


@pytest.mark.parametrize("name", ["../out.py", "/etc/out.py", "a/../../out.py", ".", "a\0b"])
def test_a_name_cannot_lead_out(tmp_path, name):
    with pytest.raises(InfraError):
        write_files(tmp_path / "s", {PurePosixPath(name): b""})
    assert not (tmp_path / "out.py").exists()


def test_a_foreign_parent_folder_is_refused(tmp_path, monkeypatch):
    monkeypatch.undo()
    monkeypatch.setenv("XDG_RUNTIME_DIR", str(tmp_path))
    monkeypatch.setattr(os, "geteuid", lambda: 4711)
    (tmp_path / "autograder-4711").mkdir(mode=0o777)
    with pytest.raises(InfraError, match="private"), berth():
        pass


def test_other_users_may_pass_to_a_folder_that_lets_them(tmp_path, monkeypatch):
    monkeypatch.setattr(berths.os, "access", lambda path, mode: False)
    monkeypatch.setattr(berths.tempfile, "tempdir", str(tmp_path))
    old = os.umask(0o077)
    try:
        with berth(passable=True) as place:
            assert place.folder.parent.stat().st_mode & 0o777 == 0o711
            assert place.folder.stat().st_mode & 0o777 == 0o700
    finally:
        os.umask(old)


def test_a_janitor_may_remove_what_killed_graders_left(own_root):
    (own_root / "0").mkdir()
    with berth() as living:
        (own_root / "7" / "submission").mkdir(parents=True)
        berths.remove_stale()
        assert list(own_root.iterdir()) == [living.folder]
