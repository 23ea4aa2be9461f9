"""What student code in a namespace box can use up, and what it can leave behind."""

import os
import signal
import time
from pathlib import Path

import pytest

from autograder.box.namespace import Wall
from autograder.model import Limits, Needs

pytestmark = pytest.mark.namespace

PACKAGES = ("numpy",)
SMALL = Limits(cpu_seconds=1.0, memory_mb=128)
SHORT = Limits(cpu_seconds=0.2, memory_mb=128)
PROBES = '''
import ctypes, mmap, os, resource, signal, socket, sys, threading, time

HOME = os.environ["HOME"]


def alive():
    return 1


def attempt(f, *args):
    try:
        f(*args)
    except BaseException as error:
        return type(error).__name__
    return None


def fork_bomb():
    while True:
        try:
            os.fork()
        except OSError:
            time.sleep(0.001)


def forks(most=200):
    made = 0
    for _ in range(most):
        try:
            if os.fork() == 0:
                time.sleep(60)
        except OSError:
            break
        made += 1
    return made


def threads(most=200):
    made = 0
    for _ in range(most):
        try:
            threading.Thread(target=time.sleep, args=(60,), daemon=True).start()
        except RuntimeError:
            break
        made += 1
    os.write(1, b"%d" % made)
    os._exit(7)


def daemon(seconds):
    """Fork twice, leave the session, answer; the grandchild goes on."""
    if os.fork() == 0:
        os.setsid()
        if os.fork() == 0:
            for number in range(1, 32):
                attempt(signal.signal, number, signal.SIG_IGN)
            until = time.time() + seconds
            while time.time() < until:
                with open(HOME + "/daemon", "a") as file:
                    file.write("x")
                time.sleep(0.01)
        os._exit(0)
    time.sleep(0.1)
    return os.path.exists(HOME + "/daemon")


def others():
    return [int(n) for n in os.listdir("/proc") if n.isdigit() and int(n) not in (1, os.getpid())]


def fill(folder, megabytes):
    written = 0
    try:
        for number in range(megabytes):
            with open(f"{folder}/{number}", "wb") as file:
                written += file.write(bytes(1 << 20))
    except OSError:
        pass
    return written >> 20


def one_large_file(megabytes):
    with open(HOME + "/large", "wb") as file:
        file.truncate(megabytes << 20)


def many_files(count):
    made = 0
    try:
        for number in range(count):
            open(HOME + "/" + str(number).rjust(255, "n"), "w").close()
            made += 1
    except OSError:
        pass
    return made


def descriptors():
    made = []
    try:
        while True:
            made.append(os.dup(0))
    except OSError:
        return len(made)


def leave():
    for folder in (HOME, "/dev/shm"):
        os.makedirs(folder + "/a/b")
        with open(folder + "/a/b/note", "w") as file:
            file.write("for later")
        os.chmod(folder + "/a", 0)
        attempt(os.chmod, folder, 0)
    return 1


def deep(levels):
    os.chdir(HOME)
    for _ in range(levels):
        os.mkdir("d")
        os.chdir("d")
    os.chmod(".", 0)
    return 1


def found():
    return [sorted(os.listdir(folder)) for folder in ("/tmp", "/dev/shm")]


def recurse():
    def down(n):
        return down(n + 1)
    sys.setrecursionlimit(1 << 30)
    threading.stack_size(1 << 20)
    return down(0)


def crash():
    ctypes.string_at(0)


def locked():
    return [resource.getrlimit(resource.RLIMIT_MEMLOCK)[1],
            resource.getrlimit(resource.RLIMIT_CORE)[1]]
'''


@pytest.fixture(autouse=True)
def the_next_call_is_unharmed(run):
    yield
    assert run("alive") == 1
    assert run("others") == []
    assert run("found") == [[], []]


def test_a_fork_bomb(observe):
    assert observe("fork_bomb", limits=SHORT).outcome == "timeout"


def test_processes_are_counted(run):
    assert run("forks") < 64
    assert run("forks", wall=Wall(rlimits=False)) == 200


def test_threads_are_counted(observe):
    assert int(observe("threads").output.split("\n")[0]) < 64


def test_a_daemon_does_not_outlive_its_call(run):
    assert run("daemon", 10)
    assert run("others") == []


def test_a_daemon_outlives_its_call_unswept(run):
    weak = Wall(sweep=False, wipe=False)
    assert run("daemon", 2, wall=weak)
    assert run("others", wall=weak) != []


@pytest.mark.parametrize("folder", ["/tmp", "/dev/shm"])
def test_scratch_space_is_limited(run, folder):
    small = Wall(scratch_bytes=16 << 20)
    assert run("fill", folder, 32, wall=small) <= 16
    assert run("fill", folder, 32) == 32


def test_a_file_too_large(observe):
    assert observe("one_large_file", 1000).error.type == "OSError"


def test_inodes_are_limited(run):
    small = Wall(scratch_inodes=500)
    assert run("many_files", 1000, wall=small) < 500
    assert run("many_files", 1000, wall=Wall(scratch_inodes=500, tmpfs_limits=False)) == 1000


def test_descriptors_are_limited(run):
    assert run("descriptors") < 256


def test_nothing_is_found_by_the_next_call(run):
    run("leave")
    assert run("found") == [[], []]


def test_what_is_not_wiped_is_found(run):
    weak = Wall(wipe=False)
    run("many_files", 3, wall=weak)
    assert len(run("found", wall=weak)[0]) == 3


def test_a_tree_of_thousands(run):
    run("deep", 5000)


def test_a_stack_overflow(observe):
    assert observe("recurse").outcome in ("crashed", "memory")


def test_a_segmentation_fault(observe):
    assert observe("crash").outcome == "crashed"


def test_nothing_is_locked_or_dumped(run):
    assert run("locked") == [0, 0]


def test_even_a_stuck_driver_ends_with_its_box(namespace):
    with namespace.open({}, Needs(packages=(), probes=PROBES.encode())) as box:
        children = (
            Path(f"/proc/{box.launcher.pid}/task/{box.launcher.pid}/children").read_text().split()
        )
        driver = int(children[0])
        os.kill(driver, signal.SIGSTOP)
    _wait_until_gone(driver)


def _wait_until_gone(pid):
    for _ in range(500):
        try:
            if Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] == "Z":
                return
        except FileNotFoundError:
            return
        time.sleep(0.01)
    os.kill(pid, signal.SIGKILL)
    pytest.fail("it lives on")


def test_the_box_is_gone_after_its_end(namespace):
    with namespace.open({}, Needs(packages=(), probes=PROBES.encode())) as box:
        assert box.call("alive", (), {}, SMALL).outcome == "pass"
        pid = box.launcher.pid
    with pytest.raises(ProcessLookupError):
        os.kill(pid, 0)
