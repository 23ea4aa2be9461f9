"""What the host does when a driver does not start, dies, or is stuck."""

import os
import sys
from pathlib import Path

import pytest
from opened_box import LIMITS, caller, open_box

from autograder.box import client
from autograder.box.spawn import spawn
from autograder.errors import InfraError
from autograder.model import Outcome

PROBES = """
import os, signal
def kill(number): os.kill(os.getppid(), number)
def fine(): return 1
"""


def test_a_driver_that_dies_during_a_call_is_a_crash_and_stays_one():
    with open_box(PROBES) as box:
        assert caller(box)("fine").value == 1
        assert box.alive
        assert caller(box)("kill", 9).outcome is Outcome.CRASHED
        assert not box.alive
        assert caller(box)("fine").outcome is Outcome.CRASHED
        assert box.map("fine", [[], []], LIMITS)[1].outcome is Outcome.CRASHED
        with box.session(LIMITS) as session:
            assert session.call("fine", [], {}, LIMITS).outcome is Outcome.CRASHED
        with box.service("echo"):
            pass


def test_a_driver_that_dies_in_a_session_is_a_crash():
    with open_box(PROBES) as box, box.session(LIMITS) as session:
        assert session.call("kill", [9], {}, LIMITS).outcome is Outcome.CRASHED
        assert session.call("fine", [], {}, LIMITS).outcome is Outcome.CRASHED
        with box.connect("/x") as stream:
            assert stream.recv() == b""


def test_a_driver_that_is_stopped_is_a_timeout(monkeypatch):
    monkeypatch.setattr("autograder.box.client._ANSWER_SECONDS", 0.3)
    monkeypatch.setattr("autograder.box.client._END_SECONDS", 0.1)
    monkeypatch.setattr("autograder.model.Limits.wall_seconds", 0.2)
    with open_box(PROBES) as box:
        assert caller(box)("kill", 19).outcome is Outcome.TIMEOUT
        assert not box.alive


def test_a_box_that_ended_before_any_call_is_our_fault():
    with open_box(PROBES) as box:
        box.launcher._process.kill()
        box.launcher._process.wait()
        with pytest.raises(InfraError, match="ended with status -9"):
            caller(box)("fine")


@pytest.mark.parametrize(
    ("argv", "message"),
    [
        (["/nowhere/python"], "/nowhere/python cannot be started"),
        ([sys.executable, "-c", "print('oh no', file=__import__('sys').stderr)"], "oh no"),
        ([sys.executable, "-c", "import os; os._exit(5)"], "status 5"),
        ([sys.executable, "-c", "import os, sys; os.write(int(sys.argv[1]), b'x' * 99)"], "box"),
    ],
    ids=["no program", "says why", "says nothing", "speaks nonsense"],
)
def test_what_does_not_start_says_why(argv, message):
    with pytest.raises(InfraError, match=message):
        spawn(argv, {})


def test_probes_that_do_not_compile_are_told():
    with pytest.raises(InfraError, match="SyntaxError"), open_box("def f(:"):
        pass


def test_a_package_that_is_not_installed_is_told():
    names = ("no_such_package",)
    with pytest.raises(InfraError, match=names[0]), open_box(PROBES, packages=names):
        pass


def test_nothing_of_a_session_outlives_its_box():
    with (
        open_box("import os\ndef pid(): return os.getpid()") as box,
        box.session(LIMITS) as session,
    ):
        pid = session.call("pid", [], {}, LIMITS).value
        os.kill(pid, 0)
        box.close()
        with pytest.raises(ProcessLookupError):
            os.kill(pid, 0)


def test_the_compiler_cannot_be_made_to_hold_a_call():
    source = "x = " + "(" * 190 + ")" * 190 + "\n" + "y = [" + "1," * 3_000_000 + "]\n"
    with open_box("def fine(): return 1", {"mine.py": source}) as box:
        seen = caller(box)("fine", memory_mb=64)
    assert seen.value == 1 and seen.wall_seconds < 5


def test_the_driver_itself_imports_nothing_that_was_handed_in(tmp_path):
    (tmp_path / "mine.py").write_text("")
    (tmp_path / "probes.py").write_text("")
    config = {
        "wall": None,
        "path": [str(tmp_path)],
        "preload": ["mine"],
        "probes": str(tmp_path / "probes.py"),
        "submission": str(tmp_path),
        "services": str(tmp_path / "s"),
    }
    argv = [sys.executable, "-I", "-S", str(Path(client.__file__).with_name("driver.py"))]
    with pytest.raises(InfraError, match="No module named 'mine'"):
        spawn(argv, config, environment={"HOME": str(tmp_path)}).close()
    spawn(argv, {**config, "preload": []}, environment={"HOME": str(tmp_path)}).close()
