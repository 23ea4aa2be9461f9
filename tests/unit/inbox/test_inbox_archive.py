import io
import random
import resource
import stat
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from autograder.inbox import collect, limits
from tests.unit.inbox.handed_in import (
    LAB,
    NOW,
    OPS,
    lab,
    lying_about_size,
    only,
    reason,
    renamed,
    zipped,
)

_GOOD = ("autograd/ops.py", OPS)


@pytest.mark.parametrize("top", ["", "lab1/", "ada_homework/", "ada_homework/lab1/", "./"])
def test_where_files_may_lie(tmp_path: Path, top: str) -> None:
    junk = [("__MACOSX/autograd/._ops.py", b"x"), (".DS_Store", b"x")]
    path = zipped(tmp_path / "ada.zip", [*junk, (f"{top}autograd/ops.py", OPS)])
    attempt = only(path)
    assert (attempt.student, attempt.rejected, attempt.files) == ("ada", None, dict([_GOOD]))


def test_two_top_folders_are_wrong_files(tmp_path: Path) -> None:
    path = zipped(tmp_path / "ada.zip", [("x/autograd/ops.py", OPS), ("y/a.txt", b"")])
    assert reason(path) == (
        "wrong files: expected autograd/*.py or lab1.ipynb, found 'x/autograd/ops.py', 'y/a.txt'"
    )


def test_only_what_the_lab_names_is_read(tmp_path: Path) -> None:
    inner = io.BytesIO()
    zipped(inner, [("autograd/more.py", b"x")])  # type: ignore[arg-type]
    path = zipped(tmp_path / "ada.zip", [_GOOD, ("autograd/x.zip", inner.getvalue())])
    assert only(path).files == dict([_GOOD])


def test_an_empty_zip_is_an_attempt_without_files(tmp_path: Path) -> None:
    path = zipped(tmp_path / "ada.zip", [("autograd/", b"")])
    assert (only(path).rejected, only(path).files) == (None, {})


@pytest.mark.parametrize(
    ("name", "why"),
    [
        ("../../x", "zip entry '../../x' points outside the submission; zip the folder again"),
        ("autograd/../../ops.py", "points outside"),
        ("/autograd/ops.py", "absolute"),
        ("C:/autograd/ops.py", "absolute"),
        ("autograd\\ops.py", "backslash"),
        ("autograd/o\x1bps.py", "control characters"),
        ("autograd/ops.py", "twice"),
        ("autograd/OPS.py", "twice"),
        ("AUTOGRAD/./ops.py", "twice"),
        (f"autograd/{'x' * 200}.py", "longer than 200"),
        (f"autograd/{'文' * 90}.py", "a part of more than 255 bytes"),
    ],
)
@pytest.mark.filterwarnings("ignore:Duplicate name")
def test_names_no_honest_zip_has(tmp_path: Path, name: str, why: str) -> None:
    assert why in reason(zipped(tmp_path / "ada.zip", [_GOOD, (name, b"evil")]))


def test_a_name_with_a_nul(tmp_path: Path) -> None:
    path = zipped(tmp_path / "ada.zip", [_GOOD, ("autograd/a.py#.txt", b"")])
    assert "control characters" in reason(renamed(path, b"a.py#.txt", b"a.py\x00.txt"))


def test_a_name_that_is_not_utf8(tmp_path: Path) -> None:
    path = zipped(tmp_path / "ada.zip", [("autograd/xy.py", OPS)])
    assert "not UTF-8; rename it" in reason(renamed(path, b"xy.py", b"\xc4\xe3.py"))


def test_a_name_that_claims_to_be_utf8(tmp_path: Path) -> None:
    path = zipped(tmp_path / "ada.zip", [("autograd/é.py", OPS)])
    assert "zip the folder again" in reason(renamed(path, "é".encode(), b"\xff\xff"))


def test_a_folder_named_in_gbk_does_no_harm(tmp_path: Path) -> None:
    path = zipped(tmp_path / "ada.zip", [("xxxx/autograd/ops.py", OPS)])
    assert only(renamed(path, b"xxxx", "作业".encode("gbk"))).files == dict([_GOOD])


def test_utf8_without_saying_so(tmp_path: Path) -> None:
    path = zipped(tmp_path / "ada.zip", [("autograd/xxx.py", OPS)])
    assert only(renamed(path, b"xxx", "李".encode())).files == {"autograd/李.py": OPS}


@pytest.mark.parametrize(
    ("kind", "why"),
    [
        (stat.S_IFLNK, "zip entry 'autograd/x.py' is a symbolic link; zip the files themselves"),
        (stat.S_IFIFO, "zip entry 'autograd/x.py' is not a plain file; remove it"),
        (stat.S_IFCHR, "not a plain file"),
    ],
)
def test_entries_that_are_no_files(tmp_path: Path, kind: int, why: str) -> None:
    entry = zipfile.ZipInfo("autograd/x.py")
    entry.external_attr = (kind | 0o777) << 16
    assert why in reason(zipped(tmp_path / "ada.zip", [_GOOD, (entry, b"/etc/passwd")]))


def test_an_encrypted_entry(tmp_path: Path) -> None:
    path = zipped(tmp_path / "ada.zip", [_GOOD])
    data = bytearray(path.read_bytes())
    for magic, offset in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        data[data.index(magic) + offset] |= 1
    path.write_bytes(data)
    assert "is encrypted; zip without a password" in reason(path)


