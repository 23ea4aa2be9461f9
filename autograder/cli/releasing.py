"""The work behind `lab release`: what students get of a lab, as a folder or a zip."""

import zipfile
from collections.abc import Mapping
from pathlib import Path, PurePosixPath

from autograder.cli.output import people
from autograder.course import build, find_course, load_lab
from autograder.errors import UsageError

_EPOCH = (2025, 1, 1, 0, 0, 0)  # a zip of the same files is the same bytes


def release(course: Path | None, lab: str, target: Path) -> None:
    """Write the starter of `lab`, made anew from its sources, to the folder or zip `target`.

    Raises:
        UsageError: `target` exists already and is not an empty folder.
    """
    root = find_course(course)
    load_lab(root, lab)
    if target.exists() and not (target.is_dir() and not any(target.iterdir())):
        raise UsageError(f"{target} exists; name a new folder or zip with --to")
    files = build(root, lab)
    write = _write_zip if target.suffix == ".zip" else _write_folder
    target.parent.mkdir(parents=True, exist_ok=True)
    write(target, {PurePosixPath(lab) / name: data for name, data in files.items()})
    people(None).print(f"{len(files)} files of {lab} are in {target}", markup=False)


def _write_folder(target: Path, files: Mapping[PurePosixPath, bytes]) -> None:
    for name, data in files.items():
        path = target / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)


def _write_zip(target: Path, files: Mapping[PurePosixPath, bytes]) -> None:
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in sorted(files.items()):
            archive.writestr(zipfile.ZipInfo(str(name), _EPOCH), data, zipfile.ZIP_DEFLATED)
