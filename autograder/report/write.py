"""Writes the report of a batch into a folder."""

import os
from collections.abc import Iterator, Sequence
from pathlib import Path, PurePosixPath

from autograder.errors import InfraError, UsageError
from autograder.model import Lab, Row
from autograder.report.annotations import annotations
from autograder.report.folders import row_folders
from autograder.report.gradescope import student_view
from autograder.report.junit import batch_junit, junit
from autograder.report.pages import GENERATOR, staff_page, student_page
from autograder.report.staff import staff_view, to_json
from autograder.report.summary import summary_markdown

INDEX = PurePosixPath("index.html")


def write(out: Path, lab: Lab, rows: Sequence[Row]) -> Path:
    """Write all pages and files of a batch below `out`, and return the staff page.

    Each file appears whole or not at all, the staff page last; other files stay as they are.

    Args:
        out: a folder, made if there is none.
        lab: the lab that was graded.
        rows: one per submission.

    Raises:
        UsageError: `out` holds an index.html that is not ours.
        InfraError: `out` cannot be written; says what to do.
    """
    try:
        _refuse_foreign(out / INDEX)
        for name, data in files(lab, rows):
            put(out / name, data)
    except OSError as error:
        why = error.strerror or str(error)
        raise InfraError(
            f"cannot write the report to {out}: {why}; results are safe in the store: "
            "make room or choose another folder with --out, and run it again"
        ) from error
    return out / INDEX


def files(lab: Lab, rows: Sequence[Row]) -> Iterator[tuple[PurePosixPath, bytes]]:
    """Yield name and content of each file of a report, the staff page last."""
    folders = row_folders(rows)
    for row, folder in zip(rows, folders, strict=True):
        yield folder / "report.html", _utf8(student_page(lab, row))
        yield folder / "results.json", _utf8(to_json(student_view(lab, row)))
        yield folder / "junit.xml", junit(lab, row)
    yield PurePosixPath("results.json"), _utf8(to_json(staff_view(lab, rows)))
    yield PurePosixPath("junit.xml"), batch_junit(lab, rows)
    yield PurePosixPath("summary.md"), _utf8(summary_markdown(lab, rows))
    yield PurePosixPath("annotations.txt"), _utf8(annotations(lab, rows))
    yield INDEX, _utf8(staff_page(lab, rows, folders))


def _utf8(text: str) -> bytes:
    return text.encode(errors="replace")


def _refuse_foreign(index: Path) -> None:
    if index.is_file() and GENERATOR.encode() not in index.read_bytes()[:4096]:
        raise UsageError(f"{index} is not a report of ours: name another folder with --out")


def put(path: Path, data: bytes) -> None:
    """Write `path` at once or not at all, and its folder if there is none. Raises OSError."""
    path.parent.mkdir(parents=True, exist_ok=True)
    draft = path.with_name(f".{path.name}.{os.getpid()}")
    try:
        draft.write_bytes(data)
        draft.replace(path)
    finally:
        draft.unlink(missing_ok=True)
