"""The part of a course that judges one lab, for a place that is to know no other."""

from pathlib import Path, PurePosixPath

from autograder.course.find import COURSE_FILE
from autograder.course.tree import files_under, read_bytes
from autograder.model import Lab

_NOT_JUDGED = ("mutants", "figures")


def judging_files(root: Path, lab: Lab) -> dict[PurePosixPath, bytes]:
    """Return the files without which `lab` cannot be judged, by their place in the course.

    It is a course by itself: hidden tests and the solution are in it, mutants and other labs not.

    Raises:
        CourseError: a file cannot be read.
    """
    files = {PurePosixPath(COURSE_FILE.as_posix()): read_bytes(root / COURSE_FILE)}
    for folder in (lab.path, lab.solution):
        place = PurePosixPath(folder.relative_to(root).as_posix())
        for name, path in files_under(folder).items():
            if folder == lab.solution or name.parts[0] not in _NOT_JUDGED:
                files[place / name] = read_bytes(path)
    return files
