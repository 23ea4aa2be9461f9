"""What `check` found, as Markdown, JUnit XML and annotations. Nobody is to believe it.

It comes out of the student's own process, in the student's own repository.
"""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any
from xml.etree import ElementTree as ET

from autograder.model import Outcome
from autograder.report.annotations import command
from autograder.report.junit import document, suite
from autograder.report.text import markdown, printable

Checked = Mapping[str, Any]  # the document of ``check --json``

_EARNS_NOTHING = "Public tests, run in this repository: they earn no points by themselves."


def check_files(checked: Checked) -> Mapping[str, bytes]:
    """Return the files of a check, by name."""
    return {
        "summary.md": check_summary(checked).encode(),
        "junit.xml": check_junit(checked),
        "annotations.txt": _annotation(checked).encode(),
    }


def check_summary(checked: Checked) -> str:
    """Return a GitHub-flavoured Markdown table of exercises, and the test to look at first."""
    lines = [
        f"### {markdown(_title(checked))}",
        "",
        "| Exercise | Tests passed | Outcome |",
        "| :-- | --: | :-- |",
        *(
            f"| {markdown(name)} | {_passed(tests)} / {len(tests)} | {_worst(tests)} |"
            for name, tests in _exercises(checked)
        ),
        "",
    ]
    if first := checked["first"]:
        lines += [f"Look first at: {markdown(first['title'])}", ""]
        said = filter(None, [first["difference"], first["line"], _hint(first)])
        lines += [*(f"- {markdown(text)}" for text in said), ""]
    return "\n".join([*lines, _EARNS_NOTHING]) + "\n"


def check_junit(checked: Checked) -> bytes:
    """Return a check as JUnit XML (UTF-8): an exercise is a suite and a test a case."""
    suites = [
        suite(name, [_case(f"{checked['lab']}.{name}", test) for test in tests])
        for name, tests in _exercises(checked)
    ]
    return document(printable(_title(checked)), suites)


def _annotation(checked: Checked) -> str:
    first = checked["first"]
    if not first:
        return command("notice", _title(checked), "all public tests pass")
    return command("error", _title(checked), f"look first at: {first['title']}")


def _title(checked: Checked) -> str:
    return f"Public tests of {checked['lab']} {checked['version']}".strip()


def _exercises(checked: Checked) -> Iterator[tuple[str, Sequence[Checked]]]:
    for name in dict.fromkeys(test["exercise"] for test in checked["tests"]):
        yield name, [test for test in checked["tests"] if test["exercise"] == name]


def _passed(tests: Sequence[Checked]) -> int:
    return sum(test["outcome"] == Outcome.PASS for test in tests)


def _worst(tests: Sequence[Checked]) -> str:
    lost = (test["outcome"] for test in tests if test["outcome"] != Outcome.PASS)
    return markdown(next(lost, Outcome.PASS.value))


def _case(classname: str, test: Checked) -> ET.Element:
    case = ET.Element("testcase", classname=classname, name=printable(test["title"]), time="0.000")
    if test["outcome"] != Outcome.PASS:
        said = [test["message"] or test["note"] or test["outcome"], test["line"], _hint(test)]
        lines = [printable(text) for text in said if text]
        failure = ET.SubElement(case, "failure", type=test["outcome"], message=lines[0])
        failure.text = "\n".join(lines)
    return case


def _hint(test: Checked) -> str:
    return f"Hint: {test['hint']}" if test["hint"] else ""
