"""What student code in a box of the sandbox `user` can use up, and what it can leave behind."""

from pathlib import Path

import pytest
import test_namespace_resources as namespace
from test_namespace_resources import (  # noqa: F401
    PACKAGES,
    test_a_file_too_large,
    test_a_fork_bomb,
    test_a_segmentation_fault,
    test_a_stack_overflow,
    test_a_tree_of_thousands,
    test_descriptors_are_limited,
    test_nothing_is_locked_or_dumped,
    test_processes_are_counted,
    test_threads_are_counted,
)

from autograder.box import owned
from autograder.box.namespace import Wall
from autograder.box.user import UserSandbox
from autograder.model import Limits

SANDBOX = UserSandbox
pytestmark = pytest.mark.root

FAR = Limits(cpu_seconds=20.0, memory_mb=256)
PROBES = (
    namespace.PROBES
    + '''

def me():
    return os.getuid()


def home():
    return [HOME, sorted(os.listdir(HOME))]


def leave_at_home():
    os.makedirs(HOME + "/a/b")
    with open(HOME + "/a/b/note", "w") as file:
        file.write("for later")
    os.chmod(HOME + "/a", 0)
    os.chmod(HOME, 0)
    return 1


def scatter(count):
    """Processes that leave the session, ignore signals and go on forking."""
    for _ in range(count):
        if os.fork() == 0:
            os.setsid()
            for number in range(1, 32):
                attempt(signal.signal, number, signal.SIG_IGN)
            while True:
                try:
                    if os.fork():
                        os._exit(0)
                except OSError:
                    time.sleep(0.001)
    return 1


def fill_home(megabytes):
    for number in range(megabytes):
        with open(f"{HOME}/{number}", "wb") as file:
            file.write(bytes(1 << 20))
    time.sleep(20)


def fill_unnamed(megabytes):
    """As above, in files that have no name any more."""
    kept = []
    for number in range(0, megabytes, 64):
        kept.append(open(f"{HOME}/{number}", "wb"))
        os.unlink(f"{HOME}/{number}")
        for _ in range(64):
            kept[-1].write(bytes(1 << 20))
    time.sleep(20)


def fill_hidden(megabytes):
    """As above, in a folder that nobody may look into."""
    os.mkdir(HOME + "/hidden")
    os.chdir(HOME + "/hidden")
    os.chmod(HOME + "/hidden", 0o300)
    for number in range(megabytes):
        with open(str(number), "wb") as file:
            file.write(bytes(1 << 20))
    time.sleep(20)


def many_at_home(count):
    for number in range(count):
        open(f"{HOME}/{number}", "w").close()
    time.sleep(20)
'''
)


@pytest.fixture(autouse=True)
def the_next_call_is_unharmed(run):
    yield
    assert run("alive") == 1
    assert run("home")[1] == []


@pytest.fixture
def left(run):
    """Return ``() -> processes of the box's user``, without the sweeper."""
    uid = run("me")
    return lambda: [each for each in owned.processes(uid) if _real_user(each.pid) == uid]


def _real_user(pid):
    lines = Path(f"/proc/{pid}/status").read_text().splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith("Uid:"))


def test_nothing_is_found_by_the_next_call(run):
    run("leave_at_home")
    folder, found = run("home")
    assert found == []
    assert Path(folder).stat().st_mode & 0o7777 == 0o770


def test_a_daemon_does_not_outlive_its_call(run, left):
    assert run("daemon", 10)
    assert left() == []


def test_a_daemon_outlives_its_call_unswept(run):
    weak = Wall(sweep=False, wipe=False)
    uid = run("me", wall=weak)
    assert run("daemon", 2, wall=weak)
    assert len(owned.processes(uid)) > 1


def test_processes_that_run_from_the_sweep(observe, left):
    observe("scatter", 20)
    assert left() == []


@pytest.mark.parametrize("how", ["fill_home", "fill_unnamed", "fill_hidden"])
def test_the_disk_is_watched(observe, how):
    small = Wall(scratch_bytes=64 << 20)
    seen = observe(how, 512, wall=small, limits=FAR)
    assert seen.outcome == "crashed"
    assert "too much disk" in seen.output
    assert seen.wall_seconds < 10


def test_the_number_of_files_is_watched(observe):
    seen = observe("many_at_home", 4000, wall=Wall(scratch_inodes=1000), limits=FAR)
    assert (seen.outcome, "too much disk" in seen.output) == ("crashed", True)


def test_two_boxes_have_users_of_their_own(run):
    assert run("me") != run("me", wall=Wall(scratch_inodes=999))


def test_the_driver_reaps_all(run, left):
    run("forks", 20)
    assert left() == []  # nor a zombie
