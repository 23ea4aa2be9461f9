"""`submit`: a zip of what the lab takes, and a receipt that says what is in it."""

import re
import zipfile
from pathlib import Path

import pytest

from autograder.model import digest_of

RIGHT = b"def double(x):\n    return 2 * x\n"


@pytest.fixture
def desk(command, course: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A student's folder, as the course would give it out, with an answer."""
    assert command("lab", "build").code == 0
    folder = course / "starter/sums"
    monkeypatch.chdir(folder)
    (folder / "answer.py").write_bytes(RIGHT)
    return folder


def test_the_zip_holds_what_the_lab_takes_and_no_more(command, desk) -> None:
    (desk / "diary.txt").write_text("mine")
    said = command("submit", "--json", "-")
    assert said.code == 0
    archive = Path(said.document["zip"])
    assert re.fullmatch(r"sums-\d{8}T\d{6}\.zip", archive.name)
    with zipfile.ZipFile(archive) as opened:
        assert {name: opened.read(name) for name in opened.namelist()} == {"answer.py": RIGHT}


def test_the_receipt_names_the_digest_that_the_graders_find(command, desk, tmp_path) -> None:
    to = tmp_path / "out"
    to.mkdir()
    document = command("submit", "--to", to, "--json", "-").document
    assert document["digest"] == digest_of({"answer.py": RIGHT})
    text = Path(document["receipt"]).read_text()
    assert all(word in text for word in (document["digest"], "answer.py (32 bytes)", "sums 0.1.0"))


def test_a_person_is_told_where_it_is(command, desk) -> None:
    said = command("submit")
    assert "sums-" in said.out
    assert "1 files, sha256:" in said.out.replace("\n", " ")
    assert "Keep the receipt" in said.out


def link(file: Path) -> None:
    """Put a link to somebody else's file in its place."""
    file.unlink()
    file.symlink_to("/etc/passwd")


@pytest.mark.parametrize(
    ("name", "spoil", "hint"),
    [
        ("answer.py", Path.unlink, "holds nothing that the lab takes: answer.py"),
        ("answer.py", link, "link"),
        ("pytest.ini", Path.unlink, "does not say which files are handed in"),
    ],
)
def test_what_cannot_be_handed_in_is_said(command, desk, name, spoil, hint) -> None:
    spoil(desk / name)
    said = command("submit")
    assert said.code == 64
    assert hint in said.err.replace("\n", " ")
    assert not list(desk.glob("*.zip"))


def test_a_folder_that_is_not_there(command, desk) -> None:
    said = command("submit", "--to", "nowhere")
    assert said.code == 64
    assert "--to" in said.err


def test_where_the_exchange_does_not_take_the_lab_that_is_said(command, desk) -> None:
    text = "c.CourseDirectory.course_id = 'tiny'\nc.Exchange.root = '/nowhere'\n"
    (desk.parent / "nbgrader_config.py").write_text(text)
    said = command("submit", "--json", "-")
    assert said.code == 0
    assert "exchange" not in said.document
    assert "Not handed in to course tiny: /nowhere holds no sums" in said.err
