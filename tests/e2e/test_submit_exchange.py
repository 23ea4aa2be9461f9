"""A student's `submit` where nbgrader is configured: it hands in, or says why not."""

import json
import shutil
from datetime import UTC, datetime
from pathlib import Path

import pytest

from autograder.model import digest_of
from tests.e2e.conftest import ROOT, Home

LAB = "lab1_autograd"
pytestmark = pytest.mark.slow


class Student(Home):
    """A student, with a lab in a folder whose name is not the lab's, and an exchange."""

    def __init__(self, folder: Path) -> None:
        super().__init__(folder)
        self.desk = folder / "my labs" / "first try"
        shutil.copytree(ROOT / "starter" / LAB, self.desk)
        (self.desk / "diary.txt").write_text("mine")
        self.env |= {f"JUPYTER_{n}_DIR": str(folder / n) for n in ("CONFIG", "DATA", "RUNTIME")}
        self.course = folder / "exchange/tiny"
        for part in ("inbound", "outbound", f"outbound/{LAB}"):
            (self.course / part).mkdir(parents=True)
        self.course.parent.chmod(0o777)
        config = "c.CourseDirectory.course_id = 'tiny'\n"
        config += f"c.Exchange.root = {str(self.course.parent)!r}\n"
        (self.desk.parent / "nbgrader_config.py").write_text(config)


@pytest.fixture
def student(tmp_path: Path) -> Student:
    return Student(tmp_path)


def test_what_arrives_is_what_was_packed_and_nothing_else(student):
    told = json.loads(student.run("submit", student.desk, "--json", "-").stdout)
    (arrived,) = (student.course / "inbound").iterdir()
    assert arrived.name.split("+")[1] == LAB
    lies = {str(p.relative_to(arrived)): p.read_bytes() for p in arrived.rglob("*") if p.is_file()}
    assert {"timestamp.txt", "submission_secret.txt"} == set(lies) - set(told["files"])
    assert digest_of({name: lies[name] for name in told["files"]}) == told["digest"]
    assert told["exchange"]["course"] == "tiny"
    written = datetime.fromisoformat(lies["timestamp.txt"].decode().removesuffix(" UTC"))
    said = datetime.fromisoformat(told["exchange"]["time"])
    assert said == written.replace(tzinfo=UTC, microsecond=0)


def test_a_refusal_of_nbgraders_is_loud_and_the_zip_is_kept(student):
    (student.course / "inbound").rmdir()
    done = student.run("submit", student.desk, "--json", "-", code=3)
    told = json.loads(done.stdout)
    assert Path(told["zip"]).exists()
    assert "exchange" not in told
    assert "NOT handed in" in done.stderr
    assert "Inbound directory doesn't exist" in done.stderr
