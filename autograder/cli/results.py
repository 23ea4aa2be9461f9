"""`autograder results` and `autograder show`: what the store holds."""

from typing import Annotated

import typer

from autograder.cli.options import CourseOption, JsonOption, LabArgument, StoreOption


def results(
    lab: LabArgument,
    course: CourseOption = None,
    store: StoreOption = None,
    json: JsonOption = None,
) -> None:
    """List every attempt at a lab with its newest result."""
    from autograder.cli.archive import show_results
    from autograder.cli.output import check_target

    check_target(json)
    raise typer.Exit(show_results(course, lab, store, json))


def show(
    student: Annotated[str, typer.Argument(metavar="STUDENT", help="As `results` lists them.")],
    lab: LabArgument,
    course: CourseOption = None,
    store: StoreOption = None,
    json: JsonOption = None,
) -> None:
    """Show one student's attempts at a lab, and each test of the newest."""
    from autograder.cli.archive import show_student
    from autograder.cli.output import check_target

    check_target(json)
    raise typer.Exit(show_student(course, student, lab, store, json))
