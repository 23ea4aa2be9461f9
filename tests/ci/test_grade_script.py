"""The course's private repository: students' commits, graded with hidden tests, and published."""

import json
import re
import shutil
from pathlib import Path, PurePosixPath
from xml.etree import ElementTree as ET

import pytest

from tests.ci import engine
from tests.ci.conftest import OPTIONS, WALL, job
from tests.ci.samples import LAB, ROOT, grading_repository, handed_in

pytestmark = pytest.mark.slow

HOW = {
    "LAB": LAB,
    "SANDBOX": WALL,
    "GRADE_OPTIONS": OPTIONS,
    "AUTOGRADER_SECRET": "a secret of this test alone",
    "GIT_ALLOW_PROTOCOL": "file",  # the samples lie beside the job, not on a server
}
FORGED = ("Autograding report", "100/100", "name=score")


@pytest.fixture
def class_(box: engine.Container, tmp_path: Path) -> tuple[Path, dict[str, str]]:
    """The course's checkout with a roster, and each student's commit (repositories: /srv/git)."""
    commits = handed_in(tmp_path / "srv")
    box.put(tmp_path / "srv", "/srv/git")
    grading_repository(tmp_path / "course")
    lines = [f"{student},file:///srv/git/{student}.git" for student in commits]
    (tmp_path / "course/roster.csv").write_text("\n".join(["student,repository", *lines]) + "\n")
    return tmp_path / "course", commits


def scores(summary: str) -> dict[str, str]:
    """Return the score of each student, as the table has it."""
    rows = [line.strip("| ").split(" | ") for line in summary.splitlines() if line[:1] == "|"]
    return {row[0]: row[2] for row in rows[2:]}


def outside(said: str) -> str:
    """Return the part of a log in which GitHub obeys commands."""
    return re.sub(r"(?ms)^::stop-commands::(\w+)$.*?^::\1::$", "", said)


def test_a_class_on_github(box: engine.Container, class_: tuple[Path, dict[str, str]]):
    course, commits = class_
    ran = job(box, "github", "grade", course, ROSTER="roster.csv", **HOW)
    assert ran.code == 0, ran.said
    files = box.take("/builds/course/ci-results")
    summary = files[PurePosixPath("summary.md")].decode()
    assert box.read("/tmp/step-summary").decode() == summary
    assert scores(summary)["ada"] == "100 / 100 + 10"
    assert 0 < float(scores(summary)["bob"].split()[0]) < 100
    assert scores(summary)["eve"] == scores(summary)["bob"]
    assert f"Sandbox: {WALL}" in summary
    assert not [text for text in FORGED if text in summary or text in outside(ran.said)]
    assert outside(ran.said).count("\n::notice title=") == 3
    told = {row["student"]: row["score"] for row in results(files)}
    assert told["eve"] == told["bob"] < told["ada"] == 100
    junit = ET.fromstring(files[PurePosixPath("junit.xml")])
    assert {suite.get("name", "").split(" #")[0] for suite in junit} == {"ada", "bob", "eve"}
    graded = files[PurePosixPath("commits.csv")].decode()
    assert all(
        f"{student},file:///srv/git/{student}.git,{c}\n" in graded for student, c in commits.items()
    )
    assert box.run("test -e /tmp/pwned").code == 1


def results(files: dict[PurePosixPath, bytes]) -> list[dict]:
    rows: list[dict] = json.loads(files[PurePosixPath("results.json")])["results"]
    return rows


def test_one_commit_on_gitlab(box: engine.Container, class_: tuple[Path, dict[str, str]]):
    course, commits = class_
    told = {"STUDENT": "bob", "COMMIT": commits["bob"], "SUBMITTED_AT": "2025-10-16T21:03"}
    ran = job(box, "gitlab", "grade", course, ROSTER="roster.csv", **told, **HOW)
    assert ran.code == 0, ran.said
    assert not re.search("^::", ran.said, re.MULTILINE)
    (row,) = results(box.take("/builds/course/ci-results"))
    assert row["student"] == "bob"
    assert row["submitted_at"].startswith("2025-10-16T21:03:00")
    assert 0 < row["score"] < 100


