"""What student code in a box of the sandbox `user` can see and touch."""

import os
from pathlib import Path, PurePosixPath

import pytest
import test_namespace_reach as namespace
from test_namespace_reach import (  # noqa: F401
    FILES,
    PACKAGES,
    test_no_descriptor_of_the_driver_is_inherited,
    test_packages_that_the_lab_lists_and_no_other,
    test_the_standard_library_is_whole,
)

from autograder.box.user import UserSandbox
from autograder.errors import InfraError
from autograder.model import Limits, Needs

SANDBOX = UserSandbox
QUICK = Limits(cpu_seconds=5.0, memory_mb=512)
pytestmark = pytest.mark.root

PROBES = (
    namespace.PROBES
    + '''

def read(*paths):
    """How an attempt to read each path ends."""
    def look(path):
        if os.path.isdir(path):
            return os.listdir(path)
        with open(path, "rb") as file:
            return file.read(1)
    return [attempt(look, path) for path in paths]


def write(*folders):
    return [attempt(open, f"{folder}/ag", "w") for folder in folders]


def home():
    import tempfile
    return [os.getcwd(), os.environ["HOME"], tempfile.gettempdir()]


def use_home():
    """All that a program does with files, at home."""
    import tempfile
    with tempfile.TemporaryDirectory() as folder:
        os.mkdir(folder + "/a")
        with open(folder + "/a/b", "w") as file:
            file.write("x")
        os.rename(folder + "/a/b", folder + "/c")
        os.symlink("c", folder + "/d")
        os.truncate(folder + "/d", 0)
        return sorted(os.listdir(folder))


def process():
    return [open("/proc/self/comm").read() != "", os.listdir("/proc/self/fd") != [],
            open("/proc/cpuinfo").read(1) != "", attempt(os.listdir, "/proc")]


def devices():
    with open("/dev/null", "w") as file:
        file.write("x")
    return [len(open(f"/dev/{name}", "rb").read(2)) for name in ("zero", "urandom", "null")]


def run_python():
    import subprocess, sys
    return subprocess.run([sys.executable, "-S", "-c", "print(3)"], capture_output=True).stdout


def spawn():
    import ctypes.util, getpass
    return getpass.getuser()
'''
)


def test_files_of_the_machine_cannot_be_read(run):
    here = Path(__file__).resolve()
    root = here.parents[3]
    paths = ["/etc/passwd", "/etc", "/", "/tmp", "/sys", "/run", "/root", "/dev", "/var", "/bin"]
    paths += map(str, (here, root, root / "README.md", root / "autograder/box/driver.py"))
    assert dict(zip(paths, run("read", *paths), strict=True)) == dict.fromkeys(
        paths, "PermissionError"
    )


def test_packages_that_the_lab_does_not_list_cannot_be_read(run):
    paths = [str(Path(pytest.__file__).parent / "__init__.py")]
    assert run("read", *paths) == ["PermissionError"]


def test_what_was_handed_in_shadows_no_library(run):
    value, where = run("mine")
    assert value == 1
    assert where.endswith("/box/site/numpy/__init__.py")


def test_only_its_own_folder_can_be_written(run):
    places = ["/tmp", "/var/tmp", "/dev/shm", "/dev/mqueue", "/run/lock", "/", "/dev", "/usr"]
    assert set(run("write", *places)) <= {"PermissionError", "FileNotFoundError"}
    cwd, home, temporary = run("home")
    assert cwd == home == temporary
    assert run("use_home") == ["a", "c", "d"]
    box = Path(home).parent / "box"
    assert (
        run("write", *(str(box / name) for name in ("", "probes", "submission", "site")))
        == ["PermissionError"] * 4
    )


def test_its_own_process_and_nobody_elses(run):
    assert run("process") == [True, True, True, "PermissionError"]
    assert (
        run("read", "/proc/1/cmdline", f"/proc/{os.getpid()}/status", "/proc/version")
        == ["PermissionError"] * 3
    )


def test_devices_that_every_program_uses(run):
    assert run("devices") == [2, 2, 0]


def test_a_program_can_start_python_again(run):
    assert run("run_python") == b"3\n"


def test_a_clean_environment(run, monkeypatch):
    variables, raw = run("environment")
    assert "AUTOGRADER" not in raw
    assert variables["USER"] == variables["LOGNAME"] == "student"
    assert set(variables) <= {
        *("HOME", "TMPDIR", "USER", "LOGNAME", "PATH", "LANG", "PYTHONHASHSEED"),
        *("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "LD_LIBRARY_PATH"),
        *("NUMBA_CACHE_DIR", "TORCHINDUCTOR_CACHE_DIR", "LC_CTYPE"),
    }


def test_no_privileges(run):
    uids, gids, groups, status = run("identity")
    assert len({*uids, *gids}) == 1
    assert uids[0] not in (0, 1000)
    assert groups == []
    assert {int(value, 16) for key, value in status.items() if key.startswith("Cap")} == {0}
    assert (status["NoNewPrivs"], status["Seccomp"]) == ("1", "2")


def test_a_box_cannot_see_into_another(run):
    needs = Needs((), PROBES.encode())
    with UserSandbox().open({PurePosixPath("rival.py"): b"x"}, needs) as rival:
        folder = Path(rival.call("home", (), {}, QUICK).value[0]).parent
        assert (folder / "box/submission/rival.py").exists()
        paths = [folder, folder / "box/submission/rival.py", folder / "home"]
        assert run("read", *map(str, paths)) == ["PermissionError"] * 3
        assert run("host_path", str(folder / "box")) is False


def test_services_and_connections_are_refused_as_ours_not_the_students(boxes):
    with UserSandbox().open({}, Needs((), b"")) as box:
        with pytest.raises(InfraError, match="--sandbox"), box.service("echo"):
            pass
        with pytest.raises(InfraError, match="--sandbox"), box.connect("/tmp/x"):
            pass
