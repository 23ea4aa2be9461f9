"""What `check` says about the one test to look at first."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from rich.console import Console
from rich.text import Text

from autograder.cli.output import plain
from autograder.model import Outcome

Report = Mapping[str, Any]

_PREFIXES = ("AssertionError: ", "CallFailed: ")


def first_to_look_at(reports: Sequence[Report]) -> Report | None:
    """Return the first test that fails: one of code that is written, if any is."""
    failing = [report for report in reports if report["outcome"] != Outcome.PASS]
    begun = (report for report in failing if report["outcome"] != Outcome.MISSING)
    return next(begun, None) or next(iter(failing), None)


def explain(console: Console, report: Report) -> None:
    """Say what failed, on which inputs, by how much, where, the hint, and how to step into it."""
    for text, style in _lines(report) if report["began"] else _no_import(report):
        console.print(Text(plain(text), style=style), soft_wrap=True)


def _lines(report: Report) -> Iterator[tuple[str, str]]:
    yield f"Look first at: {report['title']}", "bold"
    if report["case"]:
        yield f"  Case: {report['case']}", ""
    for name, text in report["inputs"].items():
        yield _hanging(f"    {name} = ", text), "dim"
    yield f"  {difference(report)}", "red"
    if report["line"]:
        yield f"  {report['line']}", ""
    if report["hint"]:
        yield f"  Hint: {report['hint']}", "cyan"
    yield f"  To step into it: pytest -k {report['name']} --pdb", "dim"


def _no_import(report: Report) -> Iterator[tuple[str, str]]:
    """What to say where no test can begin: it is not about the test, nor is its hint."""
    yield "Your files cannot be imported, so no test can begin.", "bold"
    yield f"  {difference(report)}", "red"
    if report["line"]:
        yield f"  {report['line']}", ""
    yield '  For the whole story: python -c "import probes"', "dim"


def _hanging(head: str, text: str) -> str:
    """Put `text` after `head`, its further lines below its first."""
    return head + text.replace("\n", "\n" + " " * len(head))


def difference(report: Report) -> str:
    """Return what went wrong, in one line; the traceback is for --pdb."""
    first: str = (report["message"] or report["note"] or report["outcome"]).partition("\n")[0]
    for prefix in (*_PREFIXES, f"{report['case']}: "):
        first = first.removeprefix(prefix)
    return first
