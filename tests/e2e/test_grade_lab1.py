"""From a folder of submissions to scores, reports and stored results, through the real box."""

import json
import os
import shutil
import subprocess
from pathlib import Path

import pytest

from tests.e2e.conftest import ROOT, Home

pytestmark = [pytest.mark.namespace, pytest.mark.usefixtures("walled")]

SOLUTION = ROOT / "solutions/lab1_autograd"
STARTER = ROOT / "starter/lab1_autograd"


def outcomes(row: dict) -> set[str]:
    return {test["outcome"] for exercise in row["exercises"] for test in exercise["tests"]}


def test_the_solution_has_full_marks_and_the_starter_none(home: Home):
    document = home.grade(SOLUTION, STARTER)
    full, none = document["results"]
    assert full["score"] == full["max_score"] > 0
    assert outcomes(full) == {"pass"}
    assert none["score"] == 0
    assert outcomes(none) <= {"missing", "crashed"}
    assert document["sandbox"] == "namespace"


def test_two_judgings_agree_in_everything_but_resources(home: Home):
    def stripped(document: dict) -> dict:
        for row in document["results"]:
            row.pop("submitted_at")
            for exercise in row["exercises"]:
                for test in exercise["tests"]:
                    for measured in ("cpu_seconds", "wall_seconds", "peak_bytes"):
                        test.pop(measured)
        return document

    first = stripped(home.grade(SOLUTION))
    again = stripped(home.grade(SOLUTION, "--store", f"sqlite:///{home.folder}/other.sqlite"))
    assert first == again


def test_reports_are_written_for_students_and_staff(home: Home):
    run = home.run("grade", "lab1_autograd", SOLUTION, "--out", home.folder / "out")
    assert "index.html" in run.stdout + run.stderr
    (student,) = (home.folder / "out/students").glob("*/*/")
    assert {p.name for p in student.iterdir()} >= {"report.html", "results.json", "junit.xml"}
    assert json.loads((student / "results.json").read_text())["score"] > 0


def test_results_and_show_read_what_grade_stored(home: Home):
    home.grade(SOLUTION)
    assert "solutions" in home.run("results", "lab1_autograd").stdout
    shown = json.loads(home.run("results", "lab1_autograd", "--json", "-").stdout)
    student = shown["results"][0]["student"]
    assert shown["results"][0]["score"] == shown["results"][0]["max_score"]
    assert "result 1" in home.run("show", student, "lab1_autograd").stdout


def test_regrade_judges_what_is_stored(home: Home):
    batch = home.folder / "batch"
    shutil.copytree(SOLUTION, batch / "ada")
    home.grade(batch)
    shutil.rmtree(batch)
    again = json.loads(home.run("regrade", "lab1_autograd", "--json", "-").stdout)
    assert [row["student"] for row in again["results"]] == ["ada"]
    assert again["results"][0]["score"] == again["results"][0]["max_score"]


@pytest.mark.root
@pytest.mark.skipif(os.geteuid() != 0, reason="becoming another user needs root")
def test_an_ordinary_user_gets_the_same_scores(tmp_path: Path):
    """Run the command line as `nobody`, from a copy that nobody can read."""
    python = Path("/usr/bin/python3.11")
    if not python.exists():
        pytest.skip("needs a Python that every user can run at /usr/bin/python3.11")
    import numpy

    place = Path("/var/tmp") / f"autograder-user-{os.getpid()}"
    try:
        (place / "home").mkdir(parents=True)
        os.chown(place / "home", 65534, 65534)
        for name in ("autograder", "labkit", "labs", "solutions", "starter"):
            shutil.copytree(ROOT / name, place / "course" / name)
        shutil.copytree(Path(numpy.__file__).parents[1], place / "site", symlinks=True)
        done = subprocess.run(
            ["setpriv", "--reuid=65534", "--regid=65534", "--clear-groups", str(python), "-m",
             "autograder", "grade", "lab1_autograd", "solutions/lab1_autograd",
             "starter/lab1_autograd", "--json", "-"],
            cwd=place / "course",
            env={"PATH": os.environ["PATH"], "HOME": str(place / "home"),
                 "PYTHONPATH": f"{place / 'course'}:{place / 'site'}"},
            capture_output=True,
        )  # fmt: skip
        assert done.returncode == 0, done.stderr.decode()
        full, none = json.loads(done.stdout)["results"]
        assert full["score"] == full["max_score"]
        assert none["score"] == 0
    finally:
        shutil.rmtree(place, ignore_errors=True)
