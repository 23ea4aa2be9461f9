"""The meter, on children of the test itself."""

import os
import signal
import time

import pytest

from autograder.box.meter import Meter

pytestmark = pytest.mark.skipif(not os.path.isdir("/proc/self"), reason="needs /proc")  # noqa: PTH112


@pytest.fixture
def child():
    """Return ``(work)``: fork a child that does `work` and then waits to be killed."""
    pids = []

    def child(work):
        reader, writer = os.pipe()
        pid = os.fork()
        if pid == 0:
            signal.alarm(30)
            try:
                kept = work()
                os.write(writer, b"+")
                time.sleep(30)
                del kept
            finally:
                os._exit(0)
        pids.append(pid)
        os.close(writer)
        return pid, lambda: (os.read(reader, 1), os.close(reader))

    yield child
    for pid in pids:
        try:
            os.kill(pid, signal.SIGKILL)
            os.waitpid(pid, 0)
        except (ProcessLookupError, ChildProcessError):
            continue


def reap(pid):
    os.kill(pid, signal.SIGKILL)
    return os.wait4(pid, 0)[2].ru_maxrss


def burn(seconds):
    while time.process_time() < seconds:
        pass


def fill(megabytes):
    return bytearray(b"x") * (megabytes << 20)


def test_cpu_time_is_seen_while_it_runs_and_after(child):
    pid, wait = child(lambda: burn(0.1))
    meter = Meter(whole_namespace=False)
    meter.start(pid)
    wait()
    assert meter.sample().cpu_seconds >= 0.08  # in ticks
    reap(pid)
    assert meter.finish().cpu_seconds >= 0.1


def test_memory_counts_from_the_fork(child):
    pid, wait = child(lambda: fill(32))
    meter = Meter(whole_namespace=False)
    meter.start(pid)
    wait()
    assert 16 <= meter.sample().resident_bytes >> 20 <= 60  # it may have begun before
    assert 16 <= meter.finish(reap(pid)).resident_bytes >> 20 <= 60


def test_descendants_count(child):
    def parent():
        reader, writer = os.pipe()
        if os.fork() == 0:
            kept = fill(32)
            os.write(writer, b"+")
            time.sleep(2)
            del kept
            os._exit(0)
        os.read(reader, 1)

    pid, wait = child(parent)
    meter = Meter(whole_namespace=False)
    meter.start(pid)
    wait()
    assert meter.sample().resident_bytes >> 20 >= 16
    reap(pid)


def test_a_child_that_has_ended_at_once(child):
    pid, wait = child(lambda: None)
    wait()
    os.kill(pid, signal.SIGKILL)
    os.waitid(os.P_PID, pid, os.WEXITED | os.WNOWAIT)
    meter = Meter(whole_namespace=False)
    meter.start(pid)
    assert meter.sample().resident_bytes == 0
    assert meter.finish(reap(pid)).resident_bytes < 64 << 20
