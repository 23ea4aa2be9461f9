"""The zip for Gradescope, unpacked and run where Gradescope's documentation says it would be."""

import json
import subprocess
import sys
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from autograder.course import load_lab
from tests.ci import engine
from tests.ci.conftest import OPTIONS, WALL
from tests.ci.samples import LAB, ROOT, handed_in

pytestmark = pytest.mark.slow

METADATA = {
    "id": 123456,
    "created_at": "2025-10-16T06:03:00.365935-07:00",
    "assignment": {"due_date": "2025-10-31T23:00:00.000000-07:00", "total_points": "100.0"},
    "submission_method": "upload",
    "users": [{"email": "ada@example.edu", "id": 1234, "name": "Ada"}],
    "previous_submissions": [{"submission_time": "2025-10-15T06:03:00-07:00", "score": 3.0}],
}
TOP = {
    "score",
    "execution_time",
    "output",
    "output_format",
    "stdout_visibility",
    "tests",
    "extra_data",
}


@pytest.fixture(scope="module")
def bundle(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The zip of Lab 1."""
    folder = tmp_path_factory.mktemp("bundle")
    command = [sys.executable, "-m", "autograder", "bundle", "gradescope", LAB, "--course", ROOT]
    subprocess.run(
        [*command, "--to", folder / "lab1.zip"],
        check=True,
        env={"XDG_CONFIG_HOME": str(folder), "PYTHONPATH": str(ROOT), "PATH": "/usr/bin:/bin"},
    )
    return folder / "lab1.zip"


@pytest.fixture(scope="module")
def built(
    containers: None, bundle: Path, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[str]:
    """An image as Gradescope builds it: /autograder/source, run_autograder, setup.sh done."""
    folder = tmp_path_factory.mktemp("source")
    with zipfile.ZipFile(bundle) as archive:
        archive.extractall(folder)
    with engine.container(engine.BASE) as box:
        box.put(folder, "/autograder/source")
        box.must("cp source/run_autograder . && chmod +x run_autograder", "/autograder")
        ran = box.run("bash /autograder/source/setup.sh", PIP_CERT=engine.CERTIFICATES)
        if ran.code:
            pytest.skip(f"setup.sh needs a package index: {ran.said[-300:]}")
        name = "autograder-ci-test:gradescope"
        docker_commit(box, name)
    yield name
    engine.docker("rmi", name)


def docker_commit(box: engine.Container, name: str) -> None:
    engine.docker("commit", box.name, name)


@pytest.fixture
def box(built: str) -> Iterator[engine.Container]:
    with engine.container(built) as started:
        started.must("mkdir -p /autograder/results /autograder/submission")
        if WALL != "user":
            started.must(
                f"sed -i 's/--sandbox user/--sandbox {WALL} {OPTIONS}/' /autograder/run_autograder"
            )
        yield started


def run(box: engine.Container, submission: Path | None, metadata: str) -> tuple[engine.Ran, dict]:
    """Run the autograder on a submission; return what it did, and results.json."""
    if submission is not None:
        box.put(submission, "/autograder/submission")
    box.must(f"cat > submission_metadata.json <<'E'\n{metadata}\nE", "/autograder")
    ran = box.run("./run_autograder", "/autograder")
    return ran, json.loads(box.read("/autograder/results/results.json"))


def check_shape(view: dict) -> None:
    """Check `view` against what Gradescope documents of results.json."""
    assert set(view) <= TOP
    assert view["output_format"] == "text"
    assert view["stdout_visibility"] in {"hidden", "after_due_date", "after_published", "visible"}
    for test in view.get("tests", []):
        assert isinstance(test["score"], int | float)
        assert isinstance(test["max_score"], int | float)
        assert test["status"] in {"passed", "failed"}
        assert test["visibility"] in {"hidden", "after_due_date", "after_published", "visible"}


def test_a_right_submission_has_full_marks(box: engine.Container):
    ran, view = run(box, ROOT / "tests/submissions" / LAB / "correct", json.dumps(METADATA))
    assert ran.code == 0, ran.said
    check_shape(view)
    assert view["score"] == 100
    assert view["extra_data"]["student"] == "ada@example.edu"
    assert view["extra_data"]["attempt"] == 2
    assert view["extra_data"]["submitted_at"] == "2025-10-16T06:03:00.365935-07:00"
    assert view["extra_data"]["sandbox"] == WALL
    assert view["extra_data"]["lab_digest"] == load_lab(ROOT, LAB).digest


def test_only_root_can_read_what_is_secret(box: engine.Container):
    script = "setpriv --reuid 1000 --regid 1000 --clear-groups sh -c"
    for path in ("source/secret", f"source/course/labs/{LAB}/lab.toml", "source/setup.sh"):
        assert box.run(f"test -e /autograder/{path}").code == 0
        assert box.run(f"{script} 'cat /autograder/{path}'").code != 0
    assert box.run(f"{script} '/opt/autograder/bin/python -c \"import numpy\"'").code == 0


def test_files_of_the_wrong_kind_are_a_zero_with_a_reason(box: engine.Container, tmp_path: Path):
    (tmp_path / "essay.txt").write_text("dear grader")
    ran, view = run(box, tmp_path, json.dumps(METADATA))
    assert ran.code == 0, ran.said
    check_shape(view)
    assert view["score"] == 0
    assert "wrong files" in view["output"]


@pytest.mark.parametrize("metadata", ["{", '{"users": []}', '{"users": 1, "created_at": "now"}'])
def test_our_own_failure_is_no_zero(box: engine.Container, metadata: str):
    ran, view = run(box, ROOT / "tests/submissions" / LAB / "correct", metadata)
    assert ran.code == 3
    assert "submission_metadata.json" in ran.said
    assert "score" not in view and "tests" not in view
    assert "costs you no points" in view["output"]


def test_a_submission_cannot_write_its_own_results(box: engine.Container, tmp_path: Path):
    handed_in(tmp_path)
    clone = ["git", "clone", "--quiet", tmp_path / "eve.git", tmp_path / "eve"]
    subprocess.run(clone, check=True, capture_output=True)
    ran, view = run(box, tmp_path / "eve", json.dumps(METADATA))
    assert ran.code == 0, ran.said
    check_shape(view)
    assert 0 < view["score"] < 100  # what the wrong answers in it earn without the forgery
