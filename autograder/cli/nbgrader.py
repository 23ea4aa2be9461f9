"""`autograder nbgrader ...`: for instructors who work with nbgrader."""

from pathlib import Path
from typing import Annotated

import typer

from autograder.cli.options import CourseOption

app = typer.Typer(help="nbgrader's course folder, with our judge.", no_args_is_help=True)


@app.callback()
def _group() -> None:
    pass


@app.command(epilog="Example: autograder nbgrader init ~/grading --roster class.csv")
def init(
    target: Annotated[Path, typer.Argument(metavar="DIR", help="nbgrader's course folder.")],
    roster: Annotated[
        Path | None,
        typer.Option(help="CSV with the columns id, first_name, last_name, email.", metavar="FILE"),
    ] = None,
    exchange: Annotated[
        Path | None,
        typer.Option(help="nbgrader's exchange, which students can reach.", metavar="DIR"),
    ] = None,
    course: CourseOption = None,
) -> None:
    """Set up a course folder in which nbgrader's own verbs and formgrader work."""
    from autograder.cli.output import people
    from autograder.course import find_course
    from autograder.nbgrader.course_folder import CONFIG, set_up

    labs = set_up(find_course(course), target, roster=roster, exchange=exchange)
    said = f"{target / CONFIG}: {', '.join(labs)}\nNext, in {target}: "
    said += f"nbgrader generate_assignment {labs[0]}"
    people(None).print(said, markup=False, soft_wrap=True)
