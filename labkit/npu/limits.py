"""Runs a program of somebody else's within limits: time, memory, files, and what it prints."""

import contextlib
import os
import resource
import select
import signal
import subprocess
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO

from labkit.npu.memory_file import memory_file

_LAST_WORDS = 0.5  # seconds that a process has to end by itself, once its time is over


@dataclass(frozen=True)
class Limits:
    """What a process may use; what is None is not limited."""

    wall: float  # seconds
    memory: int | None = None  # bytes of address space
    file_bytes: int | None = None  # of any file it writes
    processes: int | None = None  # of this user, threads included
    output: int = 64 << 10  # bytes kept of what it prints

    def apply(self) -> None:
        """Bind this process; runs in the child, before its program."""
        caps = {
            resource.RLIMIT_CPU: int(self.wall) + 1,
            resource.RLIMIT_CORE: 0,
            resource.RLIMIT_AS: self.memory,
            resource.RLIMIT_FSIZE: self.file_bytes,
            resource.RLIMIT_NPROC: self.processes,
        }
        for which, cap in caps.items():
            if cap is not None:
                hard = resource.getrlimit(which)[1]
                least = cap if hard == resource.RLIM_INFINITY else min(cap, hard)
                resource.setrlimit(which, (least, least))


@dataclass(frozen=True)
class Ended:
    """How a process ended; `output` is both its streams, cut at the limit."""

    returncode: int
    output: bytes
    timed_out: bool

    @property
    def signal(self) -> int:
        """The signal that ended it, or 0."""
        return max(-self.returncode, 0)

    @property
    def text(self) -> str:
        """What it printed, as text."""
        return self.output.decode("utf-8", "replace")


@dataclass
class Running:
    """A process under way, which prints into a file: no thread of ours has to read it."""

    process: "subprocess.Popen[bytes]"
    limits: Limits
    printed: IO[bytes]
    started: float = field(default_factory=time.monotonic)

    def wait(self, until: float | None = None) -> Ended:
        """Wait for its end, at most to its limit (or `until`, by the monotonic clock)."""
        until = until or self.started + self.limits.wall
        timed_out = not _ends(self.process, max(until - time.monotonic(), 0.001))
        if timed_out:
            self._ask()
        output = os.pread(self.printed.fileno(), self.limits.output, 0)
        self.end()
        return Ended(self.process.returncode, output, timed_out)

    def _ask(self) -> None:
        """Let it write out what it has, as a recording process does."""
        with contextlib.suppress(ProcessLookupError, PermissionError, subprocess.TimeoutExpired):
            self.process.terminate()
            self.process.wait(_LAST_WORDS)

    def end(self) -> None:
        """End it, and all that it started and that did not leave its group."""
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait()
        self.printed.close()


def _ends(process: "subprocess.Popen[bytes]", seconds: float) -> bool:
    """Wait for the end of `process`, and say whether it came; at once, where the system can."""
    try:
        descriptor = os.pidfd_open(process.pid)
    except (AttributeError, OSError):
        with contextlib.suppress(subprocess.TimeoutExpired):
            process.wait(seconds)
        return process.returncode is not None
    try:
        poll = select.poll()
        poll.register(descriptor, select.POLLIN)
        return bool(poll.poll(seconds * 1000))
    finally:
        os.close(descriptor)


def start(
    command: Sequence[str | Path],
    limits: Limits,
    *,
    folder: Path | None = None,
    environment: Mapping[str, str] | None = None,
    descriptors: Sequence[int] = (),
    stdin: int | IO[bytes] = subprocess.DEVNULL,
) -> Running:
    """Start `command` in a process group of its own, with no more of ours than is named.

    Args:
        command: a program and its arguments; no shell.
        limits: what it may use.
        folder: where it runs; here by default.
        environment: all that it sees of it; PATH alone by default.
        descriptors: that it inherits.
        stdin: what it reads.
    """
    printed = os.fdopen(memory_file("printed"), "rb", buffering=0)
    try:
        process = subprocess.Popen(
            command,
            stdin=stdin,
            stdout=printed,
            stderr=subprocess.STDOUT,
            cwd=folder,
            env={"PATH": os.environ.get("PATH", os.defpath), "LC_ALL": "C"}
            | dict(environment or {}),
            pass_fds=tuple(descriptors),
            start_new_session=True,
            preexec_fn=limits.apply,
        )
    except BaseException:
        printed.close()
        raise
    return Running(process, limits, printed)
