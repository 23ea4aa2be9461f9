"""What `bundle gradescope` packs, and how `bundle run` judges where it is unpacked."""

import json
import stat
import subprocess
import zipfile
from dataclasses import replace
from pathlib import Path

import pytest

from autograder.box import base
from autograder.cli import bundling
from autograder.course import load_lab

METADATA = {
    "id": 1,
    "created_at": "2025-10-16T21:03:00+08:00",
    "users": [{"email": "ada@example.edu", "id": 7, "name": "Ada"}],
    "previous_submissions": [],
}


@pytest.fixture
def bundle(command, course: Path, tmp_path: Path) -> zipfile.ZipFile:
    (course / "labs/sums/mutants").mkdir()
    (course / "labs/sums/mutants/wrong.toml").write_text("")
    (course / "labs/requirements.txt").write_text("numpy==1.2.3\n")
    said = command("bundle", "gradescope", "sums", "--to", tmp_path / "new/sums.zip")
    assert said.code == 0, said.err
    assert "Confidential" in said.out
    assert stat.S_IMODE((tmp_path / "new/sums.zip").stat().st_mode) == 0o600
    return zipfile.ZipFile(tmp_path / "new/sums.zip")


@pytest.mark.parametrize(("asked", "line"), [((), ""), (("g++", "ascendc"), "g++ ascendc")])
def test_the_setup_installs_what_a_lab_compiles_with(course: Path, asked, line) -> None:
    lab = replace(load_lab(course, "sums"), compilers=asked)
    script = bundling._script("setup.sh", lab).decode()
    assert f'\ncompilers="{line}"\n' in script
    assert subprocess.run(["bash", "-n"], input=script, text=True).returncode == 0


def test_a_bundle_is_a_course_by_itself_and_judges_the_same(
    bundle: zipfile.ZipFile, course: Path, tmp_path: Path
) -> None:
    bundle.extractall(tmp_path / "source")
    unpacked = load_lab(tmp_path / "source/course", "sums")
    assert unpacked.digest == load_lab(course, "sums").digest
    names = {name for name in bundle.namelist() if not name.startswith("packages/")}
    assert names == {
        "run_autograder", "setup.sh", "requirements.txt", "secret",
        "course/labs/course.toml", "course/labs/sums/lab.toml", "course/labs/sums/probes.py",
        "course/labs/sums/README.md", "course/labs/sums/tests/public/test_double.py",
        "course/labs/sums/tests/hidden/test_triple.py", "course/solutions/sums/answer.py",
    }  # fmt: skip
    assert "packages/autograder/box/driver.py" in bundle.namelist()
    assert "packages/labkit/__init__.py" in bundle.namelist()


def test_its_secret_is_not_the_courses(bundle: zipfile.ZipFile, tmp_path: Path) -> None:
    (kept,) = tmp_path.rglob("*.secret")
    assert bundle.read("secret").strip() != kept.read_bytes().strip()
    assert len(bundle.read("secret").strip()) == 64


def test_versions_are_those_of_students_else_those_of_this_machine(bundle: zipfile.ZipFile) -> None:
    pins = bundle.read("requirements.txt").decode().splitlines()
    assert "numpy==1.2.3" in pins
    assert {pin.partition("==")[0] for pin in pins} >= {"jinja2", "sqlalchemy", "numba", "pytest"}
    assert "systems-for-ai" not in str(pins)


def test_scripts_can_be_run_and_name_the_lab(bundle: zipfile.ZipFile) -> None:
    for name in ("setup.sh", "run_autograder"):
        assert bundle.getinfo(name).external_attr >> 16 & 0o777 == 0o700
        assert "@" not in bundle.read(name).decode().replace('"$@"', "")
    assert bundle.getinfo("secret").external_attr >> 16 & 0o777 == 0o600
    assert "bundle run sums" in bundle.read("run_autograder").decode()


