"""`autograder bundle ...`: the judge, packed for other platforms."""

from pathlib import Path
from typing import Annotated

import typer

from autograder.cli.options import CourseOption, LabArgument, SandboxOption, TrustedOption

app = typer.Typer(help="The judge of a lab, packed for other platforms.", no_args_is_help=True)


@app.callback()
def _group() -> None:
    pass


@app.command(epilog="Example: autograder bundle gradescope lab1_autograd --to lab1-gradescope.zip")
def gradescope(
    lab: LabArgument,
    to: Annotated[Path, typer.Option("--to", help="A new zip.", metavar="FILE.zip")],
    course: CourseOption = None,
) -> None:
    """Write the zip of a Gradescope autograder. It is confidential."""
    from autograder.cli.bundling import bundle_gradescope

    bundle_gradescope(course, lab, to)


@app.command(hidden=True)
def run(
    lab: LabArgument,
    at: Annotated[Path, typer.Argument(metavar="DIR", help="Gradescope's /autograder.")],
    course: Annotated[Path, typer.Option("--course", metavar="PATH")],
    sandbox: SandboxOption = "user",
    trusted: TrustedOption = False,
) -> None:
    """Judge one submission where such a zip is unpacked; its run_autograder calls this."""
    from autograder.cli.handed_over import judge_handed_over

    raise typer.Exit(judge_handed_over(course, lab, at, sandbox, trusted=trusted))
