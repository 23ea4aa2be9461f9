"""What the sandbox `user` does not hold, as docs/walls.md says: each shown to be so."""

import socket
from pathlib import Path

import pytest

from autograder.box import owned
from autograder.box.user import UserSandbox
from autograder.errors import InfraError
from autograder.model import Limits, Needs

pytestmark = pytest.mark.root

LIMITS = Limits(cpu_seconds=5.0, memory_mb=256)
PROBES = b"""
import os, socket, time


def attempt(f, *args):
    try:
        f(*args)
    except BaseException as error:
        return type(error).__name__
    return None


def me():
    return os.getuid()


def read(path):
    return attempt(lambda: open(path, "rb").read(1))


def write(path):
    return attempt(open, path, "w")


def exists(path):
    return os.path.exists(path)


def note(path):
    os.makedirs(path + "/inner")
    with open(path + "/inner/note", "w") as file:
        file.write("for the next")
    os.chmod(path, 0)
    return 1


def tick(path, seconds):
    os.utime(path)
    return os.stat(path).st_mtime


def time_of(path):
    return os.stat(path).st_mtime


def own_folder_of_a_child():
    pid = os.fork()
    if pid == 0:
        os._exit(read("/proc/self/maps") is not None)
    return os.waitpid(pid, 0)[1] != 0


def manager():
    import multiprocessing
    return attempt(multiprocessing.get_context("fork").Manager)


def sockets_of_others():
    return open("/proc/self/net/unix").read()


def keep_mapped(megabytes):
    import ctypes
    libc = ctypes.CDLL(None)
    libc.mmap.restype = ctypes.c_long
    kept = []
    for number in range(0, megabytes, 64):
        with open(str(number), "wb+") as file:
            for _ in range(64):
                file.write(bytes(1 << 20))
            file.flush()
            kept.append(libc.mmap(None, ctypes.c_size_t(4096), 1, 1, file.fileno(), 0))
        os.unlink(str(number))
    time.sleep(1)
    return len(kept) if min(kept) > 0 else 0
"""


@pytest.fixture
def box():
    """A box with Landlock, if the kernel has it."""
    if reason := UserSandbox().available():
        pytest.skip(reason)
    with UserSandbox().open({}, Needs((), PROBES)) as box:
        yield box


@pytest.fixture
def unfenced(monkeypatch, box):
    """A box as on a kernel without Landlock."""
    monkeypatch.setenv("HOME", "/root")
    with UserSandbox(fenced=False).open({}, Needs((), PROBES)) as found:
        yield found


def value(box, probe, *args):
    seen = box.call(probe, args, {}, LIMITS)
    assert seen.outcome == "pass", seen
    return seen.value


def test_names_and_sizes_of_files_that_cannot_be_read(box):
    assert value(box, "read", "/etc/passwd") == "PermissionError"
    assert value(box, "exists", "/etc/passwd")


def test_a_time_that_everybody_may_set_is_a_note_to_the_next(box, unfenced):
    Path("/dev/full").touch()
    noted = value(box, "tick", "/dev/full", 0)
    assert value(unfenced, "time_of", "/dev/full") == noted


def test_the_table_of_unix_sockets_is_the_containers(box):
    with socket.socket(socket.AF_UNIX) as server:
        server.bind("\0ag-of-the-judge")
        assert "ag-of-the-judge" in value(box, "sockets_of_others")


def test_a_childs_child_cannot_read_its_own_folder(box):
    assert value(box, "own_folder_of_a_child")


def test_a_manager_of_processes_finds_no_socket(box):
    assert value(box, "manager") is not None


def test_tmp_is_closed_to_whoever_insists_on_it(box):
    assert value(box, "write", "/tmp/ag-insists") == "PermissionError"


def test_disk_that_only_a_mapping_holds_is_not_seen(box):
    assert value(box, "keep_mapped", 320) == 5


def test_without_landlock_what_everybody_may_read_can_be_read(unfenced):
    for path in ("/etc/passwd", pytest.__file__, "/proc/1/cmdline"):
        assert value(unfenced, "read", path) is None


def test_without_landlock_everybodys_folders_can_be_written_and_are_cleaned(unfenced):
    for folder in ("/tmp", "/var/tmp", "/dev/shm"):
        value(unfenced, "note", f"{folder}/ag-note")
        assert not Path(folder, "ag-note").exists()


def test_without_landlock_no_box_opens_beside_an_open_home(box, monkeypatch):
    home = Path("/tmp/ag-home")
    home.mkdir(mode=0o755)
    monkeypatch.setenv("HOME", str(home))
    sandbox = UserSandbox(fenced=False)
    try:
        with pytest.raises(InfraError, match="chmod"), sandbox.open({}, Needs((), PROBES)):
            pass
    finally:
        home.rmdir()


def test_without_landlock_modes_keep_the_rest(unfenced):
    secret = Path("~root/ag-secret").expanduser()
    secret.write_text("x")
    try:
        assert value(unfenced, "read", str(secret)) == "PermissionError"
    finally:
        secret.unlink()
    for each in owned.processes(value(unfenced, "me")):
        assert value(unfenced, "read", f"/proc/{each.pid}/environ") == "PermissionError"
