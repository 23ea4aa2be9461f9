"""`autograder grade`: from a folder of submissions to scores, a report and JSON."""

from pathlib import Path
from typing import Annotated

import typer

from autograder.cli.options import (
    CourseOption,
    DeviceOption,
    ExecutorOption,
    JobsOption,
    JsonOption,
    LabArgument,
    SandboxOption,
    StoreOption,
    TrustedOption,
    cpus,
)


def grade(
    lab: LabArgument,
    paths: Annotated[
        list[Path] | None,
        typer.Argument(metavar="PATH", help="Submissions, or folders of them; zips too."),
    ] = None,
    course: CourseOption = None,
    sandbox: SandboxOption = "auto",
    device: DeviceOption = "auto",
    executor: ExecutorOption = "local",
    jobs: JobsOption = None,
    store: StoreOption = None,
    out: Annotated[
        Path | None, typer.Option("--out", help="Write the report pages here.", metavar="DIR")
    ] = None,
    json: JsonOption = None,
    submitted_at: Annotated[
        str | None,
        typer.Option(
            "--submitted-at",
            help="When it was handed in: 2025-10-16T21:03 (the course's time zone, unless given).",
            metavar="TIME",
        ),
    ] = None,
    from_nbgrader: Annotated[
        Path | None,
        typer.Option(
            "--from-nbgrader",
            help="Instead of PATH: nbgrader's course folder; its grade book is written, too.",
            metavar="DIR",
        ),
    ] = None,
    trusted: TrustedOption = False,
) -> None:
    """Judge submissions; what was judged before under the same terms is not judged again."""
    # Here, as in every verb: `--help` and `check` start without the database and all that.
    from autograder.cli.batch import grade_paths
    from autograder.cli.outcome import publish
    from autograder.cli.output import check_target
    from autograder.cli.terms import agree, refuse_strangers
    from autograder.errors import UsageError
    from autograder.executor import executor as find_executor

    check_target(json)
    if not paths and from_nbgrader is None:
        raise UsageError("name a PATH: a submission, or a folder of them; or --from-nbgrader DIR")
    paths = paths or []
    place = find_executor(executor, jobs or cpus())
    terms = agree(course, lab, sandbox, device, create_secret=True)
    refuse_strangers(terms, paths, trusted=trusted)
    if from_nbgrader is None:
        rows = grade_paths(terms, paths, place, store, submitted_at)
        raise typer.Exit(publish(terms, rows, out=out, json_target=json))

    from autograder.cli.nbgrading import fill, grade_class

    rows = grade_class(terms, from_nbgrader, paths, place, store)
    code = publish(terms, rows, out=out, json_target=json)
    fill(terms, from_nbgrader, rows, store)  # last: whatever nbgrader does, the report is there
    raise typer.Exit(code)
