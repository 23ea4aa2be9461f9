"""Tests that pass or break on hostile values are found; honest ones are left in peace."""

import math

import numpy as np
import pytest

from autograder.box import wire
from autograder.course import load_lab
from autograder.model import CallError, Observation, Outcome
from autograder.verify import plan, replay
from autograder.verify.distort import KINDS
from autograder.verify.remembered import Remembered
from autograder.verify.tape import Player, Take, Way, ways
from autograder.verify.work import judge
from tests.unit.verify.toy import BODY, HIDDEN, edit, template

CALL = '    got = student.run("double", x)\n'


def replayed(root, exercise):
    """Return what the replays of one exercise's tests find; the solution passes them."""
    (job,) = (
        j
        for j in plan(load_lab(root, "sums"), template(root)).jobs
        if exercise in j.digest and j.digest.startswith("hostile")
    )
    result = judge(job)
    assert all(t.score == t.max_score for e in result.exercises for t in e.tests), result
    return result.slips


@pytest.fixture
def slips(root, monkeypatch):
    """Return what the replays find where the hidden test of `double` has another body."""
    monkeypatch.setattr(replay, "CPU_SECONDS", 0.2)

    def find(body):
        edit(root, HIDDEN, BODY, body)
        return replayed(root, "double")

    return find


@pytest.mark.parametrize(
    ("body", "says"),
    [
        ("    assert got is None or got == 2 * x\n", "passes on None in every call"),
        ("    assert not abs(got - 2 * x) > 1\n", "passes on NaN in every call"),
        ("    assert got\n", "passes on wrong type in every call"),
        ("    assert got >= 2 * x\n", "passes on infinite in every call"),
        ("    assert all(y == 2 * x for y in [got] if got != [])\n", "passes on empty"),
        ("    assert isinstance(got, list) or got == 2 * x\n", "passes on deep"),
        ("    assert got % 2 == 0\n", "passes on huge in every call"),
        ('    assert reference.run("undouble", got) == x\n', "breaks (InfraError: the reference"),
        ("    assert sum(1 for _ in range(got)) == 2 * x\n", "hangs on huge in every call"),
        ("    award(0.5)\n    if got == 2 * x:\n        award(1.0)\n", "earns 0.5 on None"),
        (
            "    import pytest\n    if got is None:\n        pytest.exit('x')\n",
            "ends the whole run",
        ),
    ],
)
def test_a_careless_test_is_found(slips, body, says):
    found = slips(CALL + body)
    assert any(f"test_double {says}" in slip for slip in found), found


def test_a_missing_key_is_tried_where_there_are_keys(root):
    honest = '    assert_equal(student.run("triple", x), {"of": x, "is": 3 * x})\n'
    careless = '    assert student.run("triple", x).get("is", 3 * x) == 3 * x\n'
    edit(root, HIDDEN, honest, careless)
    assert replayed(root, "triple") == (
        "test_triple passes on missing key in every call",
        "test_triple passes on empty in every call",
        "test_triple passes on huge in every call",
    )


def test_each_call_is_tried_alone(slips):
    second = '    student.run("double", 1)\n    assert got == 2 * x\n'
    found = slips(CALL + second)
    assert "test_double passes on NaN in call 2 of 2 alone" in found
    assert not any("every call" in slip or "call 1" in slip for slip in found)


def test_a_ladder_keeps_what_an_honest_call_earned(slips):
    ladder = "    assert got == 2 * x\n    award(0.5)\n"
    ladder += '    if student.run("double", 1) == 2:\n        award(1.0)\n'
    assert slips(CALL + ladder) == ()


def test_maps_and_sessions_are_replayed_too(slips):
    body = '    with student.session() as s:\n        got = s.run("double", x)\n'
    body += '    with reference.session() as s:\n        assert got == s.run("double", x)\n'
    body += '    seen = student.map("double", [[1], [2]])\n'
    assert slips(body + "    assert [one.value for one in seen] == [2, 4]\n") == ()


def test_a_call_that_should_fail_and_answers_instead_is_noticed(slips):
    body = '    assert student.observe("double", None).outcome != "pass"\n'
    assert slips(body) == ()
    # A test that trusts the value of a call that failed would be told.
    failed = Take.of(Observation(Outcome.CRASHED, error=CallError("TypeError", "builtins", "")))
    seen = failed.hostile("NaN")
    assert seen.outcome is Outcome.PASS
    assert seen.error is None
    assert math.isnan(seen.value)


VALUES = [
    None,
    True,
    3,
    0.5,
    "text",
    b"bytes",
    [1, [2.0, None]],
    {"a": np.ones((2, 3)), "b": [np.arange(3), "x"], "c": {}},
    np.float32(1.0) * np.ones(2, np.float32),
    np.zeros(0, np.int64),
    np.ones(2, np.complex64),
]


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("value", VALUES, ids=str)
def test_whatever_is_made_could_have_come_out_of_a_box(kind, value):
    made = KINDS[kind](wire.decode(wire.encode(value)))
    wire.decode(wire.encode(made))


def test_what_changes_nothing_is_left_out():
    tried = {way.kind for way in ways([Take.of(Observation(Outcome.PASS, "text"))])}
    assert tried == {"None", "wrong type", "empty", "deep", "huge"}
    tried = {way.kind for way in ways([Take.of(Observation(Outcome.PASS, [math.nan]))])}
    assert "missing key" not in tried
    assert "NaN" not in tried


def test_a_call_made_for_what_it_does_is_not_distorted_alone():
    takes = [Take.of(Observation(Outcome.PASS, value)) for value in (None, 3)]
    assert {way.call for way in ways(takes)} == {None, 1}


def test_whoever_asks_for_more_than_there_is_gets_hostile_values():
    player = Player([Take.of(Observation(Outcome.PASS, 3, cpu_seconds=2.0))], Way("None", 7))
    first, second = (player.call("p", [], {}) for _ in range(2))
    assert (first.value, second.value) == (3, None)
    assert second.cpu_seconds == 2.0


class Counting:
    """Calls that count, and a session that adds up what it was asked."""

    def __init__(self):
        self.asked, self.total = 0, 0

    def call(self, probe, args, kwargs):
        self.asked += 1
        self.total += args[0]
        return Observation(Outcome.PASS, self.total)

    def map(self, probe, cases):
        return [self.call(probe, case, {}) for case in cases]

    def session(self):
        from contextlib import nullcontext

        self.inner = Counting()
        return nullcontext(self.inner)


def test_the_reference_is_asked_once():
    calls = Counting()
    known = Remembered(calls)
    assert [known.call("p", [n], {}).value for n in (1, 2, 1)] == [1, 3, 1]
    assert [[o.value for o in known.map("p", [[4], [5]])] for _ in range(2)] == [[7, 12]] * 2
    assert calls.asked == 4


def test_a_remembered_session_goes_on_from_its_history():
    calls = Counting()
    known = Remembered(calls)
    for _ in range(2):
        with known.session() as session:
            assert [session.call("p", [n], {}).value for n in (1, 1, 1)] == [1, 2, 3]
    assert calls.inner.asked == 3
    with known.session() as session:
        assert [session.call("p", [n], {}).value for n in (1, 1, 5)] == [1, 2, 7]
