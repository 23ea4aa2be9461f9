"""Options that several verbs share."""

import os
from pathlib import Path
from typing import Annotated

import typer

LabArgument = Annotated[str, typer.Argument(metavar="LAB", help="Id of a lab: lab1_autograd.")]
CourseOption = Annotated[
    Path | None,
    typer.Option(
        "--course",
        help="The course's root folder. Default: AUTOGRADER_COURSE, else the nearest parent folder"
        " that holds labs/course.toml.",
        metavar="PATH",
        show_default=False,
    ),
]
StoreOption = Annotated[
    str | None,
    typer.Option(
        "--store",
        help="Where attempts and results are kept, as a database URL. Default: AUTOGRADER_STORE,"
        " else a SQLite file in your data folder.",
        metavar="URL",
        show_default=False,
    ),
]
JsonOption = Annotated[
    str | None,
    typer.Option(
        "--json", help="Also write JSON to this file; - for standard output.", metavar="FILE"
    ),
]
SandboxOption = Annotated[
    str,
    typer.Option(
        "--sandbox",
        help="The wall: auto (namespace, else docker), namespace, docker, user or none.",
        metavar="NAME",
    ),
]
DeviceOption = Annotated[
    str,
    typer.Option(
        "--device",
        help="Where kernels run: auto, virtual, gpu or npu. auto is virtual on any machine, so that"
        " results stay comparable; gpu earns the same, and also times kernels on a real GPU.",
        metavar="NAME",
    ),
]
ExecutorOption = Annotated[
    str,
    typer.Option("--executor", help="Where submissions are judged: local or ray.", metavar="NAME"),
]
JobsOption = Annotated[
    int | None,
    typer.Option(
        "-j",
        "--jobs",
        min=1,
        help="Submissions judged at once. Default: one per CPU.",
        metavar="N",
        show_default=False,
    ),
]
TrustedOption = Annotated[
    bool,
    typer.Option("--trusted", help="With --sandbox none: I vouch for this code; run it unwalled."),
]


def cpus() -> int:
    """Return how many CPUs this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
