"""`autograder doctor`: what this machine can do, and what to install for the rest."""

import typer

from autograder.cli.options import CourseOption, JsonOption


def doctor(course: CourseOption = None, json: JsonOption = None) -> None:
    """Say what this machine can do, and what to install for the rest."""
    from autograder.cli.machine import examine
    from autograder.cli.output import check_target

    check_target(json)
    raise typer.Exit(examine(course, json))
