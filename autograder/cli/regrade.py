"""`autograder regrade`: the stored files again, under the lab as it is now."""

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


def regrade(
    lab: LabArgument,
    student: Annotated[
        str | None, typer.Option("--student", help="Only this student's attempts.", metavar="ID")
    ] = None,
    since: Annotated[
        str | None,
        typer.Option("--since", help="Only what was handed in then or later.", metavar="DATE"),
    ] = None,
    as_result: Annotated[
        int | None,
        typer.Option(
            "--as",
            help="Repeat the judging that gave this result, and say whether both agree.",
            metavar="RESULT",
        ),
    ] = None,
    course: CourseOption = None,
    sandbox: SandboxOption = "auto",
    device: DeviceOption = "auto",
    executor: ExecutorOption = "local",
    jobs: JobsOption = None,
    store: StoreOption = None,
    json: JsonOption = None,
    trusted: TrustedOption = False,
) -> None:
    """Judge stored files again; results are added, none is replaced. Shows old and new scores."""
    from autograder.cli.again import judge_again, repeat
    from autograder.cli.output import check_target
    from autograder.cli.terms import agree, refuse_unwalled
    from autograder.executor import executor as find_executor

    check_target(json)
    place = find_executor(executor, jobs or cpus())
    if as_result is not None:
        raise typer.Exit(repeat(course, lab, as_result, place, store, json, trusted=trusted))
    terms = agree(course, lab, sandbox, device, create_secret=False)
    refuse_unwalled(terms.sandbox, "stored submissions", trusted=trusted)
    raise typer.Exit(judge_again(terms, place, store, json, student=student, since=since))
