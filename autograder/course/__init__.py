"""What authors wrote, read and checked: course, labs, tests; and what students get of it."""

from autograder.course.find import find_course
from autograder.course.load import load_course, load_lab
from autograder.course.starter import build, check_starter, write_starter

__all__ = [
    "build",
    "check_starter",
    "find_course",
    "load_course",
    "load_lab",
    "write_starter",
]
