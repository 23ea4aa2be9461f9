"""What the student and the staff may see of a batch: HTML, JSON, JUnit, Markdown."""

from autograder.report.gradescope import student_view
from autograder.report.junit import junit
from autograder.report.pages import staff_page, student_page
from autograder.report.staff import staff_view, to_json
from autograder.report.student import StudentReport, StudentTest, student_report, student_test
from autograder.report.summary import summary_markdown
from autograder.report.write import write

__all__ = [
    "StudentReport",
    "StudentTest",
    "junit",
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
