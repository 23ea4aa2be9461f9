"""`autograder submit`: the student's verb that packs what is handed in."""

from pathlib import Path
from typing import Annotated

import typer

from autograder.cli.options import JsonOption


def submit(
    lab: Annotated[
        str | None,
        typer.Argument(metavar="[LAB]", help="The lab's folder. Default: where you stand."),
    ] = None,
    to: Annotated[
        Path | None,
        typer.Option(help="Folder for the zip and its receipt. Default: the lab's.", metavar="DIR"),
    ] = None,
    json: JsonOption = None,
) -> None:
    """Pack what you hand in as <lab>-<time>.zip, with a receipt."""
    from autograder.cli.desk import lab_folder
    from autograder.cli.handing_in import pack
    from autograder.cli.output import check_target

    check_target(json)
    folder = lab_folder(lab)
    pack(folder, to or folder, json)
