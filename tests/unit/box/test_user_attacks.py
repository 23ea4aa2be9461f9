"""Attacks from inside a box of the sandbox `user`: those on a namespace box, and on the sweeper."""

import os
from pathlib import Path

import pytest
import test_namespace_attacks as namespace
from test_namespace_attacks import (  # noqa: F401
    test_becoming_root,
    test_every_signal_at_the_driver,
    test_hiding_from_the_oom_killer,
    test_lifting_limits,
    test_new_namespaces,
    test_parts_of_the_kernel_that_no_lab_needs,
    test_stopping_oneself,
    test_typing_into_a_terminal,
    test_writing_anywhere_else,
    the_next_call_is_unharmed,
)

from autograder.box import owned
from autograder.box.namespace import Wall
from autograder.box.user import UserSandbox
from autograder.model import Limits, Needs

SANDBOX = UserSandbox
pytestmark = pytest.mark.root

PROBES = (
    namespace.PROBES
    + """

def me():
    return os.getuid()


def kill_others(pids):
    return [attempt(os.kill, pid, number) for pid in pids for number in (9, 19, 0)]


def look_into(pids):
    found = {}
    for pid in pids:
        found["ptrace"] = libc.ptrace(0x4206, pid, 0, 0)
        for name in ("mem", "environ", "maps", "cmdline", "stat"):
            found[name] = attempt(open, f"/proc/{pid}/{name}", "rb")
        found["fd"] = attempt(os.listdir, f"/proc/{pid}/fd")
    return found


def sockets():
    kinds = (socket.SOCK_STREAM, socket.SOCK_SEQPACKET, socket.SOCK_DGRAM)
    found = {"pairs": [attempt(socket.socketpair, socket.AF_UNIX, kind) for kind in kinds]}
    found["new"] = [attempt(socket.socket, family) for family in
                    (socket.AF_UNIX, socket.AF_INET, socket.AF_INET6, socket.AF_NETLINK)]
    one, other = socket.socketpair()
    found["bind"] = attempt(one.bind, "\\0ag")
    found["connect"] = attempt(one.connect, "\\0ag")
    one.sendall(b"x")
    found["sent"] = other.recv(1)
    return found


def asyncio_works():
    import asyncio
    async def answer():
        await asyncio.sleep(0)
        return 3
    return asyncio.run(answer())


def processes_work():
    import multiprocessing
    context = multiprocessing.get_context("fork")
    reader, writer = context.Pipe()
    process = context.Process(target=writer.send, args=(4,))
    process.start()
    got = reader.recv()
    process.join()
    return got
"""
)


def test_tracing_reading_and_robbing_the_driver(run):
    assert run("ptrace_driver") == run("read_driver") == -1
    assert set(run("steal_descriptor")) == {"EPERM"}


def test_nor_without_the_filter_since_it_is_another_user(run):
    weak = Wall(seccomp=False, dumpable=False)
    assert run("ptrace_driver", wall=weak) == run("read_driver", wall=weak) == -1
    assert set(run("steal_descriptor", wall=weak)) <= {"EPERM"}


def test_limiting_and_slowing_the_driver(run):
    assert run("limit_driver") == "PermissionError"
    assert run("slow_driver") == ["PermissionError"] * 4


def test_killing_everything_kills_nothing_else(run, boxes):
    before = {each.pid for each in owned.processes(run("me"))}
    run("kill_everything")
    assert {each.pid for each in owned.processes(run("me"))} == before
    assert boxes(Wall()).alive


def test_memory_that_no_limit_counts(run):
    assert set(run("hidden_memory").values()) == {"EPERM"}


@namespace.X86_ONLY
def test_calls_of_32_bits(observe):
    assert observe("int80").outcome == "crashed"
    assert observe("x32").outcome == "crashed"


def test_the_sweeper_and_the_judge_cannot_be_killed(run):
    (sweeper,) = [each.pid for each in owned.processes(run("me"))]
    assert set(run("kill_others", [sweeper, os.getpid()])) == {"PermissionError"}
    assert sweeper in [each.pid for each in owned.processes(run("me"))]


def test_the_sweeper_and_the_judge_cannot_be_looked_into(run):
    (sweeper,) = [each.pid for each in owned.processes(run("me"))]
    for pid in (sweeper, os.getpid()):
        found = run("look_into", [pid])
        assert found.pop("ptrace") == -1
        assert set(found.values()) == {"PermissionError"}


def test_the_sweeper_has_no_privileges(run):
    (sweeper,) = [each.pid for each in owned.processes(run("me"))]
    status = Path(f"/proc/{sweeper}/status").read_text()
    status = dict(line.split(":\t", 1) for line in status.splitlines())
    assert {int(status[key], 16) for key in status if key.startswith("Cap")} == {0}
    assert status["NoNewPrivs"] == "1"
    real, effective, saved, _ = status["Uid"].split()
    assert effective == str(run("me"))
    assert real == saved != effective


def test_the_driver_keeps_three_capabilities(boxes):
    status = Path(f"/proc/{boxes(Wall()).launcher.pid}/status").read_text()
    status = dict(line.split(":\t", 1) for line in status.splitlines())
    kept = {key: int(status[key], 16) for key in status if key.startswith("Cap")}
    assert kept == {"CapInh": 0, "CapPrm": 0xE0, "CapEff": 0xE0, "CapBnd": 0, "CapAmb": 0}


def test_the_oom_killer_goes_on_taking_it_first(run):
    assert run("less_killable", "0") == "PermissionError"


def test_sockets_but_pairs(run):
    assert run("sockets") == {
        "pairs": [None, None, "PermissionError"],
        "new": ["PermissionError"] * 4,
        "bind": "PermissionError",
        "connect": "PermissionError",
        "sent": b"x",
    }


def test_asyncio_and_multiprocessing_work(run):
    assert run("asyncio_works") == 3
    assert run("processes_work") == 4


def test_a_session_is_walled_as_a_call_is():
    needs = Needs((), PROBES.encode())
    limits = Limits(cpu_seconds=2.0, memory_mb=256)
    with UserSandbox().open({}, needs) as box:
        with box.session(limits) as session:
            assert session.call("ptrace_driver", (), {}, limits).value == -1
            assert session.call("me", (), {}, limits).value > 0
        assert box.call("alive", (), {}, limits).value == 1
