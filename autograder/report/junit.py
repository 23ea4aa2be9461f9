"""The student's junit.xml: the student view, for tools that draw test results."""

from collections.abc import Sequence
from datetime import UTC
from xml.etree import ElementTree as ET

from autograder.model import Lab, Outcome, Row, Status
from autograder.report.gradescope import explanation, state
from autograder.report.student import StudentExercise, StudentReport, StudentTest, student_report
from autograder.report.text import finite


def junit(lab: Lab, row: Row) -> bytes:
    """Return one row as JUnit XML (UTF-8).

    An exercise is a suite and a test a case. What costs points is a ``failure`` whose type is the
    outcome; what is our fault is an ``error``. A submission that was not graded has a case that
    says so.
    """
    report = student_report(lab, row)
    root = ET.Element("testsuites", name=report.title)
    if report.status is not Status.GRADED:
        root.append(_ungraded(report))
    root.extend(_suite(report, exercise) for exercise in report.exercises)
    for count in ("tests", "failures", "errors"):
        root.set(count, str(sum(int(suite.get(count, "0")) for suite in root)))
    root.set("time", _time(report.tests))
    ET.indent(root)
    data: bytes = ET.tostring(root, encoding="utf-8", xml_declaration=True)
    return data


def _ungraded(report: StudentReport) -> ET.Element:
    """A suite of one case: the submission as a whole."""
    case = ET.Element("testcase", classname=report.lab, name="The submission", time="0.000")
    kind = "error" if report.status is Status.BROKEN else "failure"
    ET.SubElement(case, kind, type=str(report.status), message=state(report))
    return _suite_of(report, "Submission", [case], time="0.000")


def _suite(report: StudentReport, exercise: StudentExercise) -> ET.Element:
    classname = f"{report.lab}.{exercise.id}"
    cases = [_case(classname, test) for test in exercise.tests]
    return _suite_of(report, exercise.title, cases, time=_time(exercise.tests))


def _suite_of(
    report: StudentReport, name: str, cases: Sequence[ET.Element], time: str
) -> ET.Element:
    suite = ET.Element(
        "testsuite",
        name=name,
        tests=str(len(cases)),
        failures=str(sum(case.find("failure") is not None for case in cases)),
        errors=str(sum(case.find("error") is not None for case in cases)),
        skipped="0",
        time=time,
        timestamp=report.submitted_at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S"),
    )
    suite.extend(cases)
    return suite


def _case(classname: str, test: StudentTest) -> ET.Element:
    case = ET.Element("testcase", classname=classname, name=test.title, time=_time([test]))
    if test.outcome is not Outcome.PASS:
        kind = "error" if test.outcome is Outcome.BROKEN else "failure"
        first, *_ = lines = explanation(test)
        ET.SubElement(case, kind, type=str(test.outcome), message=first).text = "\n".join(lines)
    return case


def _time(tests: Sequence[StudentTest]) -> str:
    return f"{sum(finite(test.wall_seconds) or 0.0 for test in tests):.3f}"
