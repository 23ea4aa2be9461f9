"""What the student and the staff may see of a batch: HTML, JSON, JUnit, Markdown."""

from autograder.report.annotations import annotations
from autograder.report.checked import check_files
from autograder.report.gradescope import failure_view, student_view
from autograder.report.junit import batch_junit, junit
from autograder.report.pages import staff_page, student_page
from autograder.report.staff import staff_view, to_json
from autograder.report.student import StudentReport, StudentTest, student_report, student_test
from autograder.report.summary import summary_markdown
from autograder.report.write import put, write

__all__ = [
    "StudentReport",
    "StudentTest",
    "annotations",
    "batch_junit",
    "check_files",
    "failure_view",
    "junit",
    "put",
    "staff_page",
    "staff_view",
    "student_page",
    "student_report",
    "student_test",
    "student_view",
    "summary_markdown",
    "to_json",
    "write",
]
