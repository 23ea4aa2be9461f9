"""The verbs, in the order in which `autograder --help` lists them."""

from typing import Annotated

import typer

import autograder
from autograder.cli import bundle, check, doctor, grade, lab, nbgrader, regrade, results, submit

app = typer.Typer(
    name="autograder",
    help="Judges what students hand in, each in a box; the judge stays outside.",
    epilog="Start with: autograder doctor",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)


def _version(wanted: bool) -> None:
    if wanted:
        typer.echo(f"autograder {autograder.__version__}")
        raise typer.Exit


@app.callback()
def _options(
    version: Annotated[
        bool, typer.Option("--version", callback=_version, is_eager=True, help="Say which version.")
    ] = False,
) -> None:
    pass


app.command(epilog="Example: autograder check -e softmax")(check.check)
app.command(epilog="Example: autograder submit")(submit.submit)
app.command(epilog="Example: autograder grade lab1_autograd submissions/ -j 2 --out report")(
    grade.grade
)
app.command(epilog="Example: autograder results lab1_autograd --json -")(results.results)
app.command(epilog="Example: autograder show ada lab1_autograd")(results.show)
app.command(epilog="Example: autograder regrade lab1_autograd --since 2025-10-01")(regrade.regrade)
app.command(epilog="Example: autograder doctor --json -")(doctor.doctor)
app.add_typer(lab.app, name="lab")
app.add_typer(nbgrader.app, name="nbgrader")
app.add_typer(bundle.app, name="bundle")
