"""The sweeper: a process that ends, measures and cleans up after all processes of a box's user.

It has a real user of its own and that of the box as its effective one. So it may signal and look
into the processes of the box, and none of them may signal or look into it. It goes on when the
driver is killed: then it ends the box first. Runs beside the driver, and for the judge as
``python -m autograder.box.sweeper UID SWEEPER SCRATCH FOLDER...``: imports only its neighbours.
"""

import os
import resource
import signal
import socket
import stat
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from itertools import islice
from pathlib import Path
from typing import NamedTuple, NoReturn

from autograder.box import wipe
from autograder.box.owned import Process, processes

_MOST = 1 << 16  # bytes of a question
_MOST_FILES = 4096  # descriptors that a driver may have open
_PAUSE_SECONDS = 0.001
_END_SECONDS = 10.0  # for what was killed to be gone
_BLOCK = 512  # what st_blocks counts in
_SCRATCH_MODE = 0o770
_DEEPEST = 100  # levels of folders that are looked into
_MOST_COUNTED = 1 << 17  # files


class Ground(NamedTuple):
    """What a box's user may have touched."""

    uid: int
    sweeper: int  # the sweeper's own uid
    scratch: str  # the box's own folder
    folders: Sequence[str] = ()  # of everybody, where Landlock does not keep the user out


class SweeperError(Exception):
    """The sweeper has gone, or cannot do what it must."""


class Sweeper:
    """The driver's end."""

    def __init__(self, ground: Ground, become: Callable[[Ground], None]) -> None:
        """Fork the sweeper; `become` gives up, in it, all that it must not have."""
        self._ground = ground
        self._line, its = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        self.pid = os.fork()
        if self.pid == 0:
            _be(its, ground, become)
        its.close()
        self.disk()  # it is there, and can look around

    def pids(self) -> list[int]:
        """The living processes of the box."""
        return [each.pid for each in self._others() if not each.dead]

    def memory(self, pids: Sequence[int]) -> int:
        """Bytes of memory of `pids`, each shared page divided among those who share it."""
        return int(self._ask("memory", *pids))

    def disk(self) -> tuple[int, int]:
        """Bytes and number of the files of the box's user."""
        size, count = self._ask("disk").split()
        return int(size), int(count)

    def end_all(self) -> None:
        """Kill and reap every process of the box; they are children of this one, or will be."""
        until = time.monotonic() + _END_SECONDS
        while self._left():
            self._ask("end")
            with suppress(ChildProcessError):
                while os.waitpid(-1, os.WNOHANG)[0]:
                    continue
            if time.monotonic() > until:
                raise SweeperError("a process of the box cannot be ended")

    def wipe(self) -> None:
        """Empty the folders. Nothing of the box may run meanwhile."""
        self._ask("wipe")

    def close(self) -> None:
        """End the box, then the sweeper."""
        self._line.close()
        with suppress(ChildProcessError):
            os.waitpid(self.pid, 0)

    def _left(self) -> list[Process]:
        """Those to be ended or reaped; a dead one whose parent is a stranger is the stranger's."""
        return [each for each in self._others() if not each.dead or each.parent == os.getpid()]

    def _others(self) -> list[Process]:
        return [each for each in processes(self._ground.uid) if each.pid != self.pid]

    def _ask(self, *question: object) -> str:
        try:
            self._line.send(" ".join(map(str, question)).encode())
            answer = self._line.recv(_MOST).decode()
        except OSError as error:
            raise SweeperError(f"the sweeper has gone: {error}") from error
        told, _, rest = answer.partition(" ")
        if told != "done":
            raise SweeperError(rest or "the sweeper has gone")
        return rest


def _be(line: socket.socket, ground: Ground, become: Callable[[Ground], None]) -> NoReturn:
    try:
        os.dup2(line.fileno(), 3)
        os.closerange(4, _MOST_FILES)
        line.detach()
        become(ground)
        try:
            _serve(socket.socket(fileno=3), ground)
        finally:  # also where the driver was killed before it had its answer
            sweep(ground)
    finally:
        os._exit(0)


def _serve(line: socket.socket, ground: Ground) -> None:
    while question := line.recv(_MOST).decode().split():
        try:
            answer = "done " + _answer(question[0], [int(word) for word in question[1:]], ground)
        except OSError as error:
            answer = f"failed {error}"
        line.send(answer.encode()[:_MOST])


def _answer(asked: str, numbers: Sequence[int], ground: Ground) -> str:
    if asked == "memory":
        return str(sum(map(_proportional_size, numbers)))
    if asked == "disk":
        return "{} {}".format(*_sizes(ground))
    if asked == "end":
        end_all(ground.uid)
    else:
        wipe_all(ground)
    return ""


