"""What student code in a namespace box can see and touch."""

import os
import socket
from pathlib import Path

import pytest

from autograder.box.namespace import Wall
from autograder.model import Limits

pytestmark = pytest.mark.namespace

FILES = {
    "mine.py": b"value = 1\n",
    "numpy.py": b"raise SystemExit('shadowed')\n",
    "deep/a.txt": b"x",
}
PACKAGES = ("numpy",)
QUICK = Limits(cpu_seconds=5.0, memory_mb=512)
PROBES = '''
import ctypes, os, socket, sys

libc = ctypes.CDLL(None, use_errno=True)


def attempt(f, *args):
    """The name of the error that f(*args) ends with, or None."""
    try:
        f(*args)
    except BaseException as error:
        return type(error).__name__
    return None


def syscall(number, *args):
    """The errno of a raw system call, or 0."""
    words = [ctypes.c_long(a) if isinstance(a, int) else a for a in args]
    return ctypes.get_errno() if libc.syscall(number, *words) < 0 else 0


def walk():
    seen = []
    for folder, folders, files in os.walk("/"):
        if folder.startswith(("/proc", "/usr", "/lib", "/box/python")):
            folders.clear()
        else:
            seen += [os.path.join(folder, name) for name in folders + files]
    return seen


def writable():
    found = []
    for folder, folders, _ in os.walk("/"):
        if folder.startswith("/proc"):
            folders.clear()
        elif os.access(folder, os.W_OK):
            found.append(folder)
    return sorted(found)


def environment():
    return dict(os.environ), open("/proc/self/environ").read()


def identity():
    status = dict(line.split(":\\t", 1) for line in open("/proc/self/status").read().splitlines())
    return [os.getresuid(), os.getresgid(), os.getgroups(), status]


def imports(*names):
    return [attempt(__import__, name) for name in names]


def mine():
    import mine, numpy
    return [mine.value, numpy.__file__]


def processes():
    return sorted(int(name) for name in os.listdir("/proc") if name.isdigit())


def driver_files():
    def read(path):
        with open(path, "rb") as file:
            file.read(1)
    found = {name: attempt(read, f"/proc/1/{name}")
             for name in ("mem", "environ", "maps", "auxv", "syscall", "stack")}
    found["fd"] = attempt(os.listdir, "/proc/1/fd")
    found["fdinfo"] = attempt(os.listdir, "/proc/1/fdinfo")
    found["cwd"] = attempt(os.readlink, "/proc/1/cwd")
    found["root"] = attempt(os.listdir, "/proc/1/root/")
    found["write"] = attempt(open, "/proc/1/oom_score_adj", "w")
    return found


def driver_environment():
    return open("/proc/1/environ").read()


def descriptors():
    return sorted(os.listdir("/proc/self/fd"))


def reach(port):
    with socket.socket() as s:
        s.settimeout(1)
        return attempt(s.connect, ("127.0.0.1", port))


def reach_abstract(name):
    with socket.socket(socket.AF_UNIX) as s:
        return attempt(s.connect, "\\0" + name)


def interfaces():
    return [name for _, name in socket.if_nameindex()]


def own_loopback():
    with socket.create_server(("127.0.0.1", 0)) as server:
        with socket.create_connection(server.getsockname()) as client:
            connection, _ = server.accept()
            with connection:
                client.sendall(b"hello")
                return connection.recv(5)


def host_path(path):
    return os.path.exists(path)
'''


def test_the_files_of_a_box(run):
    seen = run("walk")
    mine = [name for name in seen if name.startswith("/box/submission/")]
    assert sorted(mine) == [
        f"/box/submission/{name}" for name in ("deep", "deep/a.txt", "mine.py", "numpy.py")
    ]
    assert "/box/probes/probes.py" in seen
    for word in ("hidden", "solutions", "test_", "conftest", "pytest", "store.sqlite", ".git/"):
        ours = [name for name in seen if word in name and not name.startswith("/box/site/numpy")]
        assert ours == []


def test_nothing_of_the_host_is_there(run):
    here = Path(__file__).resolve()
    for path in (here, here.parents[3] / "pyproject.toml", Path.home(), "/etc", "/sys", "/run"):
        assert not run("host_path", str(path))


def test_a_folder_made_visible_is_there(run):
    """The counter-proof of the test above (not with the checkout: it may lie below /tmp)."""
    assert run("host_path", "/etc", wall=Wall(also_visible=("/etc",)))


