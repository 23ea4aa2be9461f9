"""Memory, processor time and wall time of a call in a namespace box, and their caps."""

import pytest

from autograder.box.namespace import Wall
from autograder.model import Limits

pytestmark = pytest.mark.namespace

PACKAGES = ("numpy",)
SMALL = Limits(cpu_seconds=1.0, memory_mb=128)
SHORT = Limits(cpu_seconds=0.2, memory_mb=128)
PROBES = '''
import ctypes, mmap, os, resource, signal, socket, sys, threading, time


def alive():
    return 1


def attempt(f, *args):
    try:
        f(*args)
    except BaseException as error:
        return type(error).__name__
    return None


def eat(megabytes):
    block = bytearray(megabytes << 20)
    block[::4096] = b"x" * len(block[::4096])
    time.sleep(0.2)
    return len(block)


def eat_mapped(megabytes):
    block = mmap.mmap(-1, megabytes << 20)
    for at in range(0, len(block), 4096):
        block[at] = 1
    time.sleep(0.2)
    return len(block)


def eat_together(processes, megabytes):
    for _ in range(processes):
        if os.fork() == 0:
            eat(megabytes)
            time.sleep(1)
            os._exit(0)
    time.sleep(1)


def burn(seconds):
    start = time.process_time()
    while time.process_time() - start < seconds:
        pass
    return 1


def burn_together(processes, seconds):
    pids = []
    for _ in range(processes):
        pid = os.fork()
        if pid == 0:
            burn(seconds)
            os._exit(0)
        pids.append(pid)
    for pid in pids:
        os.waitpid(pid, 0)
    return 1


def burn_unseen(seconds, pieces):
    """Children that nobody waits for, each too short to be sampled."""
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)
    for _ in range(pieces):
        reader, writer = os.pipe()
        if os.fork() == 0:
            burn(seconds / pieces)
            os._exit(0)
        os.close(writer)
        os.read(reader, 1)
        os.close(reader)
    return 1


def sleep_for_ever():
    for number in range(1, 32):
        attempt(signal.signal, number, signal.SIG_IGN)
    signal.pthread_sigmask(signal.SIG_BLOCK, signal.valid_signals())
    while True:
        time.sleep(60)


def hold_datagrams(megabytes):
    held, sent = [], 0
    while sent < megabytes << 20:
        one = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        one.bind(("127.0.0.1", 0))
        one.setblocking(False)
        held.append(one)
        try:
            while True:
                one.sendto(b"x" * 60000, one.getsockname())
                sent += 60000
                if sent % 600000 == 0:
                    time.sleep(0.01)
                if len(held) * 200000 < sent:
                    break
        except OSError:
            pass
    time.sleep(0.3)


def others():
    return [int(n) for n in os.listdir("/proc") if n.isdigit() and int(n) not in (1, os.getpid())]


def found():
    return [sorted(os.listdir(folder)) for folder in ("/tmp", "/dev/shm")]
'''


@pytest.fixture(autouse=True)
def the_next_call_is_unharmed(run):
    yield
    assert run("alive") == 1
    assert run("others") == []
    assert run("found") == [[], []]


def test_memory_of_one_process(observe):
    assert observe("eat", 300, limits=SMALL).outcome == "memory"
    assert observe("eat_mapped", 300, limits=SMALL).outcome in ("memory", "crashed")
    seen = observe("eat", 60, limits=SMALL)
    assert seen.outcome == "pass"
    assert 60 <= seen.peak_bytes >> 20 <= 80


def test_memory_of_several_processes(observe):
    assert observe("eat_together", 4, 60, limits=SMALL).outcome == "memory"
    assert observe("eat_together", 4, 5, limits=SMALL).outcome == "pass"


def test_memory_in_datagrams_that_nobody_reads(observe):
    assert observe("hold_datagrams", 110, limits=SMALL).outcome in ("memory", "crashed")
    seen = observe("hold_datagrams", 8, limits=SMALL)
    assert seen.outcome == "pass"
    assert seen.peak_bytes > 8 << 20


def test_unwatched_memory_of_several_processes(observe):
    weak = Wall(memory_watch=False)
    assert observe("eat_together", 4, 60, limits=SMALL, wall=weak).outcome == "pass"


def test_cpu_of_one_process(observe):
    assert observe("burn", 5.0, limits=SHORT).outcome == "timeout"
    seen = observe("burn", 0.15, limits=SMALL)
    assert seen.outcome == "pass"
    assert seen.cpu_seconds >= 0.15


def test_cpu_of_several_processes(observe):
    assert observe("burn_together", 4, 0.15, limits=SHORT).outcome == "timeout"
    seen = observe("burn_together", 3, 0.1, limits=SMALL)
    assert seen.cpu_seconds >= 0.3


def test_cpu_of_children_that_nobody_waits_for(observe):
    assert observe("burn_unseen", 0.4, 80, limits=SMALL).cpu_seconds >= 0.4
    weak = observe("burn_unseen", 0.4, 80, limits=SMALL, wall=Wall(seccomp=False))
    assert weak.cpu_seconds < 0.4


def test_sleeping_for_ever(observe):
    assert observe("sleep_for_ever", limits=Limits(cpu_seconds=0.01)).outcome == "timeout"
