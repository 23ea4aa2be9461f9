"""junit.xml has the shape that CI systems read."""

from dataclasses import replace
from xml.etree import ElementTree as ET

import pytest
from report_samples import BROKEN, CRASHED, EVERYTHING, LAB, WRONG, batch_rows, row

from autograder.model import Row, Status
from autograder.report import junit

# element -> (attributes it must have, attributes it may have, children it may have)
SHAPE = {
    "testsuites": ({"name", "tests", "failures", "errors", "time"}, set(), {"testsuite"}),
    "testsuite": (
        {"name", "tests", "failures", "errors", "time"}, {"skipped", "timestamp"}, {"testcase"},
    ),
    "testcase": ({"name", "classname", "time"}, set(), {"failure", "error"}),
    "failure": ({"type", "message"}, set(), set()),
    "error": ({"type", "message"}, set(), set()),
}  # fmt: skip


def check_shape(element: ET.Element) -> None:
    must, may, children = SHAPE[element.tag]
    assert must <= set(element.keys()) <= must | may, element.tag
    for child in element:
        assert child.tag in children, f"{child.tag} in {element.tag}"
        check_shape(child)


def check_counts(root: ET.Element) -> None:
    for suite in [root, *root.findall("testsuite")]:
        for count, found in (("tests", "testcase"), ("failures", "failure"), ("errors", "error")):
            assert int(suite.get(count, "")) == len(list(suite.iter(found)))


@pytest.mark.parametrize("one", batch_rows(), ids=lambda one: f"{one.attempt.student}")
def test_every_kind_of_row_has_the_common_shape(one: Row) -> None:
    data = junit(LAB, one)
    assert data.startswith(b"<?xml")
    root = ET.fromstring(data)
    assert root.tag == "testsuites"
    check_shape(root)
    check_counts(root)


def test_what_costs_points_is_a_failure_named_by_its_outcome() -> None:
    root = ET.fromstring(junit(LAB, row("ada", EVERYTHING)))
    types = [failure.get("type") for failure in root.iter("failure")]
    assert types == ["wrong", "partial", "crashed", "forbidden", "memory", "timeout", "missing"]
    assert root.get("errors") == "0"


def test_what_is_our_fault_is_an_error() -> None:
    broken = row("pia", status=Status.BROKEN, reason="bwrap failed")
    root = ET.fromstring(junit(LAB, broken))
    assert (root.get("errors"), root.get("failures")) == ("1", "0")
    assert "bwrap" not in junit(LAB, broken).decode()


def test_a_single_broken_test_is_an_error_too() -> None:
    endings = {"test_pairs": BROKEN, "test_axes": WRONG}
    root = ET.fromstring(junit(LAB, row("pia", endings, status=Status.BROKEN)))
    assert [error.get("type") for error in root.iter("error")] == ["broken", "broken"]
    assert [failure.get("type") for failure in root.iter("failure")] == ["wrong"]


def test_a_rejected_row_fails_once_with_its_reason() -> None:
    root = ET.fromstring(junit(LAB, row("olga", status=Status.REJECTED, reason="no zip")))
    (failure,) = root.iter("failure")
    assert failure.get("type") == "rejected"
    assert "no zip" in failure.get("message", "")


def test_markup_and_control_characters_cannot_break_out() -> None:
    one = row("ada", {"test_pairs": CRASHED})
    first = one.result.exercises[0]
    odd = replace(first.tests[1], line='a.py:1: x = "]]></failure>\x00\x08\ufffe<error>&\udcff"')
    result = replace(one.result, exercises=(replace(first, tests=(odd,)),))
    root = ET.fromstring(junit(LAB, Row(one.attempt, result)))
    (failure,) = root.iter("failure")
    assert "]]></failure>" in (failure.text or "")
    assert not list(root.iter("error"))