def test_nothing_is_overwritten(command, tmp_path: Path) -> None:
    (tmp_path / "mine.zip").write_text("mine")
    assert command("bundle", "gradescope", "sums", "--to", tmp_path / "mine.zip").code == 64
    assert (tmp_path / "mine.zip").read_text() == "mine"


@pytest.fixture
def at(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Gradescope's /autograder, with a submission in it."""
    folder = tmp_path / "autograder"
    (folder / "submission").mkdir(parents=True)
    (folder / "submission/answer.py").write_text("1")
    (folder / "submission_metadata.json").write_text(json.dumps(METADATA))
    monkeypatch.setenv("AUTOGRADER_SECRET_FILE", str(tmp_path / "a secret"))
    (tmp_path / "a secret").write_text("x" * 32)
    monkeypatch.setitem(base.SANDBOXES, "user", "fake_places:OpenField")
    return folder


def results(at: Path) -> dict:
    found: dict = json.loads((at / "results/results.json").read_text())
    return found


def test_a_submission_is_judged_as_gradescope_says(command, course: Path, at: Path) -> None:
    said = command("bundle", "run", "sums", at, "--course", course)
    assert said.code == 0, said.err
    assert results(at)["score"] == 10
    extra = results(at)["extra_data"]
    assert (extra["student"], extra["attempt"]) == ("ada@example.edu", 1)
    assert extra["submitted_at"] == METADATA["created_at"]
    assert extra["submitted_at_assumed"] is False


def test_a_group_and_its_earlier_submissions_are_known(command, course: Path, at: Path) -> None:
    both = [{"email": "ada@example.edu"}, {"email": "bob@example.edu"}]
    told = METADATA | {"users": both, "previous_submissions": [{}, {}]}
    (at / "submission_metadata.json").write_text(json.dumps(told))
    assert command("bundle", "run", "sums", at, "--course", course).code == 0
    assert results(at)["extra_data"]["attempt"] == 3


def test_by_hand_there_is_no_metadata(command, course: Path, at: Path) -> None:
    (at / "submission_metadata.json").unlink()
    assert command("bundle", "run", "sums", at, "--course", course).code == 0
    assert results(at)["extra_data"]["submitted_at_assumed"] is True


def test_folders_inside_are_one_submission_all_the_same(command, course: Path, at: Path) -> None:
    (at / "submission/answer.py").unlink()
    for name in ("one", "two"):
        (at / "submission" / name).mkdir()
        (at / "submission" / name / "answer.py").write_text("1")
    said = command("bundle", "run", "sums", at, "--course", course)
    assert said.code == 0
    assert results(at)["score"] == 0
    assert "wrong files" in results(at)["output"]


@pytest.mark.parametrize(
    "told", ["", "[]", "{}", json.dumps(METADATA | {"created_at": "2025-10-16T21:03:00"})]
)
def test_metadata_that_is_not_as_documented_is_our_failure_and_no_zero(
    command, course: Path, at: Path, told: str
) -> None:
    (at / "submission_metadata.json").write_text(told)
    said = command("bundle", "run", "sums", at, "--course", course)
    assert said.code == 3
    assert "submission_metadata.json is not as Gradescope documents it" in said.err
    assert "score" not in results(at)
    assert "costs you no points" in results(at)["output"]


def test_without_a_wall_there_is_no_score(command, course: Path, at: Path, monkeypatch) -> None:
    monkeypatch.setitem(base.SANDBOXES, "user", "fake_places:NoWall")
    assert command("bundle", "run", "sums", at, "--course", course).code == 3
    assert "score" not in results(at)


def test_a_stranger_is_not_judged_without_a_wall(command, course: Path, at: Path) -> None:
    run = ("bundle", "run", "sums", at, "--course", course, "--sandbox", "none")
    assert command(*run).code == 3
    assert "score" not in results(at)
    assert command(*run, "--trusted").code == 0
