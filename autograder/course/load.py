"""The way in: a course and its labs, from the files of their authors."""

from pathlib import Path

from autograder.course.course_file import read_course
from autograder.course.digest import lab_digest
from autograder.course.find import COURSE_FILE
from autograder.course.inventory import take_inventory
from autograder.course.lab_file import check_points, check_solution, read_lab
from autograder.errors import CourseError
from autograder.model import Course, Lab
from autograder.plugins import suggest


def load_course(root: Path) -> Course:
    """Return the course under `root`, checked.

    Raises:
        CourseError: ``labs/course.toml`` is missing, or says something that cannot be.
    """
    return read_course(root / COURSE_FILE, root)


def load_lab(root: Path, lab_id: str) -> Lab:
    """Return the lab `lab_id` of the course under `root`, with its tests and its digest.

    Nothing of the lab is run: tests are read from their source.

    Raises:
        CourseError: no such lab, or a mistake in the course file, lab.toml, a test or the solution.
    """
    course = load_course(root)
    if lab_id not in course.lab_ids:
        raise _unknown(course, lab_id)
    lab, document = read_lab(root, lab_id, [lecture.id for lecture in course.lectures])
    lab = take_inventory(lab)
    check_points(lab, document)
    check_solution(lab, document)
    return lab_digest(lab)


def _unknown(course: Course, lab_id: str) -> CourseError:
    if any(lab_id in assignment.labs for assignment in course.assignments):
        message = f"the lab {lab_id!r} is planned, but labs/{lab_id}/lab.toml is not written yet"
    else:
        message = f"there is no lab {lab_id!r}; {suggest(lab_id, course.lab_ids)}"
    return CourseError.at(course.root / COURSE_FILE, 1, message)
