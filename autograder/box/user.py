"""The sandbox `user`: a user of its own for each box, as root of a container without namespaces.

The weakest wall (docs/walls.md): for where no other can be had. Network, memory and disk are the
container's, kept from the box by system-call filter, Landlock and watching, not by the kernel's
namespaces and file systems.
"""

import os
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, closing, contextmanager, suppress
from functools import cache
from pathlib import Path, PurePosixPath
from typing import Any

import autograder
from autograder.box import apart, compilers, installed, landlock, layout, reach
from autograder.box.base import Box, Service, Stream
from autograder.box.berth import Berth, berth
from autograder.box.client import DriverClient
from autograder.box.lay_out import lay_out
from autograder.box.owned import processes
from autograder.box.spawn import spawn
from autograder.box.sweeper import Ground
from autograder.box.wall import Wall
from autograder.errors import InfraError
from autograder.model import Needs

_DRIVER = Path(__file__).with_name("driver.py")
_SOURCE = str(Path(autograder.__file__).parents[1])
_NEEDED = {0: "CHOWN", 1: "DAC_OVERRIDE", 5: "KILL", 6: "SETGID", 7: "SETUID", 8: "SETPCAP"}
_SWEEP_SECONDS = 30.0
_PAUSE_SECONDS = 0.002
_GONE_SECONDS = 2.0  # for what the driver's own sweeper still does
_NO_SOCKETS = (
    "this lab talks to a process through a socket, and the sandbox `user` allows none: "
    "grade it with --sandbox namespace or docker"
)

# Two users for each berth. The kernel counts a user's processes over all containers that share
# its user namespace, so each container (by its pid namespace) has a range of its own.
_FIRST_USER, _RANGES, _RANGE = 1_000_000, 4096, 8192
_ORDINARY = 10_000  # below are the users of the container itself


class UserSandbox:
    """Walls a box in by a user of its own. Any number may be open at once, in any process."""

    def __init__(self, wall: Wall = Wall(), *, fenced: bool = True) -> None:  # noqa: B008  (frozen)
        """Use `wall`; only tests weaken it, or leave out Landlock (`fenced`)."""
        self._wall = wall
        self._fenced = fenced and landlock.version() > 0

    def available(self) -> str | None:
        """Open a real box, once per process: None if that works, else why not and what to do."""
        return _probe()

    def versions(self, needs: Needs) -> dict[str, str]:
        """As `base.Sandbox.versions`: a box shows this container's own."""
        return installed.versions(needs)

    @contextmanager
    def open(self, files: Mapping[PurePosixPath, bytes], needs: Needs) -> Iterator[Box]:
        """Open a box, as `base.Sandbox.open`."""
        granted = reach.granted(needs)
        if not self._fenced:
            reach.check_private()
        with berth(passable=True) as place:
            compilers.check_scratch(needs.compilers, place.folder)
            config = lay_out(place.folder, files, needs)
            ground = _ground(place, () if self._fenced else reach.everybodys_folders())
            _give_scratch(place.folder, ground)
            whole = (*granted.whole, f"{place.folder}/box")
            config["wall"] = self._inside(ground, reach.Reach(whole, granted.listed))
            with _swept(ground), closing(_spawn(config, ground, needs)) as box:
                yield _Socketless(box)

    def _inside(self, ground: Ground, granted: reach.Reach) -> dict[str, Any]:
        users = {
            "uid": ground.uid,
            "sweeper": ground.sweeper,
            "scratch": ground.scratch,
            "folders": list(ground.folders),
            "readable": list(granted.whole),
            "listed": list(granted.listed),
            "landlock": self._fenced,
        }
        wall = self._wall.inside(ground.uid)
        return {**wall, "uid": None, "keeps": apart.KEPT, "pid_namespace": False, "users": users}


class _Socketless:
    """A box in which no socket can be had but pairs."""

    def __init__(self, box: DriverClient) -> None:
        self._box, self.launcher = box, box.launcher
        self.call, self.map, self.session = box.call, box.map, box.session

    @property
    def alive(self) -> bool:
        return self._box.alive

    def service(self, name: str) -> AbstractContextManager[Service]:
        raise InfraError(_NO_SOCKETS)

    def connect(self, path: str) -> AbstractContextManager[Stream]:
        raise InfraError(_NO_SOCKETS)


def _ground(place: Berth, folders: Sequence[str]) -> Ground:
    uid = _first_user() + 2 * place.number
    return Ground(uid, uid + 1, str(place.folder / "home"), folders)


