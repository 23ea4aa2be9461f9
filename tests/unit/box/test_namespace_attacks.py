"""Attacks from inside a namespace box, each by hand, each first against a box without its lock."""

import os
import platform

import pytest

from autograder.box.namespace import Wall
from autograder.model import Limits

pytestmark = pytest.mark.namespace

PROBES = '''
import ctypes, errno, fcntl, os, resource, signal, socket, struct, subprocess, sys, time

libc = ctypes.CDLL(None, use_errno=True)
DRIVER = os.getppid()


def syscall(number, *args):
    """The name of the errno of a raw system call, or None."""
    ctypes.set_errno(0)
    words = [ctypes.c_long(a) if isinstance(a, int) else a for a in args]
    failed = libc.syscall(ctypes.c_long(number), *words) < 0
    return errno.errorcode[ctypes.get_errno()] if failed else None


def attempt(f, *args):
    try:
        f(*args)
    except BaseException as error:
        return type(error).__name__
    return None


def alive():
    return 1


def burn():
    until = time.monotonic() + 2
    while time.monotonic() < until:
        pass


def ptrace_driver():
    return libc.ptrace(0x4206, DRIVER, 0, 0)  # SEIZE: ATTACH would stop it, and so the test


def read_driver():
    class Vector(ctypes.Structure):
        _fields_ = [("base", ctypes.c_void_p), ("size", ctypes.c_size_t)]
    # Same program, forked from the driver: what lies here lies there.
    source = ctypes.create_string_buffer(8)
    here = Vector(ctypes.addressof(ctypes.create_string_buffer(8)), 8)
    there = Vector(id(libc), 8)
    return libc.process_vm_readv(DRIVER, ctypes.byref(here), 1, ctypes.byref(there), 1, 0)


def steal_descriptor():
    pidfd = os.pidfd_open(DRIVER)
    return [syscall(438, pidfd, number, 0) for number in range(8)]


def limit_driver():
    return attempt(resource.prlimit, DRIVER, resource.RLIMIT_CPU, (0, 0))


def slow_driver():
    return [attempt(os.setpriority, os.PRIO_PROCESS, DRIVER, 19),
            attempt(os.setpriority, os.PRIO_USER, 0, 19),
            attempt(os.sched_setaffinity, DRIVER, {0}),
            attempt(os.sched_setscheduler, DRIVER, os.SCHED_IDLE, os.sched_param(0))]


def signal_driver():
    for number in sorted(signal.valid_signals()):
        attempt(os.kill, DRIVER, number)
    for number in (signal.SIGKILL, signal.SIGINT, signal.SIGTERM, signal.SIGSTOP):
        pidfd = os.pidfd_open(DRIVER)
        attempt(signal.pidfd_send_signal, pidfd, number)
    return 1


def stop_myself():
    os.kill(os.getpid(), signal.SIGSTOP)


def kill_everything():
    return attempt(os.kill, -1, signal.SIGKILL)


def hidden_memory():
    x86 = os.uname().machine == "x86_64"
    key = 0x5eed
    return {
        "memfd": syscall(319 if x86 else 279, b"x", 0),
        "shmget": syscall(29 if x86 else 194, key, 4096, 0o1666),
        "msgget": syscall(68 if x86 else 186, key, 0o1666),
        "semget": syscall(64 if x86 else 190, key, 1, 0o1666),
        "mq_open": syscall(240 if x86 else 180, b"q", os.O_CREAT | os.O_RDWR, 0o600, None),
        "keyctl": syscall(250 if x86 else 219, 0, -3, 1),
    }


def big_kernel():
    x86 = os.uname().machine == "x86_64"
    return {
        "io_uring": syscall(425, 1, ctypes.create_string_buffer(256)),
        "bpf": syscall(321 if x86 else 280, 0, ctypes.create_string_buffer(256), 256),
        "perf": syscall(298 if x86 else 241, ctypes.create_string_buffer(256), 0, -1, -1, 0),
        "userfaultfd": syscall(323 if x86 else 282, 1),
        "future": syscall(480),
    }


def namespaces():
    x86 = os.uname().machine == "x86_64"
    found = {}
    for name, flag in dict(user=0x10000000, pid=0x20000000, net=0x40000000, mnt=0x20000).items():
        found["unshare " + name] = syscall(272 if x86 else 97, flag)
        pid = libc.syscall(ctypes.c_long(56 if x86 else 220), ctypes.c_long(flag | 17), 0, 0, 0, 0)
        if pid == 0:
            os._exit(0)
        found["clone " + name] = pid > 0
    found["clone3"] = syscall(435, ctypes.create_string_buffer(88), 88)
    found["mount"] = syscall(165 if x86 else 40, b"x", b"/tmp", b"tmpfs", 0, None)
    found["chroot"] = attempt(os.chroot, "/tmp")
    return found


def new_user():
    pid = os.fork()
    if pid == 0:
        os._exit(0 if libc.unshare(0x10000000) == 0 else 1)
    return os.waitpid(pid, 0)[1] == 0


def type_ahead():
    def type():
        master, slave = os.openpty()
        fcntl.ioctl(slave, 0x5412, b"x")
    return attempt(type)


def write_files():
    places = ["/x", "/box/x", "/box/submission/x", "/box/probes/probes.py", "/box/site/x", "/dev/x",
              "/dev/pts/x", "/usr/x", "/proc/sys/kernel/hostname", f"/proc/{DRIVER}/oom_score_adj",
              "/box/driver/autograder/box/driver.py", "/lib64/x", "/box/labkit/x"]
    return [place for place in places if attempt(open, place, "a") is None]


def int80():
    """A 32-bit call, which a filter by number would take for another one (writev)."""
    import mmap
    code = mmap.mmap(-1, 4096, prot=mmap.PROT_READ | mmap.PROT_WRITE | mmap.PROT_EXEC)
    code.write(bytes.fromhex("b814000000cd80c3"))  # mov eax, 20 (getpid); int 0x80; ret
    call = ctypes.CFUNCTYPE(ctypes.c_int)(ctypes.addressof(ctypes.c_char.from_buffer(code)))
    return call()

def x32():
    return syscall(0x40000000 | 39)


def become_root():
    return [attempt(os.setuid, 0), attempt(os.setgid, 0), attempt(os.setgroups, [0])]


def own_limits():
    return [attempt(resource.setrlimit, limit, (resource.RLIM_INFINITY,) * 2)
            for limit in (resource.RLIMIT_AS, resource.RLIMIT_NPROC, resource.RLIMIT_FSIZE)]


def less_killable(score="-1000"):
    return attempt(lambda: open("/proc/self/oom_score_adj", "w", 1).write(score + "\\n"))
'''


