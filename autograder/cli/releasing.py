"""The work behind `lab release`: what students get of a lab, as a folder or a zip."""

from collections.abc import Mapping
from pathlib import Path, PurePosixPath

from autograder.cli.output import people
from autograder.cli.zipping import write_zip
from autograder.course import build, find_course, load_course, load_lab
from autograder.course.lab_card import NAME, lab_card
from autograder.course.starter import goes_along
from autograder.errors import CourseError, UsageError
from autograder.model import Lab

_WHY = {
    "AI_POLICY.md": "write what students may use AI tools for",
    "CHANGELOG.md": "write what changed for students, newest first, under headings like '## 1.0.0'",
    "requirements.txt": "pin there what students install beside our wheel, such as numpy==2.4.6",
}


def release(course: Path | None, lab: str, target: Path) -> None:
    """Write the starter of `lab`, made anew from its sources, to the folder or zip `target`.

    Raises:
        UsageError: `target` exists already and is not an empty folder, or cannot be written.
        CourseError: the lab lacks something that students are to receive.
    """
    root = find_course(course)
    loaded = load_lab(root, lab)
    if target.exists() and not (target.is_dir() and not any(target.iterdir())):
        raise UsageError(f"{target} exists; name a new folder or zip with --to")
    _refuse_incomplete(loaded)
    given = {**build(root, lab), PurePosixPath(NAME): lab_card(load_course(root), loaded)}
    files = {PurePosixPath(lab) / name: given[name] for name in sorted(given)}
    write = write_zip if target.suffix.lower() == ".zip" else _write_folder
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        write(target, files)
    except OSError as error:
        where = f"{error.filename}: {error.strerror}"
        raise UsageError(f"{target} cannot be written ({where})") from error
    said = f"{lab} {loaded.version}: {len(files)} files are in {target}"
    people(None).print(said, markup=False, soft_wrap=True)


def _refuse_incomplete(lab: Lab) -> None:
    for name, path in goes_along(lab).items():
        if not path.exists():
            message = f"a release holds this file, and it is not there; {_WHY[name]}"
            raise CourseError.at(path, 1, message)


def _write_folder(target: Path, files: Mapping[PurePosixPath, bytes]) -> None:
    for name, data in files.items():
        path = target / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)