@cache
def _first_user() -> int:
    end = min(map(_end_of_users, ("uid_map", "gid_map")))
    if end > _FIRST_USER + _RANGES * _RANGE:
        return _FIRST_USER + _pid_namespace() % _RANGES * _RANGE
    return end - 2 * _RANGE  # a container that knows few users has them for itself


def _pid_namespace() -> int:
    return Path("/proc/self/ns/pid").stat().st_ino


def _end_of_users(table: str) -> int:
    rows = Path(f"/proc/self/{table}").read_text().splitlines()
    return max(int(start) + int(count) for start, _, count in map(str.split, rows))


def _give_scratch(folder: Path, ground: Ground) -> None:
    """Let the box's user, and no other box's, in; the group of its scratch stays the driver's."""
    os.chown(folder, -1, ground.uid)
    folder.chmod(0o710)
    os.chown(ground.scratch, ground.uid, -1)
    Path(ground.scratch).chmod(0o770)


def _spawn(config: Mapping[str, object], ground: Ground, needs: Needs) -> DriverClient:
    mine = Path(getattr(sys, "_base_executable", sys.executable)).resolve()
    scratch = ground.scratch
    environment = {
        **layout.environment(scratch),
        "TMPDIR": scratch,
        **_libraries(),
        **compilers.environment(needs.compilers, fixed=False),
    }
    argv = [str(mine), *layout.ISOLATED, str(_DRIVER)]
    return spawn(argv, config, environment=environment, folder=Path("/"))


def _libraries() -> dict[str, str]:
    """Where an interpreter outside /usr finds its own library."""
    if not layout.python().library_path:
        return {}
    return {"LD_LIBRARY_PATH": str(Path(sys.base_prefix).resolve() / "lib")}


@contextmanager
def _swept(ground: Ground) -> Iterator[None]:
    """Begin and end with nothing of the box's users, whoever was killed meanwhile."""
    _sweep(ground)
    try:
        yield
    finally:
        _sweep(ground)


def _await_end(uid: int) -> None:
    """Give the sweeper of a driver that has ended its time; bury what has become our child."""
    until = time.monotonic() + _GONE_SECONDS
    while time.monotonic() < until:
        found = processes(uid)
        for each in found:
            if each.dead and each.parent == os.getpid():
                with suppress(ChildProcessError):
                    os.waitpid(each.pid, os.WNOHANG)
        if all(each.dead and each.parent != os.getpid() for each in found):
            return
        time.sleep(_PAUSE_SECONDS)


def _sweep(ground: Ground) -> None:
    """Sweep from outside, if there is anything to sweep.

    Raises:
        InfraError: something of the box lives on, or stays.
    """
    _await_end(ground.uid)
    living = any(not each.dead for each in processes(ground.uid))
    if not (living or ground.folders or os.listdir(ground.scratch)):  # noqa: PTH208
        return
    words = [str(ground.uid), str(ground.sweeper), ground.scratch, *ground.folders]
    try:
        done = subprocess.run(
            [sys.executable, "-P", "-s", "-m", "autograder.box.sweeper", *words],
            env={"PYTHONPATH": _SOURCE, "PATH": os.defpath, **_libraries()},
            stdin=subprocess.DEVNULL,
            capture_output=True,
            timeout=_SWEEP_SECONDS,
            text=True,
            check=False,
        )
    except subprocess.TimeoutExpired as error:
        raise InfraError(f"what a box left behind is not removed in time: {error}") from error
    _await_end(ground.uid)
    if done.returncode:
        raise InfraError(f"what a box left behind cannot be removed: {done.stderr.strip()}")


@cache
def _probe() -> str | None:
    if sys.platform != "linux":
        return "it needs Linux: grade on a Linux machine, or in a container"
    if os.geteuid() != 0:
        return "it needs root of the container that it runs in: start that without --user"
    if missing := _missing():
        return f"this container lacks capabilities: start it with {missing}"
    if _first_user() <= _ORDINARY:
        return "this container knows too few users: map at least 65536 into it"
    try:
        with UserSandbox().open({}, Needs(packages=(), probes=b"")):
            return None
    except InfraError as error:
        return str(error)


def _missing() -> str:
    has = _capabilities()
    return " ".join(f"--cap-add {name}" for bit, name in _NEEDED.items() if not has >> bit & 1)


def _capabilities() -> int:
    lines = Path("/proc/self/status").read_text().splitlines()
    return next(int(line.split()[1], 16) for line in lines if line.startswith("CapEff"))
