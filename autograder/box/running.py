"""A child as the driver sees it: its pipes, its end, and the one call that is being measured."""

import os
import signal
import socket
import time
from collections.abc import Callable, Mapping
from typing import Any, NoReturn

from autograder.box.child import LENGTH
from autograder.box.link import READ, WRITE, Loop
from autograder.box.meter import Meter, Usage
from autograder.box.plain import MAX_BYTES

MAX_RECORDS = MAX_BYTES - (1 << 20)  # bytes; what is around them must fit into the frame too
MAX_OUTPUT = 16 << 10  # bytes of output that are kept: the last ones
_MOST_LEFT = 64  # chunks of output read after the end: somebody unswept may still write
_CHUNK = 1 << 16
_SAMPLE_SECONDS = 0.03
_NEAR = 0.9  # of the memory cap: who dies of a bad or killed access there ran out of memory
_MEMORY_DEATHS = {signal.SIGKILL, signal.SIGSEGV, signal.SIGBUS, signal.SIGABRT}


class Child:
    """A forked child. Its records and output are collected while the loop turns, never believed."""

    def __init__(self, loop: Loop, body: Callable[[int, int], NoReturn], meter: Meter) -> None:
        """Fork, and measure with `meter`.

        Args:
            loop: turns while the child runs.
            body: what the child does with its ends: of a socket for records, of a pipe for output.
            meter: measures the child and all it starts.

        Raises:
            OSError: no process can be had.
        """
        self.records, self.output = bytearray(), b""
        self.flooded = False  # more records than can be passed on
        self.status: int | None = None  # as wait4 tells it
        self.meter = meter
        self._maxrss = 0  # as wait4 tells it
        self._loop = loop
        self._unsent = bytearray()
        self._line, its_line = socket.socketpair()
        self._out, its_out = os.pipe()
        self.pid = os.fork()
        if self.pid == 0:
            body(its_line.fileno(), its_out)
        meter.start(self.pid)
        its_line.close()
        os.close(its_out)
        self._line.setblocking(False)
        os.set_blocking(self._out, False)
        loop.watch(self._line, READ, self._on_line)
        loop.watch(self._out, READ, self._on_output)

    def ask(self, call: bytes) -> None:
        """Send another call (of a session)."""
        self.records, self.output = bytearray(), b""
        self._unsent = bytearray(LENGTH.pack(len(call)) + call)
        self._loop.watch(self._line, READ | WRITE, self._on_line)

    def answers(self) -> int:
        """How many whole records have come."""
        count = at = 0
        while at + LENGTH.size <= len(self.records):
            size = LENGTH.unpack_from(self.records, at)[0]
            self.flooded |= size > MAX_RECORDS
            at += LENGTH.size + size
            count += at <= len(self.records)
        return count

    def ended(self) -> bool:
        """Whether the child has ended; reaps it."""
        if self.status is None:
            pid, status, usage = os.wait4(self.pid, os.WNOHANG)
            if pid:
                self.status, self._maxrss = status, usage.ru_maxrss
        return self.status is not None

    def kill(self) -> None:
        """End and reap the child itself."""
        if not self.ended():
            os.kill(self.pid, signal.SIGKILL)
            _, self.status, usage = os.wait4(self.pid, 0)
            self._maxrss = usage.ru_maxrss

    def used(self) -> Usage:
        """What it and all it started have used, once everything is reaped."""
        return self.meter.finish(self._maxrss)

    def close(self) -> None:
        """Take what is left in the pipes and close them; bounded: somebody may still write."""
        while not self.flooded and self._take_records():
            pass
        for _ in range(_MOST_LEFT):
            if not self._take_output():
                break
        self._loop.watch(self._line, 0, self._on_line)
        self._loop.watch(self._out, 0, self._on_output)
        self._line.close()
        os.close(self._out)

    def _on_line(self, ready: int) -> None:
        if ready & WRITE:
            self._send()
        if ready & READ and self._take_records() == b"":
            self._loop.watch(self._line, 0, self._on_line)

    def _on_output(self, ready: int) -> None:
        if self._take_output() == b"":
            self._loop.watch(self._out, 0, self._on_output)

    def _send(self) -> None:
        try:
            del self._unsent[: self._line.send(self._unsent)]
        except BlockingIOError:
            return
        except OSError:  # it closed its end; its silence will be noticed
            self._unsent.clear()
        if not self._unsent:
            self._loop.watch(self._line, READ, self._on_line)

    def _take_records(self) -> bytes | None:
        """What came: None if nothing, empty at the end."""
        try:
            data = self._line.recv(_CHUNK)
        except BlockingIOError:
            return None
        except OSError:
            return b""
        self.records += data
        self.flooded |= len(self.records) > MAX_RECORDS
        return data

    def _take_output(self) -> bytes | None:
        """As `_take_records`; only the tail is kept."""
        try:
            data = os.read(self._out, _CHUNK)
        except BlockingIOError:
            return None
        self.output = (self.output + data)[-MAX_OUTPUT:]
        return data