@pytest.mark.parametrize("method", [zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA])
def test_unusual_packing(tmp_path: Path, method: int) -> None:
    path = tmp_path / "ada.zip"
    with zipfile.ZipFile(path, "w", method) as archive:
        archive.writestr(*_GOOD)
    assert "packed in an unusual way" in reason(path)


@pytest.mark.parametrize("data", [b"", b"PK", b"Rar!\x1a\x07", b"PK\x05\x06" + b"x" * 18])
def test_no_zip_at_all(tmp_path: Path, data: bytes) -> None:
    path = tmp_path / "ada.zip"
    path.write_bytes(data)
    assert reason(path) == "not a zip, or a damaged one; zip the folder again"


def test_a_cut_off_zip(tmp_path: Path) -> None:
    path = zipped(tmp_path / "ada.zip", [_GOOD])
    path.write_bytes(path.read_bytes()[:-30])
    assert "damaged" in reason(path)


def _bomb(path: Path, name: str, megabytes: int) -> Path:
    with (
        zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive,
        archive.open(name, "w", force_zip64=True) as entry,
    ):
        for _ in range(megabytes):
            entry.write(bytes(limits.MIB))
    return path


_WATCHED = """
import resource, sys, zipfile
from pathlib import Path
from tests.unit.inbox.handed_in import reason
path = Path(sys.argv[1])
before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
print(reason(path))
print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before)
"""


def _refused_within(path: Path, kibibytes: int) -> str:
    """The reason, given by a process that grew by no more than so much."""
    limit = (resource.RLIMIT_FSIZE, (0, 0))  # and that wrote no file
    done = subprocess.run(
        [sys.executable, "-B", "-c", _WATCHED, str(path)],
        capture_output=True,
        text=True,
        check=True,
        preexec_fn=lambda: resource.setrlimit(*limit),
    )
    why, grown = done.stdout.splitlines()
    assert int(grown) < kibibytes
    return why


def test_a_bomb_that_says_how_large_it_is(tmp_path: Path) -> None:
    path = _bomb(tmp_path / "ada.zip", "autograd/ops.py", 200)
    assert "is packed like a zip bomb" in _refused_within(path, 8 * 1024)


def test_a_bomb_that_lies(tmp_path: Path) -> None:
    path = zipped(tmp_path / "ada.zip", [("autograd/ops.py", bytes(200 * limits.MIB))])
    assert "damaged" in _refused_within(lying_about_size(path, 1000), 8 * 1024)


def test_a_bomb_beside_an_honest_file(tmp_path: Path) -> None:
    path = zipped(tmp_path / "ada.zip", [_GOOD, ("data.bin", bytes(20 * limits.MIB))])
    assert "'data.bin' is packed like a zip bomb" in reason(path)


def test_a_large_file(tmp_path: Path) -> None:
    noise = random.Random(1).randbytes(limits.FILE_BYTES)
    assert only(zipped(tmp_path / "ada.zip", [("autograd/ops.py", noise)])).rejected is None
    path = zipped(tmp_path / "ada.zip", [("autograd/ops.py", noise + b"x")])
    assert reason(path) == "autograd/ops.py is larger than 5 MiB; hand in source only"


def test_a_large_submission(tmp_path: Path) -> None:
    files = [(f"autograd/{i}.py", bytes(limits.FILE_BYTES)) for i in range(11)]
    assert reason(zipped(tmp_path / "ada.zip", files)) == limits.TOO_LARGE


def test_too_many_files(tmp_path: Path) -> None:
    files = [(f"autograd/{i}.py", b"") for i in range(limits.FILES + 1)]
    assert reason(zipped(tmp_path / "ada.zip", files)) == limits.TOO_MANY


def test_too_many_entries(tmp_path: Path) -> None:
    files = [_GOOD, *((f"{i}", b"") for i in range(limits.ENTRIES))]
    assert "entries in the zip" in reason(zipped(tmp_path / "ada.zip", files))


def test_a_huge_table_of_contents(tmp_path: Path) -> None:
    files = [_GOOD, *(("x" * 60_000 + str(i), b"") for i in range(80))]
    assert "entries in the zip" in reason(zipped(tmp_path / "ada.zip", files))


def test_a_file_that_is_also_a_folder(tmp_path: Path) -> None:
    path = zipped(tmp_path / "ada.zip", [("a", b""), ("a/b", b"")])
    assert "lies in a folder that is also a file" in reason(path, lab("**"))


@settings(
    suppress_health_check=[HealthCheck.function_scoped_fixture],
    max_examples=200,
    deadline=None,
    derandomize=True,
)
@given(st.lists(st.tuples(st.integers(0, 2000), st.integers(0, 255)), min_size=1, max_size=6))
def test_a_mangled_zip_never_gets_through(tmp_path: Path, changes: list[tuple[int, int]]) -> None:
    path = zipped(tmp_path / "ada.zip", [_GOOD, ("lab1.ipynb", b"{}" * 50), ("é", b"")])
    data = bytearray(path.read_bytes())
    for place, value in changes:
        data[place % len(data)] = value
    path.write_bytes(data)
    (attempt,) = collect(LAB, [path], now=NOW)
    assert (attempt.rejected is None) or not attempt.files
    for name in attempt.files:
        assert name.startswith("autograd/") or name == "lab1.ipynb"
