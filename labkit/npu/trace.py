"""A recorded run that is replayed elsewhere: out of a box, by who believes nothing of it."""

import os
import select
import threading
import time
import zlib
from contextlib import ExitStack, closing
from dataclasses import dataclass, field
from typing import Any

from labkit.npu.arguments import Arguments
from labkit.npu.chips import chip
from labkit.npu.errors import TraceError
from labkit.npu.limits import Ended
from labkit.npu.outcome import of_process, of_replay
from labkit.npu.recording import TRACE_BYTES, Task, recording
from labkit.npu.replaying import Replay
from labkit.npu.report import Report, from_replay
from labkit.npu.toolchain import toolchain

_PIECE = 1 << 20
_SECONDS = 120.0


@dataclass(frozen=True)
class Trace:
    """A trace, compressed; worth what its maker is worth until it is replayed."""

    data: bytes = field(repr=False)
    soc: str
    output: str = field(default="", repr=False)  # what the program printed


def record(task: Task) -> Trace:
    """Run `task`, and return its trace; arrays are not written.

    Raises:
        RunError: the process was ended; its `trace` is what came before.
    """
    with ExitStack() as stack:
        image = None if task.arguments is None else task.arguments.image()
        if image is not None:
            stack.callback(os.close, image)
        running, descriptor = stack.enter_context(recording(task, image))
        packer = _Packer(descriptor)
        ended = running.wait()
        trace = Trace(packer.finish(), task.soc, ended.text)
        failure = of_process(ended, task.seconds)
        if failure is not None:
            failure.trace = trace
            raise failure
        return trace


class _Packer:
    """Compresses what comes from a descriptor, which it closes, while the process runs."""

    def __init__(self, descriptor: int) -> None:
        self._descriptor = descriptor
        self._pieces: list[bytes] = []
        self._thread = threading.Thread(target=self._read, daemon=True)
        self._thread.start()

    def _read(self) -> None:
        packer, room = zlib.compressobj(1), TRACE_BYTES
        while room > 0 and (piece := os.read(self._descriptor, min(_PIECE, room))):
            self._pieces.append(packer.compress(piece))
            room -= len(piece)
        os.close(self._descriptor)
        self._pieces.append(packer.flush())

    def finish(self) -> bytes:
        self._thread.join(_SECONDS)
        return b"".join(self._pieces)


def replay(
    trace: Trace | bytes,
    *arguments: Any,
    tiling: Any = None,
    soc: str | None = None,
    launch: tuple[str, int] | None = None,
) -> Report:
    """Replay `trace` on the arrays of `arguments`, which are written in place.

    A trace may be forged. Without `launch` it may have the host bring its answers to global memory,
    as a program's own host code could (`Report.host_bytes`), or launch whatever else.

    Args:
        trace: as recorded, or its `data`.
        arguments: those of the launch, with this process's own copies of the arrays.
        tiling: that of the launch.
        soc: the chip; 910B1 if neither this nor the trace says.
        launch: kernel and blocks that were recorded by `Library.record`: a trace of anything else,
            or of anything more, is refused.

    Raises:
        TraceError: it is none, is damaged, or too large.
        RunError: it says that the run did not come to its end.
    """
    data = trace.data if isinstance(trace, Trace) else trace
    name = soc or (trace.soc if isinstance(trace, Trace) else "910B1")
    given = Arguments(arguments, tiling)
    with ExitStack() as stack:
        image = given.image()
        stack.callback(os.close, image)
        source, target = os.pipe()
        until = time.monotonic() + _SECONDS
        replay = Replay(toolchain().replay, chip(name).name, given, image, source, launch=launch)
        stack.enter_context(closing(replay))
        _unpack(data, target, until)
        replayed = replay.finish(max(until - time.monotonic(), 0))
        report = from_replay(replayed.document, reads=replayed.reads)
        failure = of_replay(replayed.document, Ended(0, b"", False), program=False)
        if failure is not None:
            failure.report = report
            raise failure
        replay.take()
        return report


def _unpack(data: bytes, target: int, until: float) -> None:
    """Write what `data` holds, uncompressed, to the pipe `target`, and close it.

    Who reads it may be slow: it is left alone at the time `until`, by the monotonic clock.
    """
    unpacker, written = zlib.decompressobj(), 0
    try:
        with os.fdopen(target, "wb", buffering=0):
            os.set_blocking(target, False)
            while data and not unpacker.eof:
                piece = unpacker.decompress(data, _PIECE)
                data = unpacker.unconsumed_tail
                written += len(piece)
                if written > TRACE_BYTES:
                    raise TraceError(f"the trace has more than {TRACE_BYTES >> 20} MiB")
                _write(target, memoryview(piece), until)
    except zlib.error as error:
        raise TraceError("the trace is not compressed as it should be") from error
    except BrokenPipeError:
        pass  # the replay has seen enough, and says why


def _write(target: int, piece: memoryview, until: float) -> None:
    poll = select.poll()
    poll.register(target, select.POLLOUT)
    while piece:
        if not poll.poll(max(until - time.monotonic(), 0) * 1000):
            raise TraceError(f"the trace could not be replayed in {_SECONDS:g} s")
        piece = piece[os.write(target, piece) :]
