"""junit.xml, of one row and of a batch: the student view, for tools that draw test results."""

from collections.abc import Iterable, Sequence
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
    return document(report.title, list(_suites(report)))


def batch_junit(lab: Lab, rows: Sequence[Row]) -> bytes:
    """Return all rows as one JUnit XML; the name of a suite starts with the student's."""
    suites: list[ET.Element] = []
    for row in rows:
        report = student_report(lab, row)
        for one in _suites(report):
            one.set("name", f"{report.student} #{report.attempt}: {one.get('name')}")
            suites.append(one)
    return document(lab.title, suites)


def document(title: str, suites: Sequence[ET.Element]) -> bytes:
    """Return a JUnit document of `suites`, its counts and its time being their sums."""
    root = ET.Element("testsuites", name=title)
    root.extend(suites)
    for count in ("tests", "failures", "errors"):
        root.set(count, str(sum(int(one.get(count, "0")) for one in suites)))
    root.set("time", f"{sum(float(one.get('time', '0')) for one in suites):.3f}")
    ET.indent(root)
    data: bytes = ET.tostring(root, encoding="utf-8", xml_declaration=True)
    return data


def _suites(report: StudentReport) -> Iterable[ET.Element]:
    if report.status is not Status.GRADED:
        yield _ungraded(report)
    for exercise in report.exercises:
        yield _suite(report, exercise)


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
    made = suite(name, cases, time)
    made.set("timestamp", report.submitted_at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S"))
    return made


def suite(name: str, cases: Sequence[ET.Element], time: str = "0.000") -> ET.Element:
    """Return a suite of `cases`, counted."""
    made = ET.Element(
        "testsuite",
        name=name,
        tests=str(len(cases)),
        failures=str(sum(case.find("failure") is not None for case in cases)),
        errors=str(sum(case.find("error") is not None for case in cases)),
        skipped="0",
        time=time,
    )
    made.extend(cases)
    return made


def _case(classname: str, test: StudentTest) -> ET.Element:
    case = ET.Element("testcase", classname=classname, name=test.title, time=_time([test]))
    if test.outcome is not Outcome.PASS:
        kind = "error" if test.outcome is Outcome.BROKEN else "failure"
        first, *_ = lines = explanation(test)
        ET.SubElement(case, kind, type=str(test.outcome), message=first).text = "\n".join(lines)
    return case


def _time(tests: Sequence[StudentTest]) -> str:
    return f"{sum(finite(test.wall_seconds) or 0.0 for test in tests):.3f}"
