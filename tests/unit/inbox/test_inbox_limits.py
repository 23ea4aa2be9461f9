import os
from pathlib import Path

import pytest

from autograder.inbox import limits
from autograder.inbox.folder import open_plain
from autograder.inbox.limits import Budget, Refused
from tests.unit.inbox.handed_in import lying_about_size, reason, zipped


def test_an_endless_file_is_read_no_further_than_its_cap() -> None:
    given = 0

    def endless(size: int) -> bytes:
        nonlocal given
        given += size
        return bytes(size)

    with pytest.raises(Refused, match=r"ops.py is larger than 5 MiB"):
        Budget().read("ops.py", endless)
    assert given == limits.FILE_BYTES + 1


def test_a_size_that_is_only_claimed_is_enough(tmp_path: Path) -> None:
    path = zipped(tmp_path / "ada.zip", [("autograd/ops.py", b"x" * 100)])
    assert "larger than 5 MiB" in reason(lying_about_size(path, limits.FILE_BYTES + 1))


def test_a_link_put_in_place_of_a_file_is_not_followed(tmp_path: Path) -> None:
    (tmp_path / "link").symlink_to("/etc/passwd")
    with pytest.raises(Refused, match="is a symbolic link"):
        open_plain(str(tmp_path / "link"))


def test_a_fifo_put_in_place_of_a_file_is_not_waited_for(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    with pytest.raises(Refused, match="is not a plain file"):
        open_plain(str(tmp_path / "pipe"))