def test_what_cannot_be_fetched_is_told_and_costs_nothing(
    box: engine.Container, class_: tuple[Path, dict[str, str]]
):
    course, _ = class_
    (course / "roster.csv").write_text(
        "student,repository\nzoe,file:///srv/git/zoe.git\n"
        "mal,ext::sh -c touch% /tmp/pwned\n--upload-pack=x,file:///srv/git/ada.git\n"
    )
    ran = job(box, "github", "grade", course, ROSTER="roster.csv", **HOW)
    assert ran.code == 3
    summary = box.read("/tmp/step-summary").decode()
    for student in ("zoe", "mal", "--upload-pack?x"):
        assert f"{student}: the repository or the commit could not be fetched" in summary
    assert scores(summary) == {}
    assert box.run("test -e /tmp/pwned").code == 1


LISTENER = """
import http.server

class Answer(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        with open("/tmp/heard", "a") as file:
            file.write(f"{self.server.server_port} {self.headers.get('Authorization')}\\n")
        self.send_error(404)

http.server.HTTPServer(("127.0.0.1", PORT), Answer).serve_forever()
"""


def test_the_token_goes_to_the_server_of_the_job_and_to_no_other(
    box: engine.Container, tmp_path: Path
):
    for port in (8001, 8002):
        listener = LISTENER.replace("PORT", str(port))
        box.must(
            f"cat > /tmp/{port}.py <<'E'\n{listener}\nE\n(python3 /tmp/{port}.py &) >/dev/null 2>&1"
        )
    box.must("sleep 1")
    grading_repository(tmp_path / "course")
    lines = [f"s{port},http://127.0.0.1:{port}/x.git\n" for port in (8001, 8002)]
    (tmp_path / "course/roster.csv").write_text("".join(lines))
    told = {
        "GITHUB_SERVER_URL": "http://127.0.0.1:8001",
        "FETCH_TOKEN": "t0k",
        "ROSTER": "roster.csv",
    }
    ran = job(
        box, "github", "grade", tmp_path / "course", **HOW | told | {"GIT_ALLOW_PROTOCOL": "http"}
    )
    assert ran.code == 3
    heard = box.read("/tmp/heard").decode().split("\n")
    assert "8001 Basic eC1hY2Nlc3MtdG9rZW46dDBr" in heard
    assert {line for line in heard if line.startswith("8002")} == {"8002 None"}
    assert "t0k" not in ran.said


def test_a_zip_is_graded_as_it_lies_there(box: engine.Container, tmp_path: Path):
    grading_repository(tmp_path / "course")
    corpus = ROOT / "tests/submissions" / LAB / "missing_file"
    shutil.make_archive(str(tmp_path / "course/inbox/cleo"), "zip", corpus)
    ran = job(box, "github", "grade", tmp_path / "course", SUBMISSIONS="inbox/cleo.zip", **HOW)
    assert ran.code == 0, ran.said
    assert list(scores(box.read("/tmp/step-summary").decode())) == ["cleo"]


@pytest.mark.parametrize(
    ("change", "code", "told"),
    [
        ({"AUTOGRADER_SECRET": ""}, 2, "AUTOGRADER_SECRET is not set"),
        ({}, 64, "nothing to grade"),
        ({"STUDENT": "nobody", "ROSTER": "roster.csv"}, 64, "nothing to grade"),
    ],
)
def test_a_job_that_cannot_grade_says_why(
    box: engine.Container, tmp_path: Path, change: dict[str, str], code: int, told: str
):
    grading_repository(tmp_path / "course")
    (tmp_path / "course/roster.csv").write_text("student,repository\n")
    ran = job(box, "github", "grade", tmp_path / "course", **HOW | change)
    assert ran.code == code, ran.said
    assert f"::error title=Grading::{told}" in outside(ran.said)