def sweep(ground: Ground) -> None:
    """End every process of the box and remove what they wrote. Only a sweeper can."""
    end_all(ground.uid)
    wipe_all(ground)


def end_all(uid: int) -> None:
    """Kill every process of `uid`; return when none is left, but for their parents to reap them.

    One signal to all at once: whoever is about to fork gets it before the fork can be.

    Raises:
        TimeoutError: one does not end.
    """
    until = time.monotonic() + _END_SECONDS
    while any(not each.dead for each in processes(uid)):
        with suppress(ProcessLookupError, PermissionError):
            os.kill(-1, signal.SIGKILL)
        if time.monotonic() > until:
            raise TimeoutError("a process of the box does not end")
        time.sleep(_PAUSE_SECONDS)


def wipe_all(ground: Ground) -> None:
    """Empty the scratch folder, and remove what is the box's user's in everybody's folders."""
    wipe.empty(ground.scratch, _SCRATCH_MODE)
    for folder in ground.folders:
        for path in _mine(folder, ground.uid):
            if path.is_dir() and not path.is_symlink():
                wipe.empty(str(path), 0o700)
                path.rmdir()
            else:
                path.unlink()


def _mine(folder: str, uid: int) -> Iterator[Path]:
    with suppress(OSError), os.scandir(folder) as entries:
        for entry in entries:
            with suppress(FileNotFoundError):
                if entry.stat(follow_symlinks=False).st_uid == uid:
                    yield Path(entry.path)


def _proportional_size(pid: int) -> int:
    try:
        with open(f"/proc/{pid}/smaps_rollup", "rb") as file:  # noqa: PTH123
            return sum(int(line.split()[1]) for line in file if line.startswith(b"Pss:")) * 1024
    except PermissionError:  # it has closed itself: then all it shares counts as its own
        return _resident_size(pid)
    except OSError:  # it has ended
        return 0


def _resident_size(pid: int) -> int:
    with suppress(OSError), open(f"/proc/{pid}/statm", "rb") as file:  # noqa: PTH123
        return int(file.read().split()[1]) * resource.getpagesize()
    return 0


def _sizes(ground: Ground) -> tuple[int, int]:
    """Bytes and number of files: those with a name, and those that are only held open."""
    files = islice(_files(ground), _MOST_COUNTED)
    found = {(each.st_dev, each.st_ino): each.st_blocks * _BLOCK for each in files}
    return sum(found.values()), len(found)


def _files(ground: Ground) -> Iterator[os.stat_result]:
    mine = (str(path) for folder in ground.folders for path in _mine(folder, ground.uid))
    for top in (ground.scratch, *mine):
        parent, name = os.path.split(top)
        at = os.open(parent, os.O_PATH | os.O_DIRECTORY)
        try:
            yield from _tree(at, name, _DEEPEST)
        finally:
            os.close(at)
    for each in processes(ground.uid):
        yield from _unnamed(each.pid)


def _tree(parent: int, name: str, levels: int) -> Iterator[os.stat_result]:
    """What lies at `name` and below; deeper than `levels`, only that something does."""
    try:
        status = os.stat(name, dir_fd=parent, follow_symlinks=False)
        folder = _enter(parent, name) if stat.S_ISDIR(status.st_mode) and levels else None
    except OSError:  # it has gone, or is no folder any more
        return
    yield status
    if folder is None:
        return
    try:
        with suppress(FileNotFoundError):  # it was removed meanwhile
            for inner in os.listdir(folder):  # noqa: PTH208
                yield from _tree(folder, inner, levels - 1)
    finally:
        os.close(folder)


def _enter(parent: int, name: str) -> int:
    flags = os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW
    try:
        return os.open(name, flags, dir_fd=parent)
    except PermissionError:  # its owner closed it, so that nobody counts what is in there
        os.chmod(name, 0o700, dir_fd=parent)
        return os.open(name, flags, dir_fd=parent)


def _unnamed(pid: int) -> Iterator[os.stat_result]:
    """The files that `pid` holds open although they have been removed."""
    with suppress(OSError), os.scandir(f"/proc/{pid}/fd") as entries:
        for entry in entries:
            with suppress(OSError):
                status = entry.stat()
                if stat.S_ISREG(status.st_mode) and not status.st_nlink:
                    yield status


def main(words: Sequence[str]) -> None:
    """Sweep once, for the judge: as `words` say, UID SWEEPER SCRATCH FOLDER..."""
    from autograder.box.apart import become_sweeper

    ground = Ground(int(words[0]), int(words[1]), words[2], words[3:])
    become_sweeper(ground)
    sweep(ground)


if __name__ == "__main__":
    main(sys.argv[1:])
