"""`autograder lab ...`: the author's verbs."""

from pathlib import Path
from typing import Annotated

import typer

from autograder.cli.options import (
    CourseOption,
    JobsOption,
    JsonOption,
    LabArgument,
    SandboxOption,
    cpus,
)

app = typer.Typer(help="What authors do with labs.", no_args_is_help=True)


@app.command("list", epilog="Example: autograder lab list")
def list_labs(course: CourseOption = None, json: JsonOption = None) -> None:
    """List the labs of the course."""
    from autograder.cli.labs import list_all
    from autograder.cli.output import check_target

    check_target(json)
    list_all(course, json)


@app.command(epilog="Example: autograder lab show lab1_autograd")
def show(lab: LabArgument, course: CourseOption = None, json: JsonOption = None) -> None:
    """Show a lab: exercises, tests, points, limits."""
    from autograder.cli.labs import show_one
    from autograder.cli.output import check_target

    check_target(json)
    show_one(course, lab, json)


@app.command(epilog="Example: autograder lab build --check")
def build(
    lab: Annotated[
        str | None, typer.Argument(metavar="[LAB]", help="Id of a lab. Default: all labs.")
    ] = None,
    check: Annotated[
        bool, typer.Option("--check", help="Write nothing; fail if starter/ is not up to date.")
    ] = False,
    course: CourseOption = None,
    json: JsonOption = None,
) -> None:
    """Generate starter/ from solutions/ and labs/."""
    from autograder.cli.labs import build_starters
    from autograder.cli.output import check_target

    check_target(json)
    raise typer.Exit(build_starters(course, lab, json, check=check))


@app.command(epilog="Example: autograder lab verify lab1_autograd -j 2")
def verify(
    lab: Annotated[
        str | None, typer.Argument(metavar="[LAB]", help="Id of a lab. Default: all labs.")
    ] = None,
    exercise: Annotated[
        list[str] | None,
        typer.Option("-e", "--exercise", help="Only this exercise; may be repeated.", metavar="ID"),
    ] = None,
    record: Annotated[
        bool, typer.Option("--record", help="Write what holds to labs/proofs.toml.")
    ] = False,
    stale: Annotated[
        bool,
        typer.Option("--stale", help="Only labs that changed since labs/proofs.toml; fail if any."),
    ] = False,
    generate: Annotated[
        int | None,
        typer.Option(
            "--generate",
            min=1,
            help="Instead, make N mutants from the solution and report which survive.",
            metavar="N",
            show_default=False,
        ),
    ] = None,
    course: CourseOption = None,
    sandbox: SandboxOption = "auto",
    jobs: JobsOption = None,
    json: JsonOption = None,
) -> None:
    """Prove a lab: the solution has full marks, the starter none, and its tests bite."""
    from autograder.cli.generating import survive
    from autograder.cli.output import check_target
    from autograder.cli.proving import Wanted, prove
    from autograder.executor.local import LocalExecutor
    from autograder.verify.work import GRADE

    check_target(json)
    place = LocalExecutor(jobs or cpus(), GRADE)
    chosen = tuple(exercise or ())
    wanted = Wanted(course, lab, chosen, record, stale, sandbox, json)
    raise typer.Exit(survive(wanted, generate, place) if generate else prove(wanted, place))


@app.command(epilog="Example: autograder lab release lab1_autograd --to lab1.zip")
def release(
    lab: LabArgument,
    to: Annotated[Path, typer.Option("--to", help="A new folder or zip.", metavar="DIR|ZIP")],
    course: CourseOption = None,
) -> None:
    """Write what students get of a lab: starter files, handout, public tests."""
    from autograder.cli.releasing import release as write

    write(course, lab, to)
