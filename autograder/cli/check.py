"""`autograder check`: the student's verb, in the folder they stand in."""

from pathlib import Path
from typing import Annotated

import typer

from autograder.cli.options import JsonOption


def check(
    lab: Annotated[
        str | None,
        typer.Argument(metavar="[LAB]", help="The lab's folder. Default: where you stand."),
    ] = None,
    exercise: Annotated[
        str | None, typer.Option("-e", "--exercise", help="Only this exercise.", metavar="EXERCISE")
    ] = None,
    json: JsonOption = None,
    out: Annotated[
        Path | None,
        typer.Option(help="Write summary.md and junit.xml here, for CI.", metavar="DIR"),
    ] = None,
    events: Annotated[
        Path | None,
        typer.Option(
            help="For programs: append a line of JSON to this file as each test ends.",
            metavar="FILE",
        ),
    ] = None,
) -> None:
    """Run a lab's public tests on your own code, and say what to look at first."""
    from autograder.cli.desk import check_folder, lab_folder
    from autograder.cli.output import check_target

    check_target(json)
    raise typer.Exit(check_folder(lab_folder(lab), exercise, json, events, out))
