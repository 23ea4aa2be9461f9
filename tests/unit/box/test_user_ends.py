"""Nothing of a box of the sandbox `user` outlives it, whoever is killed."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path, PurePosixPath

import pytest

import autograder
from autograder.box import owned
from autograder.box.user import UserSandbox
from autograder.model import Limits, Needs

pytestmark = pytest.mark.root

LIMITS = Limits(cpu_seconds=5.0, memory_mb=256)
PROBES = b"""
import os, signal, time


def me():
    return os.getuid()


def haunt():
    for _ in range(5):
        if os.fork() == 0:
            os.setsid()
            for number in range(1, 32):
                try:
                    signal.signal(number, signal.SIG_IGN)
                except (OSError, ValueError):
                    pass
            time.sleep(60)
    with open("note", "w") as file:
        file.write("x")
    time.sleep(60)
"""
JUDGE = """
import sys
from pathlib import PurePosixPath
from test_user_ends import LIMITS, PROBES
from autograder.box.user import UserSandbox
from autograder.model import Needs

with UserSandbox().open({}, Needs((), PROBES)) as box:
    print(box.call("me", (), {}, LIMITS).value, flush=True)
    box.call("haunt", (), {}, LIMITS)
"""


@pytest.fixture
def sandbox():
    found = UserSandbox()
    if reason := found.available():
        pytest.skip(reason)
    return found


def await_none(uid):
    for _ in range(300):
        if all(each.dead for each in owned.processes(uid)):
            return
        time.sleep(0.02)
    pytest.fail(f"they live on: {owned.processes(uid)}")


def await_several(uid):
    for _ in range(300):
        if len(owned.processes(uid)) > 4:
            return
        time.sleep(0.02)
    pytest.fail("the call does not begin")


def my_zombies():
    return [path.name for path in Path("/proc").glob("[0-9]*") if is_zombie(path)]


def is_zombie(folder):
    try:
        fields = (folder / "stat").read_text().rpartition(")")[2].split()
    except OSError:
        return False
    return fields[0] == "Z" and int(fields[1]) == os.getpid()


def test_the_end_of_a_box(sandbox):
    before = my_zombies()
    with sandbox.open({PurePosixPath("a.py"): b""}, Needs((), PROBES)) as box:
        uid = box.call("me", (), {}, LIMITS).value
        folder = Path("/run/autograder-passable-0")
        assert any(folder.iterdir())
    assert owned.processes(uid) == []
    assert not any(folder.iterdir())
    assert my_zombies() == before


@pytest.mark.parametrize("who", ["driver", "sweeper"])
def test_a_part_of_the_box_is_killed(sandbox, who):
    """The other one, or the judge, sweeps."""
    before = my_zombies()
    with sandbox.open({}, Needs((), PROBES)) as box:
        uid = box.call("me", (), {}, LIMITS).value
        (sweeper,) = [each.pid for each in owned.processes(uid)]
        victim = box.launcher.pid if who == "driver" else sweeper
        killer = subprocess.Popen(["/bin/sh", "-c", f"sleep 0.5; kill -9 {victim}"])
        seen = box.call("haunt", (), {}, LIMITS)
        killer.wait()
        assert seen.outcome in ("crashed", "timeout")
    assert all(each.dead for each in owned.processes(uid))
    assert not any(Path("/run/autograder-passable-0").iterdir())
    assert my_zombies() == before


def test_the_judge_is_killed(sandbox):
    here, source = Path(__file__).parent, Path(autograder.__file__).parents[1]
    environment = {**os.environ, "PYTHONPATH": f"{here}:{source}:{os.environ['PYTHONPATH']}"}
    judge = subprocess.Popen(
        [sys.executable, "-c", JUDGE], env=environment, stdout=subprocess.PIPE, text=True
    )
    uid = int(judge.stdout.readline())
    await_several(uid)
    judge.send_signal(signal.SIGKILL)
    judge.wait()
    judge.stdout.close()
    await_none(uid)
    with sandbox.open({}, Needs((), PROBES)) as box:  # in the berth that the dead one left
        assert box.call("me", (), {}, LIMITS).value == uid
        assert len(list(Path("/run/autograder-passable-0").iterdir())) == 1


def test_judge_and_driver_and_sweeper_are_killed(sandbox):
    """What goes on then, the next box in its berth ends."""
    here, source = Path(__file__).parent, Path(autograder.__file__).parents[1]
    environment = {**os.environ, "PYTHONPATH": f"{here}:{source}:{os.environ['PYTHONPATH']}"}
    judge = subprocess.Popen(
        [sys.executable, "-c", JUDGE], env=environment, stdout=subprocess.PIPE, text=True
    )
    uid = int(judge.stdout.readline())
    await_several(uid)
    children = Path(f"/proc/{judge.pid}/task/{judge.pid}/children").read_text().split()
    helpers = [each.pid for each in owned.processes(uid) if str(each.parent) in children]
    sweeper = min(helpers)  # the driver's first child
    # Stopped first: a sweeper that sees its driver end has time for its work before its own end.
    for number in (signal.SIGSTOP, signal.SIGKILL):
        for pid in (sweeper, *map(int, children), judge.pid):
            os.kill(pid, number)
    judge.wait()
    judge.stdout.close()
    assert [each for each in owned.processes(uid) if not each.dead] != []
    with sandbox.open({}, Needs((), PROBES)) as box:
        assert box.call("me", (), {}, LIMITS).value == uid
        (found,) = [each for each in owned.processes(uid) if not each.dead]
        assert found.parent == box.launcher.pid  # its sweeper
