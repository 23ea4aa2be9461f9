from pathlib import Path

import pytest

from autograder.box import base, landlock
from autograder.cli import findings


@pytest.fixture(autouse=True)
def _plain_machine(monkeypatch: pytest.MonkeyPatch) -> None:
    """A machine whose programs are all missing."""
    monkeypatch.setattr(findings.shutil, "which", lambda program: None)


def named(document, name: str):
    return next(one for one in document["findings"] if one["name"] == name)


def test_a_machine_with_a_wall_can_grade(command) -> None:
    said = command("doctor", "--json", "-")
    assert said.code == 0
    assert said.document["grading"] is True
    assert named(said.document, "sandbox namespace")["ok"] is True
    assert named(said.document, "git")["ok"] is False
    assert "apt-get install git" in named(said.document, "git")["advice"]
    assert "can grade" in said.err


def test_without_a_wall_it_says_what_to_install_and_ends_with_3(command, monkeypatch) -> None:
    for wall in set(base.SANDBOXES) - {"none"}:
        monkeypatch.setitem(base.SANDBOXES, wall, "fake_places:NoWall")
    said = command("doctor")
    assert said.code == 3
    assert "apt-get install bubblewrap" in said.out
    assert "cannot grade" in said.out


def test_a_sandbox_that_cannot_even_be_asked_is_missing(command, monkeypatch) -> None:
    monkeypatch.setitem(base.SANDBOXES, "namespace", "fake_places:Nothing")
    found = named(command("doctor", "--json", "-").document, "sandbox namespace")
    assert found["ok"] is False
    assert "Nothing" in found["advice"]


def test_the_secret_itself_is_never_shown(command, handed_in, tmp_path: Path) -> None:
    command("grade", "sums", handed_in(ada="1"))
    (file,) = tmp_path.rglob("*.secret")
    said = command("doctor", "--json", "-")
    assert str(file) == named(said.document, "secret")["detail"]
    assert file.read_text().strip() not in said.out + said.err


def test_it_changes_nothing(command, tmp_path: Path) -> None:
    before = set(tmp_path.rglob("*"))
    command("doctor")
    assert set(tmp_path.rglob("*")) == before


def test_without_a_course_it_still_answers(command, tmp_path: Path, monkeypatch) -> None:
    monkeypatch.chdir(tmp_path)
    said = command("doctor", "--json", "-")
    assert said.code == 0
    assert named(said.document, "course")["ok"] is False


def test_it_says_whether_the_kernel_has_landlock(command, monkeypatch) -> None:
    monkeypatch.setattr(landlock, "version", lambda: 3)
    assert named(command("doctor", "--json", "-").document, "Landlock")["detail"] == "version 3"
    monkeypatch.setattr(landlock, "version", lambda: 0)
    found = named(command("doctor", "--json", "-").document, "Landlock")
    assert (found["ok"], "every user may read" in found["advice"]) == (False, True)
