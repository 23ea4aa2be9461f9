"""The process of student code: how it is started, and what it is given."""

import contextlib
import fcntl
import os
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

from labkit.npu.arguments import Arguments
from labkit.npu.errors import LaunchError
from labkit.npu.limits import Limits, Running, start
from labkit.npu.memory_file import memory_file

TRACE_BYTES = 1 << 30  # the recorder stops at this, and the replay reads no more
MEMORY = 4 << 30  # bytes of address space of student code, beside its arrays
_FILE_BYTES = 64 << 20
_PIPE_BYTES = 1 << 20


@dataclass(frozen=True)
class Task:
    """What a recording process is to do, and within what."""

    program: Path
    soc: str
    request: bytes
    arguments: Arguments | None = None  # None: a program with a main of its own
    launch: tuple[str, int] | None = None  # kernel and blocks, where nothing else is to happen
    command: Sequence[str] = ()  # that program's arguments
    folder: Path | None = None
    stdin: bytes = b""
    seconds: float = 60.0

    @property
    def limits(self) -> Limits:
        """The limits of the process."""
        held = self.arguments.size if self.arguments else 0
        return Limits(self.seconds, MEMORY + 2 * held, _FILE_BYTES, processes=1)


@contextmanager
def recording(task: Task, image: int | None) -> Iterator[tuple[Running, int]]:
    """Start `task`; yield its process, and the descriptor that its trace is read from.

    The process is ended when the block is left. The descriptor is the caller's to close: as long
    as it is open, a recorder that nobody reads waits.
    """
    with ExitStack() as stack:
        trace, written = _pipe()
        given = {"NPU_REQUEST_FD": memory_file("request", task.request), "NPU_TRACE_FD": written}
        stdin = memory_file("stdin", task.stdin)
        ours = [*given.values(), stdin]
        if image is not None:
            given["NPU_IMAGE_FD"] = image
        try:
            running = start(
                [task.program, *task.command],
                task.limits,
                folder=task.folder,
                environment={name: str(number) for name, number in given.items()},
                descriptors=list(given.values()),
                stdin=stdin,
            )
        except BaseException:
            os.close(trace)
            raise
        finally:
            for descriptor in ours:
                os.close(descriptor)
        stack.callback(running.end)
        yield running, trace


def _pipe() -> tuple[int, int]:
    """Return both ends of a pipe, a large one if we may."""
    reader, writer = os.pipe()
    with contextlib.suppress(OSError):
        fcntl.fcntl(writer, fcntl.F_SETPIPE_SZ, _PIPE_BYTES)
    return reader, writer


def request(soc: str, mode: str, lines: Sequence[str], **named: object) -> bytes:
    """Return what tells the recording process what to do.

    Raises:
        LaunchError: a text in it is more than one line.
    """
    head = ["npu-request 1", f"soc {soc}", f"limit {TRACE_BYTES}", f"mode {mode}"]
    text = "\n".join([*head, *(f"{key} {value}" for key, value in named.items()), *lines, ""])
    if any("\n" in str(value) for value in named.values()):
        raise LaunchError("a kernel's name is one word")
    return text.encode()
