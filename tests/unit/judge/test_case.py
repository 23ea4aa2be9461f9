"""A failing test is told with its case and its inputs: to staff here, to students at their desk."""

import textwrap
from dataclasses import asdict
from pathlib import Path

import numpy as np
import pytest

from autograder.judge import CallFailed, case
from autograder.judge.desk import DeskStudent
from autograder.judge.inputs import in_words
from autograder.judge.trial import trial
from autograder.judge.verdict import verdict
from autograder.model import Observation, Outcome

PROBES = """
from answer import double


def twice(x, scale=1):
    return scale * double(x)


def many(probe, cases):
    return [globals()[probe](*case) for case in cases]


def each(cases):
    for case in cases:
        double(case)


def at_once(cases):
    return [double(case) for case in list(cases)]
"""
ANSWER = """
def double(x):
    if x == 3:
        raise ValueError(x)
    return 2 * x
"""


def failed(error: Exception, *labels: str, **inputs: object):
    """Return the error raised in cases of these labels (outermost first), and its verdict."""
    with trial() as now:
        now.observed = True
        try:
            raise_in(error, labels, inputs)
        except Exception as raised:
            return raised, verdict(now, raised, {})


def raise_in(error, labels, inputs):
    if not labels:
        raise error
    with case(labels[0], **inputs):
        raise_in(error, labels[1:], inputs)


@pytest.mark.parametrize(
    "error",
    [AssertionError("off by 2"), CallFailed("p", Observation(Outcome.CRASHED))],
    ids=lambda error: type(error).__name__,
)
def test_what_fails_begins_with_the_label_and_ends_with_the_inputs(error):
    said = str(error)
    raised, judged = failed(error, "x < 0", x=np.arange(3), mode="full")
    assert str(raised) == f"x < 0: {said}"
    assert judged.message.startswith(f"{type(error).__name__}: x < 0: {said}\n")
    assert judged.message.endswith("\n  x = int64 (3,) [0, 1, 2]\n  mode = 'full'")


def test_a_bare_assert_is_told_by_its_line():
    raised, _ = failed(AssertionError(), "a case")
    assert str(raised) == "a case: raise error"


def test_another_exception_keeps_its_words_but_has_inputs():
    raised, judged = failed(KeyError("grads"), "a case", n=4)
    assert str(raised) == "'grads'"
    assert (judged.outcome, judged.message) == ("wrong", "KeyError: 'grads'\n  n = 4")


def test_of_nested_cases_both_labels_and_the_innermost_inputs():
    with trial() as now, pytest.raises(AssertionError, match="outer: inner: no"):  # noqa: SIM117
        with case("outer", a=1), case("inner", b=2):
            raise AssertionError("no")
    assert now.case.inputs == {"b": 2}


def test_a_case_that_ends_well_leaves_nothing():
    with trial() as now:
        with case("fine", x=1):
            pass
        assert now.case is None


def test_students_of_a_judged_test_learn_neither_label_nor_inputs():
    _, judged = failed(AssertionError("no"), "telling", x=0.12345)
    shown = asdict(judged) | {"message": ""}
    assert "telling" not in str(shown) and "0.12345" not in str(shown)


def test_the_staff_message_is_bounded_and_the_error_comes_first():
    inputs = {f"x{n}": "y" * 10_000 for n in range(1000)}
    _, judged = failed(AssertionError("z" * 100_000), "big", **inputs)
    assert len(judged.message) <= 8000
    assert judged.message.startswith("AssertionError: big: zzz")
    assert "\n  x0 = 'yyy" in judged.message


@pytest.mark.parametrize(
    ("value", "words"),
    [
        (np.float32([[1, 2], [3, 4]]), "float32 (2, 2) [[1., 2.],\n                [3., 4.]]"),
        (np.arange(61), "int64 (61,) [ 0,  1,  2, ..., 58, 59, 60]"),
        (np.zeros((9, 9, 9), int), "int64 (9, 9, 9) [0, 0, 0, ..., 0, 0, 0]"),
        (np.float64([]), "float64 (0,) []"),
        ([np.int64([1]), None], "[int64 (1,) [1], None]"),
        ({"axis": (0, 1), "keepdims": True}, "{'axis': (0, 1), 'keepdims': True}"),
        ([[[[1]]]], "[[[[...]]]]"),
        (list(range(99)), "[0, 1, 2, 3, 4, 5, 6, 7, ...]"),
    ],
)  # fmt: skip
def test_an_input_in_words(value, words):
    assert in_words({"x": value}) == {"x": words}


@pytest.mark.parametrize("value", [np.zeros((6,) * 8, np.int8), [[[["x" * 999] * 99] * 99] * 99]])
def test_a_huge_input_is_short(value):
    assert len(in_words({"x": value})["x"]) <= 1201


@pytest.fixture
def desk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> DeskStudent:
    for name, text in (("probes.py", PROBES), ("answer.py", ANSWER)):
        (tmp_path / name).write_text(textwrap.dedent(text))
    monkeypatch.syspath_prepend(tmp_path)
    return DeskStudent(tmp_path)


@pytest.mark.parametrize(
    ("arguments", "label", "inputs"),
    [
        (["twice", 3], "call of twice", {"x": 3}),
        (["twice", 2, 5], "call of twice", {"x": 2, "scale": 5}),
        (["twice", 1, 2, 3], "call of twice", {"argument 1": 1, "argument 2": 2, "argument 3": 3}),
        (["many", "twice", [[1], [3]]], "call of many, case 2 of 2", {"probe": "twice", "x": 3}),
        (["many", "none", [[1]]], "call of many, case 1 of 1", {"case": [1]}),
        (["many", "twice", [[1], [2]]], "call of many", {"probe": "twice", "cases": [[1], [2]]}),
        (["each", [1, 2, 3]], "call of each, case 3 of 3", {"case": 3}),
        (["at_once", [1, 3]], "call of at_once", {"cases": [1, 3]}),
        (["each", 7], "call of each", {"cases": 7}),
    ],
)  # fmt: skip
def test_a_desk_knows_the_newest_call(desk, arguments, label, inputs):
    with trial() as now:
        desk.observe(*arguments)
    assert (now.call.label, now.call.inputs) == (label, inputs)


def test_of_mapped_calls_a_desk_knows_the_first_that_failed(desk):
    with trial() as now:
        desk.map("twice", [[1], [3], [2], [3, 9]])
        assert now.call.inputs == {"x": 3}
        desk.map("twice", [[1]])
        assert now.call is None, "any of them may be what is wrong"


def test_at_a_desk_the_traceback_ends_in_the_students_own_line(desk):
    with trial(), desk.session() as session, pytest.raises(CallFailed, match="ValueError: 3") as e:
        session.run("twice", 3)
    assert e.traceback[-1].path.name == "answer.py"
    assert e.traceback[-1].lineno == 3  # counted from 0
