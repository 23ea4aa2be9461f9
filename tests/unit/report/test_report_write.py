"""Reports land whole, in folders of safe and different names, and disturb nothing."""

import errno
import json
import os
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from report_samples import LAB, batch_rows, row

from autograder.errors import InfraError, UsageError
from autograder.model import Row
from autograder.report import write
from autograder.report.folders import row_folders, safe_name


def test_every_row_has_its_three_files(tmp_path: Path) -> None:
    index = write(tmp_path / "out", LAB, batch_rows())
    assert index == tmp_path / "out" / "index.html"
    for one in batch_rows():
        folder = tmp_path / "out" / "students" / one.attempt.student / str(one.attempt.number)
        assert {path.name for path in folder.iterdir()} == {
            "report.html", "results.json", "junit.xml",
        }  # fmt: skip
    document = json.loads((tmp_path / "out" / "results.json").read_text())
    assert len(document["results"]) == len(batch_rows())


def test_again_is_the_same_and_leaves_others_alone(tmp_path: Path) -> None:
    write(tmp_path, LAB, batch_rows())
    (tmp_path / "notes.txt").write_text("mine")
    before = {p: p.read_bytes() for p in tmp_path.rglob("*") if p.is_file()}
    write(tmp_path, LAB, batch_rows())
    assert {p: p.read_bytes() for p in tmp_path.rglob("*") if p.is_file()} == before


def test_a_page_that_is_not_ours_is_not_overwritten(tmp_path: Path) -> None:
    (tmp_path / "index.html").write_text("<h1>My site</h1>")
    with pytest.raises(UsageError, match="another folder with --out"):
        write(tmp_path, LAB, [row("ada")])
    assert [path.name for path in tmp_path.iterdir()] == ["index.html"]


def test_a_file_where_a_folder_should_be_is_told_with_a_way_out(tmp_path: Path) -> None:
    (tmp_path / "out").write_text("")
    with pytest.raises(InfraError, match=r"cannot write the report .*--out"):
        write(tmp_path / "out", LAB, [row("ada")])


def test_a_full_disk_leaves_the_old_page_whole(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    index = write(tmp_path, LAB, [row("ada")])
    before = index.read_bytes()

    def half(path: Path, data: bytes) -> int:
        with path.open("wb") as file:
            file.write(data[:100])
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr(Path, "write_bytes", half)
    with pytest.raises(InfraError, match="No space left on device"):
        write(tmp_path, LAB, batch_rows())
    assert index.read_bytes() == before
    assert not list(tmp_path.rglob(".*"))


@pytest.mark.parametrize("name", ["ada", "张伟", "Émile Borel", "o.k-1_2@x", "नमस्ते"])
def test_an_ordinary_name_is_its_own_folder(name: str) -> None:
    assert safe_name(name) == name


@pytest.mark.parametrize(
    "name",
    ["..", "", "a/b", "../../etc", "x\0y", "-rf", "con", "NUL.txt", "a\u202eb", "dot.", "n" * 400,
     "\ud800", "a:b", "<b>", "張" * 200, "a\nb", "~", "ada-0123abcd"],
)  # fmt: skip
def test_an_odd_name_becomes_a_safe_one(name: str) -> None:
    safe = safe_name(name)
    assert safe != name
    assert safe not in {"", ".", ".."}
    assert not set(safe) & set('/\\\0:*?"<>|\n~')
    assert not safe.startswith(("-", "."))
    assert len(safe.encode()) < 200


@given(st.lists(st.text(min_size=0, max_size=40), unique=True, max_size=8))
def test_different_students_never_share_a_folder(names: list[str]) -> None:
    folders = row_folders([row(name) for name in names])
    assert len({str(folder).casefold() for folder in folders}) == len(names)
    assert all(len(folder.parts) == 3 for folder in folders)


def test_unnumbered_attempts_of_one_student_do_not_meet() -> None:
    rows = [Row(replace(row("ada").attempt, number=0), row("ada").result)] * 2
    assert [str(folder) for folder in row_folders(rows)] == ["students/ada/0", "students/ada/0-2"]
