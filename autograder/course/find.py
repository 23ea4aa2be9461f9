"""Which course is meant."""

import os
from pathlib import Path

from autograder.errors import CourseError

COURSE_FILE = Path("labs", "course.toml")


def find_course(explicit: Path | None = None) -> Path:
    """Return the folder that holds ``labs/course.toml``.

    It is `explicit` (that folder, or the file itself), else what AUTOGRADER_COURSE names, else
    the nearest parent of the working folder that has the file.

    Raises:
        CourseError: there is none.
    """
    if explicit is not None:
        return _named(explicit, "--course")
    if chosen := os.environ.get("AUTOGRADER_COURSE"):
        return _named(Path(chosen), "AUTOGRADER_COURSE")
    here = Path.cwd()
    for folder in (here, *here.parents):
        if (folder / COURSE_FILE).is_file():
            return folder
    raise CourseError.at(
        here / COURSE_FILE,
        1,
        "there is no course here, nor in any folder above; go to the course's folder, "
        "or name it with --course PATH or AUTOGRADER_COURSE",
    )


def _named(path: Path, source: str) -> Path:
    root = path.expanduser().absolute()
    if root.is_file() and root.parts[-2:] == COURSE_FILE.parts:
        return root.parent.parent
    if (root / COURSE_FILE).is_file():
        return root
    raise CourseError.at(
        root / COURSE_FILE,
        1,
        f"{source} names a folder without a course; name the one that holds {COURSE_FILE}",
    )
