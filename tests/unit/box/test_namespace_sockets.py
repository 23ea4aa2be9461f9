"""Sockets in a namespace box: which there are, and what the kernel holds for them."""

import pytest

from autograder.box.namespace import Wall
from autograder.model import Limits

pytestmark = pytest.mark.namespace

SMALL = Limits(cpu_seconds=1.0, memory_mb=128)
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


def sockets():
    return {name: attempt(socket.socket, family, kind) for name, family, kind in (
        ("vsock", 40, socket.SOCK_STREAM), ("alg", 38, socket.SOCK_SEQPACKET),
        ("packet", 17, socket.SOCK_RAW), ("bluetooth", 31, socket.SOCK_RAW))}


def fill_sockets(pairs):
    """Fill Unix sockets in several processes: the bytes are in no process's size."""
    for _ in range(8):
        if os.fork() == 0:
            kept = [end for _ in range(pairs) for end in socket.socketpair()]
            for end in kept:
                end.setblocking(False)
                end.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, 1 << 24)
                attempt(lambda: [end.send(bytes(1 << 18)) for _ in range(64)])
            time.sleep(60)
    time.sleep(3)


def fill_streams(family, address, orphans):
    """Send through TCP what nobody reads; with `orphans`, close the ends that sent it."""
    server = socket.create_server((address, 0), family=family, backlog=200)
    kept = []
    for _ in range(100):
        end = socket.socket(family, socket.SOCK_STREAM)
        end.connect(server.getsockname())
        end.setblocking(False)
        attempt(lambda: [end.send(bytes(1 << 18)) for _ in range(64)])
        end.close() if orphans else kept.append(end)
    time.sleep(3)


def buffer_size():
    one, other = socket.socketpair()
    one.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, 1 << 20)
    one.setsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE, 1)
    kept = one.getsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE)
    return [one.getsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF), kept]


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


def test_sockets_of_odd_families(run):
    assert set(run("sockets").values()) == {"PermissionError"}


def test_memory_in_sockets_counts(observe):
    seen = observe("fill_sockets", 50, limits=SMALL)
    assert seen.outcome == "memory"
    assert seen.peak_bytes > 128 << 20


@pytest.mark.parametrize("orphans", [False, True])
@pytest.mark.parametrize(("family", "address"), [(2, "127.0.0.1"), (10, "::1")])
def test_memory_in_streams_counts(observe, family, address, orphans):
    seen = observe("fill_streams", family, address, orphans, limits=SMALL)
    assert [seen.outcome, seen.peak_bytes > 128 << 20] == ["memory", True], seen


def test_unfilled_and_few_sockets_cost_nothing(observe):
    seen = observe("buffer_size", limits=SMALL)
    assert seen.outcome == "pass"
    assert seen.peak_bytes < 32 << 20


def test_a_sockets_buffer_keeps_its_default(run):
    size, kept = run("buffer_size")
    assert (size, kept) == (212992, 1)
    size, _ = run("buffer_size", wall=Wall(seccomp=False))
    assert size > 212992