class Call:
    """One call in a child, from the request to what it used."""

    def __init__(
        self,
        kid: Child,
        limits: Mapping[str, Any],
        cases: int,
        fills_disk: Callable[[], bool] | None = None,
    ) -> None:
        """The clock runs from here; `fills_disk` is asked at every sample."""
        self.child = kid
        self.over = ""  # which limit was passed: time, memory, disk or flood
        self._fills_disk = fills_disk
        self._limits, self._cases = limits, cases
        self._cap = limits["memory_mb"] * 2**20
        self._peak = 0
        self._began = time.monotonic()
        self._deadline: float = self._began + limits["wall_seconds"]
        self._sampled = self._began
        self._before = 0.0

    def continue_session(self) -> None:
        """Count from what earlier calls of this child have used."""
        self._before = self.child.meter.sample().cpu_seconds

    def wait_seconds(self) -> float:
        """How long the driver may sleep before it looks at this call again."""
        next_look = min(self._sampled + _SAMPLE_SECONDS, self._deadline)
        return max(0.0, next_look - time.monotonic())

    def is_over(self) -> bool:
        """Whether the child has ended or used too much."""
        if self.child.ended():
            return True
        now = time.monotonic()
        if now >= self._deadline:
            self.over = "time"
        elif self.child.flooded:
            self.over = "flood"
        elif now >= self._sampled + _SAMPLE_SECONDS:
            self._sampled = now
            self._judge(self.child.meter.sample())
            if not self.over and self._fills_disk and self._fills_disk():
                self.over = "disk"
        return bool(self.over)

    def answered(self) -> bool:
        """Whether every case has a record."""
        return self.child.answers() >= self._cases

    def report(self, usage: Usage) -> dict[str, Any]:
        """What the host is told, given what the call used in all."""
        self._judge(usage)
        code = 0 if self.child.status is None else os.waitstatus_to_exitcode(self.child.status)
        if not self.over and code < 0:
            self.over = self._meaning(-code)
        return {
            "records": bytes(self.child.records),
            "output": self.child.output,
            "ended": self.child.status is not None,
            "status": code,
            "over": self.over,
            "cpu_seconds": usage.cpu_seconds - self._before,
            "wall_seconds": time.monotonic() - self._began,
            "peak_bytes": self._peak,
        }

    def _judge(self, usage: Usage) -> None:
        self._peak = max(self._peak, usage.resident_bytes)
        if self.over:
            return
        if usage.cpu_seconds - self._before > self._limits["cpu_seconds"]:
            self.over = "time"
        elif self._peak > self._cap:
            self.over = "memory"

    def _meaning(self, number: int) -> str:
        """Which limit a death by signal tells of."""
        if number == signal.SIGXCPU:
            return "time"
        near = self._peak > _NEAR * self._cap
        return "memory" if near and number in _MEMORY_DEATHS else ""
