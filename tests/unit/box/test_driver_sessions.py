"""One child for several calls."""

import pytest
from opened_box import LIMITS, WALLED_OR_NOT, open_box

from autograder.errors import InfraError
from autograder.model import Limits, Outcome

PROBES = """
import os, sys, time
kept = []

def keep(value):
    kept.append(value)
    return list(kept)
def fail(): raise ValueError("once")
def end(): os._exit(7)
def spin():
    while True: pass
def burn(seconds):
    end = time.process_time() + seconds
    while time.process_time() < end: pass
def say(text): print(text)
def large(n): return bytes(n)
def size(data): return len(data)
def forge(): os.write(3, b"\\x00\\x00\\x00\\x05\\x81\\xa2ok\\x01" * 3)
def giant(): os.write(3, b"\\xff" * 100); time.sleep(60)
"""


@pytest.fixture(scope="module", params=WALLED_OR_NOT)
def box(request):
    with open_box(PROBES, sandbox_name=request.param) as opened:
        yield opened


@pytest.fixture
def session(box):
    with box.session(LIMITS) as opened:
        yield lambda probe, *args, limits=LIMITS: opened.call(probe, args, {}, limits)


def test_what_one_call_keeps_the_next_finds(session):
    assert session("keep", 1).value == [1]
    assert session("keep", "x").value == [1, "x"]


def test_another_session_starts_afresh(session):
    assert session("keep", 2).value == [2]


def test_an_exception_ends_its_call_only(session):
    session("keep", 1)
    assert session("fail").error.message == "once"
    assert session("keep", 2).value == [1, 2]


def test_after_a_death_every_call_is_a_crash(session):
    seen = session("end")
    assert seen.outcome is Outcome.CRASHED
    assert "status 7" in seen.output
    assert session("keep", 1).outcome is Outcome.CRASHED


def test_a_timeout_ends_the_session(session):
    assert session("spin", limits=Limits(cpu_seconds=0.2)).outcome is Outcome.TIMEOUT
    assert session("keep", 1).outcome is Outcome.CRASHED


def test_each_call_is_charged_for_itself(session):
    assert session("burn", 0.3).cpu_seconds >= 0.25
    assert session("keep", 1).cpu_seconds < 0.2
    assert session("burn", 0.3, limits=Limits(cpu_seconds=0.5)).outcome is Outcome.PASS


def test_each_call_has_its_own_output(session):
    assert session("say", "one").output == "one\n"
    assert session("say", "two").output == "two\n"


def test_large_values_travel_both_ways(session):
    assert session("size", bytes(5 << 20)).value == 5 << 20
    assert len(session("large", 5 << 20).value) == 5 << 20


def test_extra_records_are_a_crash_and_never_another_box_s_answer(session):
    assert session("forge").outcome is Outcome.CRASHED


def test_a_giant_record_is_not_waited_for(session):
    assert session("giant").outcome is Outcome.CRASHED


def test_a_box_with_an_open_session_serves_nothing_else(box):
    with box.session(LIMITS), pytest.raises(InfraError, match="open session"):
        box.call("keep", [1], {}, LIMITS)
    assert box.call("keep", [1], {}, LIMITS).value == [1]
