"""The work behind `doctor`: one finding for each thing that grading may need."""

from collections.abc import Callable, Sequence
from dataclasses import asdict
from pathlib import Path

from rich.text import Text

from autograder.cli import findings
from autograder.cli.findings import Finding
from autograder.cli.output import people, plain, write_json
from autograder.errors import InfraError

_EXAMINED: Sequence[Callable[[], list[Finding]]] = (
    findings.python,
    findings.extras,
    findings.sandboxes,
    findings.kernel,
    findings.tools,
    findings.accelerators,
)


def examine(course: Path | None, json_target: str | None) -> int:
    """Show what this machine can do; return 0 if it can grade, 3 if no wall can be had."""
    found = [finding for examined in _EXAMINED for finding in examined()]
    found += findings.course_files(course)
    possible = any(finding.wall and finding.ok for finding in found)
    console = people(json_target)
    for one in found:
        console.print(_line(one), soft_wrap=True)
    console.print(_summary(possible), soft_wrap=True)
    document = [{k: v for k, v in asdict(one).items() if k != "wall"} for one in found]
    write_json(json_target, {"schema": 1, "grading": possible, "findings": document})
    return 0 if possible else InfraError.exit_code


def _line(one: Finding) -> Text:
    """One line, not a cell of a table: people copy what to do from it."""
    mark = ("ok      ", "green") if one.ok else ("missing ", "yellow")
    line = Text.assemble(mark, (f"{one.name:20}", "bold"), plain(one.detail))
    if one.advice:
        line.append(plain(f"{'; ' if one.detail else ''}{one.advice}"), style="cyan")
    return line


def _summary(possible: bool) -> Text:
    if possible:
        return Text("This machine can grade.", style="green")
    return Text(
        "This machine cannot grade other people's code: no wall can be had. "
        "The sandbox lines above say what to do.",
        style="red",
    )
