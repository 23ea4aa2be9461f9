"""What CI systems get: annotations, one junit.xml of a batch, and the files of a check."""

import re
from xml.etree import ElementTree as ET

import pytest
from report_samples import LAB, batch_rows, row
from test_report_junit import check_counts, check_shape
from test_report_summary import HOSTILE, rows_of

from autograder.model import Status
from autograder.report import annotations, batch_junit, check_files, summary_markdown
from autograder.report.annotations import command

COMMAND = re.compile(r"::(notice|warning|error) title=[^,:\n]*::.*")
TEST = {
    "exercise": "softmax", "name": "test_rows", "title": "Rows add up to 1.", "outcome": "pass",
    "points": 2.0, "hint": "", "note": "", "line": "", "message": "", "difference": "",
}  # fmt: skip
LOST = TEST | {
    "title": "Logits | in the thousands", "outcome": "crashed", "hint": "Subtract the maximum.",
    "note": "raised OverflowError", "line": "ops.py:3: return exp(x)", "difference": "overflow",
}  # fmt: skip


def checked(*tests: dict) -> dict:
    """Return the document of a check."""
    lost = [test for test in tests if test["outcome"] != "pass"]
    first = lost[0] if lost else None
    return {"lab": "lab9", "version": "1.0.0", "tests": list(tests), "first": first}


def test_every_row_has_an_annotation_of_its_kind() -> None:
    lines = annotations(LAB, batch_rows()).splitlines()
    assert all(COMMAND.fullmatch(line) for line in lines)
    told = dict(zip([one.attempt.student for one in batch_rows()], lines, strict=True))
    assert told["grace"].endswith("::grace: 36 / 36 + 5")
    assert told["olga"].startswith("::warning ")
    assert told["pia"].startswith("::error ")
    assert "bwrap" not in told["pia"]


@pytest.mark.parametrize("text", ["a\n::error::b", "100%0A::error::", "::set-env name=A::b", "\r"])
def test_text_of_others_stays_in_its_annotation(text: str) -> None:
    made = command("notice", f"{text},x=y", text)
    assert made.count("\n") == 1
    assert COMMAND.fullmatch(made.rstrip("\n"))
    assert "%0A" not in made.replace("%250A", "")


def test_a_batch_is_one_junit_whose_suites_name_the_student() -> None:
    root = ET.fromstring(batch_junit(LAB, batch_rows()))
    check_shape(root)
    check_counts(root)
    names = {suite.get("name", "").partition(" #")[0] for suite in root}
    assert names == {one.attempt.student for one in batch_rows()}
    assert root.get("errors") == "1"  # pia's: of a broken row nothing else is told


def test_the_summary_says_which_wall_held() -> None:
    assert "Sandbox: namespace. Device: virtual." in summary_markdown(LAB, [row("ada")])


def test_a_check_names_the_test_to_look_at() -> None:
    files = check_files(checked(TEST, LOST))
    head, *rows = rows_of(files["summary.md"].decode())
    assert head == ["Exercise", "Tests passed", "Outcome"]
    assert rows == [["softmax", "1 / 2", "crashed"]]
    assert "Look first at: Logits \\| in the thousands" in files["summary.md"].decode()
    assert "- Hint\\: Subtract the maximum" in files["summary.md"].decode()
    assert COMMAND.fullmatch(files["annotations.txt"].decode().rstrip("\n"))
    root = ET.fromstring(files["junit.xml"])
    check_shape(root)
    check_counts(root)
    assert (root.get("tests"), root.get("failures")) == ("2", "1")


def test_a_check_that_passes_says_so() -> None:
    files = check_files(checked(TEST))
    assert files["annotations.txt"].startswith(b"::notice ")
    assert b"Look first" not in files["summary.md"]


@pytest.mark.parametrize("text", HOSTILE)
def test_what_a_student_writes_stays_in_its_place(text: str) -> None:
    files = check_files(checked(LOST | {"exercise": text, "title": text, "line": text + "\0"}))
    _, (name, *_) = rows_of(files["summary.md"].decode())
    assert name == " ".join(text.split())
    check_shape(ET.fromstring(files["junit.xml"]))
    assert COMMAND.fullmatch(files["annotations.txt"].decode().rstrip("\n"))


def test_a_broken_row_counts_as_an_error_of_ours() -> None:
    broken = row("pia", status=Status.BROKEN, reason="no wall")
    assert b"no wall" not in batch_junit(LAB, [broken])
