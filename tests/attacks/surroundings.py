"""What an attack may find around the grader, and what it must not leave there."""

import contextlib
import ctypes
import os
import signal
import socket
import tempfile
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple
from unittest import mock

from tests.attacks.attack import SECRET

_PR_SET_CHILD_SUBREAPER = 36
_TRACES = ("ag-left-behind", "ag-note", "ag-written", "fill-0", "results.json")
_SCRATCH = ("/", "/tmp", "/var/tmp", "/dev/shm", "/dev", "/run/lock", "~", ".")


class Surroundings(NamedTuple):
    """A grader's machine as an attack may hope to find it."""

    mark: Path  # a folder for proofs of a success; holds a socket, too
    temporary: Path  # where the grader's temporary files go
    tokens: dict[str, str]


@contextlib.contextmanager
def surroundings(side: str) -> Iterator[Surroundings]:
    """Listen on TCP, UDP, an abstract and a named socket, with a secret in the environment.

    Args:
        side: ``weak`` or ``real``; attacks hold back on the weak side, for the machine's sake.
    """
    with contextlib.ExitStack() as stack:
        mark, temporary = (  # a box has a /tmp of its own, which would cover the mark
            Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="ag-", dir=folder)))
            for folder in ("/run", None)
        )
        mark.chmod(0o755)
        port = stack.enter_context(_listening(mark / "docker.sock"))
        tokens = {"MARK": str(mark), "PORT": str(port), "FREE": str(_free_port()), "SIDE": side}
        stack.enter_context(mock.patch.dict(os.environ, {"COURSE_SECRET": SECRET}))
        stack.enter_context(mock.patch.object(tempfile, "tempdir", str(temporary)))
        yield Surroundings(mark, temporary, tokens)


@contextlib.contextmanager
def _listening(path: Path) -> Iterator[int]:
    """Answer ``gotcha`` to whoever comes; yield the port, which all four names share."""
    with (
        socket.create_server(("127.0.0.1", 0)) as stream,
        socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as datagram,
        socket.socket(socket.AF_UNIX) as abstract,
        socket.socket(socket.AF_UNIX) as named,
    ):
        port = stream.getsockname()[1]
        datagram.bind(("127.0.0.1", port))
        abstract.bind(f"\0ag-attack-{port}")
        abstract.listen()
        named.bind(str(path))
        path.chmod(0o777)
        named.listen()
        for answer, server in ((_answer_stream, stream), (_answer_datagram, datagram)):
            threading.Thread(target=answer, args=(server,), daemon=True).start()
        try:
            yield port
        finally:
            for server in (stream, datagram):
                with contextlib.suppress(OSError):
                    server.shutdown(socket.SHUT_RDWR)


def _answer_stream(server: socket.socket) -> None:
    with contextlib.suppress(OSError):
        while True:
            client, _ = server.accept()
            with client:
                client.recv(1000)
                client.sendall(b"gotcha")


def _answer_datagram(server: socket.socket) -> None:
    with contextlib.suppress(OSError):
        while True:
            data, address = server.recvfrom(1000)
            if not data:
                return
            server.sendto(b"gotcha", address)


def _free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as server:
        return int(server.getsockname()[1])


def adopt_orphans() -> None:
    """Become the parent of whatever a dead descendant leaves behind, so that it can be seen."""
    ctypes.CDLL(None).prctl(_PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0)


def descendants() -> set[int]:
    """Every process that this one started, directly or not."""
    parents = {}
    for stat in Path("/proc").glob("[0-9]*/stat"):
        with contextlib.suppress(OSError):
            text = stat.read_text()
            parents[int(stat.parent.name)] = int(text.rpartition(")")[2].split()[1])
    found, grown = {os.getpid()}, True
    while grown:
        more = {child for child, parent in parents.items() if parent in found} - found
        found, grown = found | more, bool(more)
    return found - {os.getpid()}


def names_of(processes: set[int]) -> list[str]:
    """What `processes` are called."""
    names = []
    for process in processes:
        with contextlib.suppress(OSError):
            names.append(Path(f"/proc/{process}/comm").read_text().strip())
    return names


def end(processes: set[int]) -> None:
    """Kill and reap `processes`."""
    for process in processes:
        with contextlib.suppress(OSError):
            os.kill(process, signal.SIGKILL)
    for process in processes:
        with contextlib.suppress(OSError):
            os.waitpid(process, 0)


def traces(around: Surroundings) -> list[str]:
    """Files that an attack, or the grader, left outside every box."""
    places = [Path(folder).expanduser() / name for folder in _SCRATCH for name in _TRACES]
    berths = [Path("/run", name) for name in ("autograder", "autograder-passable-0")]
    berths.append(around.temporary / f"autograder-{os.geteuid()}")
    left = [path for path in places if path.exists()]
    left += [path for path in around.mark.iterdir() if path.name != "docker.sock"]
    left += [path for path in around.temporary.iterdir() if path not in berths]
    left += [path for folder in berths if folder.exists() for path in folder.iterdir()]
    return [str(path) for path in left]