def test_only_scratch_folders_can_be_written(run):
    allowed = ["/dev/shm", "/tmp"]
    assert [name for name in run("writable") if name not in allowed] == []


def test_a_writable_root_shows(run):
    weak = Wall(mount=False, unique_uid=False)
    assert "/" in run("writable", wall=weak)


def test_a_clean_environment(run, monkeypatch):
    variables, raw = run("environment")
    assert "AUTOGRADER" not in raw
    assert variables["HOME"] == "/tmp"
    assert variables["USER"] == variables["LOGNAME"] == "student"
    assert set(variables) <= {
        *("HOME", "USER", "LOGNAME", "PATH", "PWD", "LANG", "PYTHONHASHSEED"),
        *("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "LD_LIBRARY_PATH"),
        *("NUMBA_CACHE_DIR", "TORCHINDUCTOR_CACHE_DIR"),
    }


def test_the_launchers_environment_is_not_behind_process_1(namespace, monkeypatch, boxes):
    monkeypatch.setenv("AUTOGRADER_SECRET_FILE", "/somewhere/secret")
    weak = Wall(clean_env=False, as_pid_1=False, dumpable=False, unique_uid=False)
    leaked = boxes(weak).call("driver_environment", (), {}, QUICK)
    if os.geteuid() == 0:  # as a user, bubblewrap's own process is not open to look into
        assert "/somewhere/secret" in leaked.value
    assert boxes(Wall()).call("driver_environment", (), {}, QUICK).error.type == ("PermissionError")


def test_no_privileges(run):
    uids, gids, groups, status = run("identity")
    assert len(set(uids)) == len(set(gids)) == 1
    assert uids[0] not in (0, 1000)
    assert set(groups) <= {65534}
    assert {int(value, 16) for key, value in status.items() if key.startswith("Cap")} == {0}
    assert status["NoNewPrivs"] == "1"
    assert status["Seccomp"] == "2"


def test_two_boxes_are_two_users(namespace, boxes):
    if os.geteuid() != 0:
        pytest.skip("an ordinary user has one uid; each box has a user namespace of its own")
    first = boxes(Wall()).call("identity", (), {}, QUICK).value[0]
    second = boxes(Wall(scratch_inodes=1000)).call("identity", (), {}, QUICK).value[0]
    assert first != second


def test_packages_that_the_lab_lists_and_no_other(run):
    assert run("imports", "numpy", "pytest", "numba", "typer", "autograder.judge") == [
        None,
        *["ModuleNotFoundError"] * 4,
    ]


def test_what_was_handed_in_shadows_no_library(run):
    value, where = run("mine")
    assert value == 1
    assert where.startswith("/box/site/numpy/")


def test_only_the_driver_and_the_child_run(run):
    seen = run("processes")
    assert seen[0] == 1
    assert len(seen) == 2


def test_processes_of_the_host_show_without_a_pid_namespace(run):
    assert os.getpid() in run("processes", wall=Wall(pid_namespace=False))


def test_the_driver_cannot_be_looked_into(run):
    assert run("driver_files") == {
        **dict.fromkeys(("mem", "environ", "maps", "auxv", "syscall", "stack"), "PermissionError"),
        **dict.fromkeys(("fd", "fdinfo", "cwd", "root", "write"), "PermissionError"),
    }


def test_a_dumpable_driver_can_be_looked_into(run):
    seen = run("driver_files", wall=Wall(dumpable=False))
    assert [seen[name] for name in ("environ", "maps", "fd")] == [None] * 3


def test_no_descriptor_of_the_driver_is_inherited(run):
    assert len(run("descriptors")) <= 5  # streams, the answer's, the one that lists


def test_the_network_of_the_host_is_out_of_reach(run):
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
        assert run("reach", port) in ("ConnectionRefusedError", "OSError")
        assert run("reach", port, wall=Wall(network=False)) is None


def test_abstract_sockets_of_the_host_are_out_of_reach(run):
    name = f"autograder-test-{os.getpid()}"
    with socket.socket(socket.AF_UNIX) as server:
        server.bind("\0" + name)
        server.listen()
        assert run("reach_abstract", name) == "ConnectionRefusedError"
        assert run("reach_abstract", name, wall=Wall(network=False)) is None


def test_a_loopback_of_its_own(run):
    assert run("interfaces") == ["lo"]
    assert run("own_loopback") == b"hello"


def test_the_standard_library_is_whole(run):
    assert run("imports", "ssl", "sqlite3", "ctypes", "zlib", "lzma") == [None] * 5
