import os
import socket
import tempfile
from pathlib import Path

import pytest

from autograder.inbox import collect, limits
from tests.unit.inbox.handed_in import LAB, NOW, OPS, lab, only, reason, write


def test_only_what_the_lab_names_is_read(tmp_path: Path) -> None:
    ada = write(
        tmp_path / "ada",
        {
            "autograd/ops.py": OPS,
            "autograd/__pycache__/ops.pyc": b"x",
            "autograd/notes.txt": b"x",
            "lab1.ipynb": b"{}",
            "other.py": b"x",
            "tests/test_ops.py": b"x",
        },
    )
    os.mkfifo(ada / "pipe")
    (ada / "link").symlink_to("/etc")
    assert only(ada).files == {"autograd/ops.py": OPS, "lab1.ipynb": b"{}"}


def test_names_are_composed(tmp_path: Path) -> None:
    ada = write(tmp_path / "ada", {"autograd/e\u0301.py": OPS})
    assert only(ada).files == {"autograd/\u00e9.py": OPS}


def test_a_link_that_the_lab_names_is_refused(tmp_path: Path) -> None:
    (tmp_path / "secret").write_bytes(b"hidden tests")
    ada = write(tmp_path / "ada", {"autograd/ops.py": OPS})
    (ada / "autograd/more.py").symlink_to(tmp_path / "secret")
    assert reason(ada) == "'autograd/more.py' is a symbolic link; hand in the file itself"


def test_a_linked_folder_that_the_lab_names_is_refused(tmp_path: Path) -> None:
    other = write(tmp_path / "bob", {"autograd/ops.py": OPS})
    ada = write(tmp_path / "ada", {})
    (ada / "autograd").symlink_to(other / "autograd")
    assert reason(ada) == "'autograd' is a symbolic link; hand in the file itself"


def test_a_linked_lab_folder_is_refused(tmp_path: Path) -> None:
    write(tmp_path / "bob/lab1", {"autograd/ops.py": OPS})
    ada = write(tmp_path / "ada", {})
    (ada / "lab1").symlink_to(tmp_path / "bob/lab1")
    assert reason(ada) == "'lab1' is a symbolic link; hand in the folder itself"


def test_a_fifo_is_refused_without_waiting(tmp_path: Path) -> None:
    ada = write(tmp_path / "ada", {"autograd/ops.py": OPS})
    os.mkfifo(ada / "autograd/pipe.py")
    assert reason(ada) == "'autograd/pipe.py' is not a plain file; remove it"


def test_a_socket_is_refused() -> None:
    with tempfile.TemporaryDirectory() as short, socket.socket(socket.AF_UNIX) as listener:
        ada = write(Path(short) / "ada", {"autograd/ops.py": OPS})
        listener.bind(str(ada / "autograd/s.py"))
        assert "is not a plain file" in reason(ada)


@pytest.mark.root
@pytest.mark.skipif(os.geteuid() != 0, reason="only root makes devices")
def test_a_device_is_refused(tmp_path: Path) -> None:
    ada = write(tmp_path / "ada", {"autograd/ops.py": OPS})
    try:
        os.mknod(ada / "autograd/zero.py", 0o20666, os.makedev(1, 5))
    except PermissionError:
        pytest.skip("this root may not make devices")
    assert reason(ada) == "'autograd/zero.py' is not a plain file; remove it"


def test_a_name_that_is_not_utf8(tmp_path: Path) -> None:
    ada = write(tmp_path / "ada", {"autograd/ops.py": OPS, "\udcff.txt": b"not asked for"})
    assert only(ada).rejected is None
    write(ada, {"autograd/\udcff.py": OPS})
    assert "is not UTF-8; rename it" in reason(ada)


def test_two_names_for_one_file(tmp_path: Path) -> None:
    ada = write(tmp_path / "ada", {"autograd/ops.py": OPS, "autograd/Ops.py": b"x"})
    assert "is there twice (as 'autograd/Ops.py')" in reason(ada)


def test_a_large_file(tmp_path: Path) -> None:
    ada = write(tmp_path / "ada", {"autograd/ops.py": bytes(limits.FILE_BYTES)})
    assert only(ada).rejected is None
    os.truncate(ada / "autograd/ops.py", 2**40)  # takes no space
    assert reason(ada) == "autograd/ops.py is larger than 5 MiB; hand in source only"


def test_a_large_notebook(tmp_path: Path) -> None:
    ada = write(tmp_path / "ada", {"lab1.ipynb": bytes(limits.FILE_BYTES + 1)})
    assert only(ada).rejected is None
    os.truncate(ada / "lab1.ipynb", limits.NOTEBOOK_BYTES + 1)
    assert reason(ada) == "lab1.ipynb is larger than 20 MiB; clear its outputs"


def test_a_large_submission(tmp_path: Path) -> None:
    sizes = limits.TOTAL_BYTES // limits.FILE_BYTES + 1
    ada = write(tmp_path / "ada", {f"autograd/{i}.py": b"" for i in range(sizes)})
    for file in (ada / "autograd").iterdir():
        os.truncate(file, limits.FILE_BYTES)
    assert reason(ada) == limits.TOO_LARGE


def test_too_many_files(tmp_path: Path) -> None:
    ada = write(tmp_path / "ada", {f"autograd/{i}.py": b"" for i in range(limits.FILES)})
    assert len(only(ada).files) == limits.FILES
    write(ada, {"autograd/x.py": b""})
    assert reason(ada) == limits.TOO_MANY


def test_a_flood_of_names(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("autograder.inbox.folder.ENTRIES", 50)
    ada = write(tmp_path / "ada", {f"autograd/{i}.txt": b"" for i in range(60)})
    assert "more than 50 files in it" in reason(ada)


def test_a_long_name(tmp_path: Path) -> None:
    ada = write(tmp_path / "ada", {f"autograd/{'x' * 200}.py": OPS})
    assert "is longer than 200 characters" in reason(ada)


def test_a_bottomless_folder(tmp_path: Path) -> None:
    batch = tmp_path / "in"
    ada = write(batch / "ada", {"a.py": OPS})
    here = os.open(ada, os.O_RDONLY)
    for _ in range(400):
        os.mkdir("d", dir_fd=here)
        below = os.open("d", os.O_RDONLY, dir_fd=here)
        os.close(here)
        here = below
    os.close(here)
    assert only(ada, lab("**/*.py")).files == {"a.py": OPS}
    assert "wrong files" in reason(batch)
    (ada / "a.py").unlink()
    assert (only(batch).rejected, only(batch).files) == (None, {})


def test_wrong_files(tmp_path: Path) -> None:
    batch = write(tmp_path / "in", {"ada/Autograd/ops.py": OPS, "ada/notes.txt": b"", "bob/x": b""})
    write(batch, {f"eve/{i}": b"" for i in range(9)})
    told = [a.rejected for a in collect(LAB, [batch], now=NOW)]
    assert told == [
        "wrong files: expected autograd/*.py or lab1.ipynb, found 'notes.txt', 'Autograd/ops.py'",
        "wrong files: expected autograd/*.py or lab1.ipynb, found 'x'",
        "wrong files: expected autograd/*.py or lab1.ipynb, "
        "found '0', '1', '2', '3', '4' and others",
    ]
