import os
from datetime import UTC, datetime
from pathlib import Path

import pytest

from autograder.errors import InboxError
from autograder.inbox import collect
from autograder.model import Attempt, digest_of
from tests.unit.inbox.handed_in import LAB, NOW, OPS, only, reason, write, zipped

_FILES = {"autograd/ops.py": OPS}


def _all(*paths: Path) -> list[Attempt]:
    return collect(LAB, paths, now=NOW)


def test_a_folder_with_a_file_of_the_lab_is_one_submission(tmp_path: Path) -> None:
    ada = write(tmp_path / "ada", _FILES | {"bob/autograd/ops.py": OPS})
    attempt = only(ada)
    assert attempt == Attempt(
        student="ada",
        lab="lab1",
        source=str(ada),
        submitted_at=NOW,
        assumed=True,
        digest=digest_of(_FILES),
    )
    assert attempt.files == _FILES


def test_a_folder_whose_lab_folder_has_one_is_one_submission(tmp_path: Path) -> None:
    ada = write(tmp_path / "ada", {"lab1/autograd/ops.py": OPS})
    assert (only(ada).student, only(ada).files) == ("ada", _FILES)


def test_any_other_folder_is_a_batch(tmp_path: Path) -> None:
    batch = write(
        tmp_path / "in",
        {
            "ada/autograd/ops.py": OPS,
            "bob/lab1/lab1.ipynb": b"{}",
            "eve/essay.txt": b"",
            ".git/HEAD": b"",
            "__MACOSX/x": b"",
            "__pycache__/x": b"",
            "grades.csv": b"",
        },
    )
    (batch / "empty").mkdir()
    zipped(batch / "Zoë.ZIP", [("autograd/ops.py", OPS)])
    told = [(a.student, a.rejected is None, sorted(a.files)) for a in _all(batch)]
    assert told == [
        ("Zoë", True, ["autograd/ops.py"]),
        ("ada", True, ["autograd/ops.py"]),
        ("bob", True, ["lab1.ipynb"]),
        ("empty", True, []),
        ("eve", False, []),
    ]


@pytest.mark.parametrize("name", ["lab1", "lab1.zip"])
def test_a_submission_called_as_the_lab_is_its_parents(tmp_path: Path, name: str) -> None:
    path = tmp_path / "ada" / name
    path.parent.mkdir()
    if name.endswith(".zip"):
        zipped(path, [("autograd/ops.py", OPS)])
    else:
        write(path, _FILES)
    assert only(path).student == "ada"


def test_the_folder_i_stand_in(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(write(tmp_path / "ada", _FILES))
    assert only(Path()).student == "ada"
    assert only(Path("../ada/autograd/..")).source == str(tmp_path / "ada")


def test_two_of_one_student_follow_each_other(tmp_path: Path) -> None:
    batch = write(tmp_path / "in", {"ada/autograd/ops.py": b"1", "Zoe\u0308/lab1.ipynb": b""})
    zipped(batch / "ada.zip", [("autograd/ops.py", b"2")])
    zipped(batch / "Zo\u00eb.zip", [("autograd/ops.py", b"2")])
    assert [a.student for a in _all(batch)] == ["Zoë", "Zoë", "ada", "ada"]
    assert [a.files["autograd/ops.py"] for a in _all(batch)[2:]] == [b"1", b"2"]


def test_several_paths_in_the_order_they_are_named(tmp_path: Path) -> None:
    bob, ada = (write(tmp_path / name, _FILES) for name in ("bob", "ada"))
    assert [a.student for a in _all(bob, ada, bob)] == ["bob", "ada"]


def test_a_time_that_is_given_is_not_assumed(tmp_path: Path) -> None:
    ada = write(tmp_path / "ada", _FILES)
    then = datetime(2025, 10, 1, tzinfo=UTC)
    (attempt,) = collect(LAB, [ada], now=NOW, submitted_at=then)
    assert (attempt.submitted_at, attempt.assumed) == (then, False)


def test_a_student_who_is_a_link_is_refused(tmp_path: Path) -> None:
    batch = write(tmp_path / "in", {"ada/autograd/ops.py": OPS, "notes.txt": b""})
    (batch / "eve").symlink_to(batch / "ada")
    (batch / "mal.zip").symlink_to("/dev/zero")
    (batch / "gone").symlink_to(batch / "nobody")
    (batch / "notes").symlink_to(batch / "notes.txt")
    told = {a.student: a.rejected for a in _all(batch)}
    why = "a symbolic link; name the folder or zip that it points to"
    assert told == {"ada": None, "eve": why, "mal": why, "gone": why}
    assert reason(batch / "eve") == why


def test_a_zip_that_is_no_file(tmp_path: Path) -> None:
    batch = write(tmp_path / "in", {"ada/autograd/ops.py": OPS})
    os.mkfifo(batch / "eve.zip")
    (eve,) = (a for a in _all(batch) if a.student == "eve")
    assert eve.rejected is not None
    assert eve.rejected.endswith("is not a plain file; remove it")


def test_a_name_no_student_has(tmp_path: Path) -> None:
    batch = write(tmp_path / "in", {"a\nb/autograd/ops.py": OPS, "\udcff/autograd/ops.py": OPS})
    for attempt in _all(batch):
        assert attempt.rejected is not None
        assert attempt.rejected.endswith("holds control characters or is not UTF-8; rename it")
        assert attempt.files == {}
        (attempt.student + attempt.source + attempt.rejected).encode()


def test_an_unreadable_file_rejects_its_student_only(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    batch = write(tmp_path / "in", {"ada/autograd/ops.py": OPS, "bob/autograd/ops.py": OPS})
    really = os.open
    bobs = (batch / "bob/autograd").stat().st_ino

    def refuse(path: str, flags: int, *rest: int, dir_fd: int | None = None) -> int:
        if dir_fd is not None and path == "ops.py" and os.fstat(dir_fd).st_ino == bobs:
            raise PermissionError(13, "Permission denied")
        return really(path, flags, *rest, dir_fd=dir_fd)

    monkeypatch.setattr(os, "open", refuse)  # root may read everything
    told = [a.rejected for a in _all(batch)]
    assert told == [None, "cannot be read (Permission denied); make its files readable"]


def test_paths_that_cannot_be_opened(tmp_path: Path) -> None:
    notes = tmp_path / "notes.txt"
    notes.write_text("x")
    for path, why in [
        (tmp_path / "nowhere", "No such file or directory"),
        (notes, "neither a folder nor a .zip"),
        (tmp_path, r"holds neither files of lab1 \(autograd/\*.py or lab1.ipynb\) nor any sub"),
    ]:
        with pytest.raises(InboxError, match=f"{why}.*; name a student's folder or .zip, or a"):
            _all(path)


def test_one_empty_folder_among_several_is_a_row(tmp_path: Path) -> None:
    ada, bob = write(tmp_path / "ada", _FILES), write(tmp_path / "bob", {})
    eve = write(tmp_path / "eve", {"essay.txt": b""})
    told = [(a.student, a.rejected is None, len(a.files)) for a in _all(ada, bob, eve)]
    assert told == [("ada", True, 1), ("bob", True, 0), ("eve", False, 0)]
