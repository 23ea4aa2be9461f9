"""How calls end, whatever the wall."""

import numpy as np
import pytest
from opened_box import LIMITS, WALLED_OR_NOT, caller, open_box

from autograder.box.wire import WireError
from autograder.model import Outcome

FILES = {
    "mine.py": """
import sys

def double(x): return 2 * x
def stub(): raise NotImplementedError("write me")
def fail(): raise ValueError("no such thing")
def helper(): fail()
""",
    "broken.py": "def f(:\n",
    "needy.py": "import torch_is_not_here\n",
    "pack/__init__.py": "from pack.gone import x\n",
}
PROBES = """
import os, signal, sys, threading, time

import numpy as np

def mine(name, *args):
    import mine
    return getattr(mine, name)(*args)
def load(module): __import__(module)
def echo(*args, **kwargs): return [list(args), kwargs]
def give(source): return eval(source)
def act(source): exec(source, globals())
def say(text, err=""):
    print(text)
    print(err, file=sys.stderr)
def flood(blocks):
    for _ in range(blocks):
        os.write(1, b"x" * 65536)
    os.write(1, b"the end")
"""


@pytest.fixture(scope="module", params=WALLED_OR_NOT)
def box(request):
    with open_box(PROBES, FILES, ("numpy",), request.param) as opened:
        yield opened


@pytest.fixture
def call(box):
    return caller(box)


def test_a_value_comes_back_with_what_it_cost(call):
    seen = call("mine", "double", np.arange(3.0))
    assert seen.outcome is Outcome.PASS
    np.testing.assert_array_equal(seen.value, [0.0, 2.0, 4.0])
    assert 0 < seen.cpu_seconds < LIMITS.cpu_seconds and seen.wall_seconds > 0


def test_arguments_and_keywords_arrive(box):
    seen = box.call("echo", (1, "x", [None]), {"key": b"y"}, LIMITS)
    assert seen.value == [[1, "x", [None]], {"key": b"y"}]


def test_an_exception_is_told_with_its_own_lines(call):
    seen = call("mine", "helper")
    assert seen.outcome is Outcome.CRASHED
    assert (seen.error.type, seen.error.message) == ("ValueError", "no such thing")
    assert [(f.file, f.line, f.function) for f in seen.error.frames] == [
        ("mine.py", 7, "helper"),
        ("mine.py", 6, "fail"),
    ]


@pytest.mark.parametrize(
    ("probe", "argument", "outcome"),
    [
        ("mine", "stub", "missing"),
        ("load", "broken", "crashed"),
        ("load", "needy", "forbidden"),
        ("load", "pack", "crashed"),
        ("load", "torch", "forbidden"),
        ("load", "autograder.judge", "forbidden"),
        ("act", "sys.exit(0)", "crashed"),
        ("act", "os._exit(0)", "crashed"),
        ("act", "os.abort()", "crashed"),
        ("act", "os.kill(os.getpid(), signal.SIGKILL)", "crashed"),
        ("act", "raise KeyboardInterrupt", "crashed"),
        ("act", "raise GeneratorExit", "crashed"),
        ("act", "class E(BaseException): pass\nraise E", "crashed"),
        ("act", "def f(): f()\nf()", "crashed"),
        ("act", "bytearray(8 << 30)", "memory"),
        ("act", "np.ones((1 << 15, 1 << 15))", "memory"),
        ("give", "object()", "crashed"),
        ("give", "np.array([None])", "crashed"),
        ("no_such_probe", "", "crashed"),
    ],
)
def test_the_outcome_says_how_it_ended(call, probe, argument, outcome):
    seen = call(probe, argument)
    assert str(seen.outcome) == outcome, seen
    assert call("echo").outcome is Outcome.PASS


def test_what_is_no_plain_data_is_named(call):
    seen = call("give", "{'grads': [1, object()]}")
    assert seen.error.type == "WireError"
    assert seen.error.message == 'value["ok"]["grads"][1]: a object is not plain data'


@pytest.mark.parametrize(
    "source",
    ["x = []\nwhile True: x.append(bytearray(1 << 20))", "x = []\nwhile True: x.append([])"],
    ids=["in large steps", "in small steps"],
)
def test_memory_may_be_eaten_in_any_steps(call, source):
    assert call("act", source, memory_mb=100).outcome is Outcome.MEMORY


@pytest.mark.parametrize(
    "source",
    [
        "while True: pass",
        "os.fork()\nwhile True: pass",
        "import subprocess\nsubprocess.run([sys.executable, '-c', 'while True: pass'])",
        "signal.signal(signal.SIGXCPU, signal.SIG_IGN)\nwhile True: pass",
    ],
    ids=["alone", "forked", "another program", "deaf to SIGXCPU"],
)
def test_too_much_cpu_time_is_a_timeout(call, source):
    assert call("act", source, cpu_seconds=0.2).outcome is Outcome.TIMEOUT


@pytest.mark.parametrize(
    "source",
    ["time.sleep(60)", "os.kill(os.getpid(), signal.SIGSTOP)", "threading.Event().wait()"],
)
def test_waiting_too_long_is_a_timeout(call, monkeypatch, source):
    monkeypatch.setattr("autograder.model.Limits.wall_seconds", 0.2)
    assert call("act", source).outcome is Outcome.TIMEOUT


def test_a_peak_between_two_samples_is_seen(call):
    seen = call("act", "b = b'x' * (200 << 20); del b")
    assert 190 << 20 < seen.peak_bytes < 400 << 20


def test_the_tail_of_output_is_kept(call):
    seen = call("say", "to out", "to err")
    assert sorted(seen.output.split()) == ["err", "out", "to", "to"]


def test_a_flood_of_output_neither_blocks_nor_fills_anything(call):
    seen = call("flood", 500)
    assert seen.outcome is Outcome.PASS
    assert len(seen.output) == 16 << 10
    assert seen.output.endswith("the end")


def test_each_call_starts_afresh(call):
    call("act", "sys.path.clear(); import builtins; builtins.mark = 1; np.zeros = None")
    assert call("give", "hasattr(__builtins__, 'mark') or not sys.path or not np.zeros").value is (
        False
    )


def test_a_map_isolates_its_cases(box):
    seen = box.map("give", [["1"], ["1 / 0"], ["object()"], ["sys.exit()"], ["5"]], LIMITS)
    assert [str(each.outcome) for each in seen] == ["pass", *["crashed"] * 3, "pass"]
    assert [seen[0].value, seen[4].value] == [1, 5]


def test_a_map_loses_its_tail_with_its_process(box):
    seen = box.map("give", [["1"], ["os._exit(3)"], ["5"]], LIMITS)
    assert [str(each.outcome) for each in seen] == ["pass", "crashed", "crashed"]
    assert "status 3" in seen[-1].output


def test_a_map_of_nothing_is_nothing(box):
    assert box.map("give", [], LIMITS) == []


def test_what_cannot_be_sent_is_the_callers_mistake(box):
    with pytest.raises(WireError, match="object is not plain data"):
        box.call("echo", [object()], {}, LIMITS)
    assert box.call("echo", [], {}, LIMITS).outcome is Outcome.PASS


def test_probes_that_cannot_be_imported_are_the_students_failure():
    with open_box("import mine\ndef f(): return 1", {"mine.py": "raise ValueError('mine')"}) as box:
        first, second = box.map("f", [[], []], LIMITS)
    assert first.error.message == second.error.message == "mine"
    assert first.error.frames[0].file == "mine.py"
