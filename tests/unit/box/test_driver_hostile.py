"""A child that lies: it answers for itself at most. The wall is not needed for any of this."""

import os
import resource

import pytest
from opened_box import LIMITS, WALLED_OR_NOT, caller, open_box

from autograder.model import Outcome

PROBES = """
import os, socket, struct, sys, threading, time

CHANNEL = 3

def raw(data, end=True):
    os.write(CHANNEL, data)
    if end:
        os._exit(0)
    return "mine"
def pour():
    while True:
        os.write(CHANNEL, bytes(65536))
def honest(): return "honest"
def held():
    found = []
    for number in range(8192):
        try:
            os.fstat(number)
        except OSError:
            continue
        found.append(number)
    return found
def act(source): exec(source, globals())
def daemon():
    if os.fork() == 0:
        time.sleep(30)
        os._exit(0)
    return "left one behind"
def twice():
    os.fork()
    return 1
"""
ONE = b"\x00\x00\x00\x05\x81\xa2ok\x01"  # a record of {"ok": 1}


@pytest.fixture(scope="module", params=WALLED_OR_NOT)
def box(request):
    with open_box(PROBES, sandbox_name=request.param) as opened:
        yield opened


@pytest.fixture
def call(box):
    return caller(box)


@pytest.mark.parametrize(
    "data",
    [
        b"garbage, and much of it " * 100,
        b"\xff\xff\xff\xff",
        b"\xff\xff\xff\xff" + bytes(1000),
        ONE[:-1],
        ONE + ONE,
        b"\x00\x00\x00\x05\xdd\xff\xff\xff\xff",
        b"\x00\x00\x00\x00",
    ],
    ids=["garbage", "giant", "giant and more", "cut off", "two", "bomb", "empty"],
)
def test_bytes_that_are_not_one_record_are_a_crash(call, data):
    assert call("raw", data).outcome is Outcome.CRASHED
    assert call("honest").value == "honest"


def test_a_record_before_the_true_one_is_a_crash(call):
    assert call("raw", ONE, False).outcome is Outcome.CRASHED


def test_a_forged_value_is_no_more_than_a_value(call):
    assert call("raw", ONE).value == 1


def test_records_without_end_are_cut_off(call):
    seen = call("pour")
    assert seen.outcome is Outcome.CRASHED
    assert "flood" in seen.output
    assert call("honest").value == "honest"


@pytest.mark.parametrize(
    "source",
    [
        "os.close(CHANNEL)",
        "socket.socket(fileno=CHANNEL).shutdown(socket.SHUT_RDWR)",
        "os.closerange(0, 100)",
        "sys.stdout = sys.stderr = None; os._exit = None; sys.exit = None; del sys.modules['os']",
        "threading.Thread(target=lambda: time.sleep(30)).start()",
        "sys.setrecursionlimit(10**9)",
        "up = sys._getframe()\nwhile up: up.f_globals.update(_exit=None); up = up.f_back",
        "import autograder.box",
        "for each in list(sys.modules): del sys.modules[each]",
        "import gc; [o.close() for o in gc.get_objects() if isinstance(o, socket.socket)]",
        "socket.socket(fileno=CHANNEL).recv(1)",
    ],
)
def test_whatever_it_does_to_itself_the_next_call_is_honest(call, monkeypatch, source):
    with monkeypatch.context() as patch:
        patch.setattr("autograder.model.Limits.wall_seconds", 0.5)
        call("act", source, cpu_seconds=0.5)
    assert call("honest").value == "honest"


def test_a_process_left_behind_does_not_hold_the_call_open(call):
    seen = call("daemon")
    assert seen.value == "left one behind"
    assert seen.wall_seconds < 10


def test_two_processes_that_answer_are_a_crash(call):
    assert call("twice").outcome in (Outcome.CRASHED, Outcome.PASS)
    assert call("honest").value == "honest"


def test_a_map_cannot_be_answered_for_more_cases_than_it_has(box):
    seen = box.map("raw", [[ONE, False], [ONE, False]], LIMITS)
    assert seen[-1].outcome is Outcome.CRASHED


def test_the_link_is_closed_in_a_child_however_high_its_number():
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    if hard != resource.RLIM_INFINITY and hard < 8192:
        pytest.skip("no high descriptors here")
    resource.setrlimit(resource.RLIMIT_NOFILE, (8192, hard))
    many = []
    try:
        many += [os.open(os.devnull, os.O_RDONLY) for _ in range(4200)]
        with open_box(PROBES) as box:
            held = caller(box)("held").value
    finally:
        for descriptor in many:
            os.close(descriptor)
        resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))
    assert held == [0, 1, 2, 3]
