"""The pages: complete, self-contained, and deaf to hostile text."""

import base64
import hashlib
import re
from dataclasses import replace
from html.parser import HTMLParser

import pytest
from report_samples import BROKEN, CRASHED, EVERYTHING, LAB, MISSING, batch_rows, row

from autograder.model import Row, Status
from autograder.report import staff_page, student_page
from autograder.report.folders import row_folders

HOSTILE = "<script>alert(1)</script><img src=x onerror=alert(1)>\"'--><b>{{ 7 * 7 }}</style>"
VOID = {"meta", "br", "input", "link", "img", "hr"}


class Page(HTMLParser):
    """Reads a page: tags in use, attributes, visible text; fails on tags that do not nest."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.attributes: list[tuple[str, str | None]] = []
        self.text = ""
        self.scripts: list[str] = []
        self._open: list[str] = []
        self.feed(html)
        assert self._open == []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.attributes += attrs
        if tag not in VOID:
            self._open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.attributes += attrs

    def handle_endtag(self, tag: str) -> None:
        assert self._open.pop() == tag

    def handle_data(self, data: str) -> None:
        if self._open[-1:] == ["script"]:
            self.scripts.append(data)
        elif self._open[-1:] != ["style"]:
            self.text += data

    @property
    def words(self) -> str:
        return " ".join(self.text.split())


def staff(rows: list[Row]) -> str:
    return staff_page(LAB, rows, row_folders(rows))


def hostile_row() -> Row:
    one = row(HOSTILE, {"test_pairs": CRASHED})
    first = one.result.exercises[0]
    odd = replace(
        first.tests[1], title=f"`{HOSTILE}`", hint=HOSTILE, note=HOSTILE, line=f"a.py:1: {HOSTILE}",
        message=HOSTILE, name=HOSTILE, counters={HOSTILE: 1.0},
    )  # fmt: skip
    exercises = (replace(first, tests=(odd,)), *one.result.exercises[1:])
    result = replace(one.result, exercises=exercises, versions={HOSTILE: HOSTILE})
    return Row(replace(one.attempt, group=HOSTILE, source=HOSTILE), result)


@pytest.mark.parametrize("one", batch_rows(), ids=lambda one: f"{one.attempt.student}")
def test_a_student_page_is_self_contained(one: Row) -> None:
    html = student_page(LAB, one)
    page = Page(html)
    assert "default-src 'none'; style-src 'unsafe-inline'\"" in html.replace("&#39;", "'")
    assert not {"script", "img", "link", "iframe", "object", "form", "base"} & set(page.tags)
    assert all((value or "").startswith("#") for name, value in page.attributes if name == "href")
    assert not re.search(r"url\(|@import|//", re.sub(r'content="[^"]*"', "", html))
    assert {"header", "main", "footer"} <= set(page.tags)
    assert ("lang", "en") in page.attributes


def test_every_link_and_label_finds_its_target() -> None:
    attributes = Page(student_page(LAB, row("ada", EVERYTHING))).attributes
    ids = [value for name, value in attributes if name == "id"]
    assert len(ids) == len(set(ids))
    targets = {(value or "")[1:] for name, value in attributes if name == "href"}
    labels = {value for name, value in attributes if name == "aria-labelledby"}
    assert targets | labels <= set(ids)


def test_the_student_page_says_what_a_student_wants_to_know() -> None:
    words = Page(student_page(LAB, row("ada", EVERYTHING, number=2, assumed=True))).words
    for wanted in (
        "An automatic differentiation engine", "ada", "Attempt 2", "Thu 16 Oct 2025, 21:02",
        "assumed", "16.5 of 36 points", "Start with Broadcasting: 2 of 3 tests pass.",
        "Broadcasting 3 / 6", "1 Wrong", "Raised ValueError.", "autograd/ops.py, line 42",
        "return np.transpose(g.data, self.axes)", "Hint. Multiply by the upstream gradient g",
        "CPU time, most in one test: 10 s (limit 10 s a call)", 
        "Memory, at most: 2 GiB (limit 2 GiB)",
        "What the words mean", "Your code ran, but its answer", "1f0c9a3e", "numpy 2.4.6", "bonus",
    ):  # fmt: skip
        assert wanted in words, wanted


def test_a_hint_shows_only_below_a_test_that_does_not_pass() -> None:
    words = Page(student_page(LAB, row("ada", {"test_pairs": MISSING}))).words
    assert LAB.tests[1].hint in words
    assert LAB.tests[0].hint not in words


def test_a_rejected_page_says_what_to_do() -> None:
    words = Page(student_page(LAB, row("olga", status=Status.REJECTED, reason="no zip"))).words
    assert "We could not grade this submission No zip." in words
    assert "holds autograd/*.py." in words
    assert "Hand it in the way" in words


def test_a_broken_page_says_whose_fault_it_is() -> None:
    endings = {test.name: BROKEN for test in LAB.tests}
    page = student_page(LAB, row("pia", endings, status=Status.BROKEN, reason="bwrap failed"))
    words = Page(page).words
    assert "This one is our fault" in words
    assert "costs you no points" in words
    assert "\N{EN DASH} of 36 points" in words
    assert "bwrap" not in page


def test_hostile_text_stays_text() -> None:
    student = Page(student_page(LAB, hostile_row()))
    assert "script" not in student.tags
    assert "alert(1)" in student.text
    page = Page(staff([hostile_row()]))
    assert page.tags.count("script") == 1
    assert "alert" not in page.scripts[0]
    for seen in (student, page):
        assert "49" not in seen.text
        assert not any(name.startswith("on") for name, _ in seen.attributes)
        assert "img" not in seen.tags


def test_the_staff_page_allows_its_own_script_and_no_other() -> None:
    html = staff(batch_rows())
    (script,) = Page(html).scripts
    digest = base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()
    assert f"script-src 'sha256-{digest}'" in html.replace("&#39;", "'")


def test_the_staff_page_shows_every_row_and_what_was_said() -> None:
    page = Page(staff(batch_rows()))
    for wanted in (
        "9 ", "1 submission is broken.", "16.5 / 36", "Hardest tests", "33 % (2 of 6)",
        "got[2, 3] is 1.25", "the zip names a file outside of itself", "bwrap: no permissions",
        "(assumed)", "nodes 61",
    ):  # fmt: skip
        assert wanted in page.words, wanted
    links = [value for name, value in page.attributes if name == "href"]
    assert "students/ada/2/report.html" in links
    assert "students/%C3%89mile%20Borel/1/report.html" in links


def test_a_long_message_is_cut_on_the_page() -> None:
    one = row("ada", {"test_pairs": CRASHED})
    first = one.result.exercises[0]
    odd = replace(first.tests[1], message="x" * 100_000)
    result = replace(one.result, exercises=(replace(first, tests=(odd,)),))
    assert len(staff([Row(one.attempt, result)])) < 50_000


def test_no_rows_make_a_page_all_the_same() -> None:
    assert "No submission was graded." in Page(staff([])).words