X86_ONLY = pytest.mark.skipif(platform.machine() != "x86_64", reason="an x86-64 interface")
ROOT = os.geteuid() == 0


@pytest.fixture(autouse=True)
def the_next_call_is_unharmed(run):
    yield
    assert run("alive") == 1


def test_tracing_the_driver(run):
    assert run("ptrace_driver", wall=Wall(dumpable=False, seccomp=False)) == 0
    assert run("ptrace_driver", wall=Wall(seccomp=False)) == -1
    assert run("ptrace_driver", wall=Wall(dumpable=False)) == -1
    assert run("ptrace_driver") == -1


def test_reading_the_drivers_memory(run):
    assert run("read_driver", wall=Wall(dumpable=False, seccomp=False)) == 8
    assert run("read_driver", wall=Wall(seccomp=False)) == -1
    assert run("read_driver") == -1


def test_stealing_a_descriptor(run):
    assert None in run("steal_descriptor", wall=Wall(dumpable=False, seccomp=False))
    assert set(run("steal_descriptor", wall=Wall(seccomp=False))) == {"EPERM"}
    assert set(run("steal_descriptor")) == {"EPERM"}


def test_limiting_the_driver(observe, run):
    weak = Wall(seccomp=False, scratch_inodes=4000)  # a box of its own: it will not live
    assert observe("limit_driver", wall=weak).value is None
    assert observe("burn", wall=weak).outcome == "crashed"
    assert observe("alive", wall=weak).outcome == "crashed"
    assert run("limit_driver") == "PermissionError"


def test_slowing_the_driver(run):
    assert run("slow_driver", wall=Wall(seccomp=False, scratch_inodes=2000)) == [None] * 4
    assert run("slow_driver") == ["PermissionError"] * 4


def test_every_signal_at_the_driver(run):
    assert run("signal_driver") == 1


def test_a_driver_that_is_not_process_1_can_be_killed(observe):
    weak = Wall(as_pid_1=False)
    assert observe("kill_everything", wall=weak).outcome == "crashed"
    assert observe("alive", wall=weak).outcome == "crashed"


def test_killing_everything(run):
    assert run("kill_everything") == "ProcessLookupError"  # nobody it could kill


def test_stopping_oneself(observe):
    seen = observe("stop_myself", limits=Limits(cpu_seconds=0.1, memory_mb=64))
    assert seen.outcome == "timeout"


def test_memory_that_no_limit_counts(run):
    weak = run("hidden_memory", wall=Wall(seccomp=False, scratch_inodes=3000))
    assert weak["memfd"] is weak["shmget"] is weak["msgget"] is weak["keyctl"] is None
    assert set(run("hidden_memory").values()) == {"EPERM"}


def test_parts_of_the_kernel_that_no_lab_needs(run):
    assert run("big_kernel") == {
        **dict.fromkeys(("io_uring", "bpf", "perf", "userfaultfd"), "EPERM"),
        "future": "ENOSYS",
    }


def test_new_namespaces(run):
    seen = run("namespaces")
    assert {name: seen[name] for name in seen if name.startswith("clone ")} == dict.fromkeys(
        ("clone user", "clone pid", "clone net", "clone mnt"), False
    )
    assert {name: seen[name] for name in seen if name.startswith("unshare ")} == dict.fromkeys(
        ("unshare user", "unshare pid", "unshare net", "unshare mnt"), "EPERM"
    )
    assert seen["clone3"] == "ENOSYS"
    assert seen["mount"] == "EPERM"
    assert seen["chroot"] == "PermissionError"


def test_user_namespaces_without_the_filter(run):
    weak = Wall(seccomp=False, disable_userns=False)
    assert run("new_user", wall=weak)
    assert not run("new_user")
    if not ROOT:  # as root, the filter alone forbids them
        assert not run("new_user", wall=Wall(seccomp=False))


def test_typing_into_a_terminal(run):
    assert run("type_ahead") in ("PermissionError", "FileNotFoundError")


def test_writing_anywhere_else(run):
    assert run("write_files") == []


@X86_ONLY
def test_calls_of_32_bits(observe, run):
    assert observe("int80").outcome == "crashed"
    weak = observe("int80", wall=Wall(seccomp=False, scratch_inodes=3000))
    assert weak.outcome == "pass" or "SIGSEGV" in weak.output  # a kernel without 32-bit calls
    assert observe("x32").outcome == "crashed"


def test_becoming_root(run):
    assert set(run("become_root")) <= {"PermissionError", "OSError"}  # or: no such user here


def test_lifting_limits(run):
    assert set(run("own_limits")) <= {"ValueError", "PermissionError"}


def test_hiding_from_the_oom_killer(run):
    assert run("less_killable") == "PermissionError"
