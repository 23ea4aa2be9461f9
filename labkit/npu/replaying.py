"""Our own process: replays a trace on its own memory, and alone says what came of it."""

import json
import os
import signal
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from labkit.npu.arguments import Arguments
from labkit.npu.errors import NpuError, TraceError
from labkit.npu.limits import Limits, Running, start
from labkit.npu.memory_file import memory_file
from labkit.npu.recording import TRACE_BYTES

TIMELINE = 4096  # instructions of a launch that the report shows
_SECONDS = 180.0  # of a processor
_MEMORY = 4 << 30  # bytes of address space, beside the arrays: as much as the recorder has
_ENDED = (signal.SIGKILL, signal.SIGXCPU)  # by a limit


@dataclass(frozen=True)
class Replayed:
    """What the replay says, and what the host read back."""

    document: dict[str, Any]
    reads: tuple[bytes, ...]


class Replay:
    """A replay under way."""

    def __init__(
        self,
        program: Path,
        soc: str,
        arguments: Arguments | None,
        image: int | None,
        trace: int,
        *,
        launch: tuple[str, int] | None = None,
    ) -> None:
        """Start `program` on what is read from the descriptor `trace`, which is closed here.

        Args:
            program: the executable.
            soc: the chip.
            arguments: of the call.
            image: descriptor of the file that holds their bytes.
            trace: descriptor of the trace.
            launch: kernel and blocks, where the trace has to be of one such launch and of nothing
                else, so that only the kernel's instructions move bytes.
        """
        self.arguments = arguments
        self._written: list[bool] = []
        self.outputs = memory_file("outputs")
        command = [str(program), "--soc", soc, "--limit", str(TRACE_BYTES)]
        command += ["--outputs", str(self.outputs), "--timeline", str(TIMELINE)]
        if image is not None and arguments is not None:
            command += ["--image", str(image), "--arrays", arguments.places()]
        if launch is not None:
            command += ["--kernel", launch[0], "--blocks", str(launch[1])]
        held = arguments.size if arguments else 0
        limits = Limits(wall=_SECONDS, memory=_MEMORY + 3 * held, output=256 << 20)
        inherited = [self.outputs, *([] if image is None else [image])]
        try:
            self._running: Running = start(command, limits, stdin=trace, descriptors=inherited)
        except BaseException:
            os.close(self.outputs)
            raise
        finally:
            os.close(trace)

    def finish(self, seconds: float) -> Replayed:
        """Wait for the end, at most `seconds`, and read the report.

        Raises:
            TraceError: it took longer, or more memory than it may.
            NpuError: the replay itself failed, which is our mistake.
        """
        ended = self._running.wait(time.monotonic() + seconds)
        if ended.timed_out or ended.signal in _ENDED:
            raise TraceError(f"the record of the run could not be replayed in {seconds:g} s")
        try:
            document = json.loads(ended.output)
        except ValueError as error:
            told = ended.text[-2000:]
            raise NpuError(f"the replay failed (status {ended.returncode}): {told}") from error
        self._written = document["written"]
        return Replayed(document, tuple(self._read(each) for each in document["reads"]))

    def _read(self, place: dict[str, int]) -> bytes:
        return os.pread(self.outputs, place["bytes"], place["offset"]) if place["bytes"] else b""

    def take(self) -> None:
        """Copy the outputs into the arrays, once it has finished."""
        if self.arguments is not None:
            self.arguments.take(self.outputs, self._written)

    def close(self) -> None:
        """End it."""
        self._running.end()
        os.close(self.outputs)
