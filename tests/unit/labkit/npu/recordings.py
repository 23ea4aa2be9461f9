"""Runs a recording process by itself, as the driver does, and reads its trace."""

import os
import subprocess
import tempfile
from contextlib import ExitStack
from dataclasses import dataclass

from tests.unit.labkit.npu.frames import Frame, Instruction, read_frames


@dataclass(frozen=True)
class Recording:
    """How a program ended, what it printed, and its trace."""

    status: int
    printed: str
    frames: list[Frame]
    trace: bytes

    def of(self, kind: str) -> list[object]:
        """Return the values of the frames of one kind."""
        return [value for name, value in self.frames if name == kind]

    @property
    def fault(self) -> str:
        """The one fault, which is the last frame."""
        (text,) = self.of("fault")
        assert self.frames[-1].kind == "fault"
        return str(text)

    def instructions(self) -> list[Instruction]:
        """Return the instructions of all blocks."""
        return [each for each in self.of("instruction") if isinstance(each, Instruction)]


def execute(command: list[str], files: dict[str, bytes]) -> Recording:
    """Run `command` with each of `files` as a descriptor that the environment names."""
    with ExitStack() as stack:
        held = {name: stack.enter_context(tempfile.TemporaryFile()) for name in files}
        for name, content in files.items():
            held[name].write(content)
            held[name].seek(0)
        numbers = {f"NPU_{name}_FD": str(file.fileno()) for name, file in held.items()}
        ended = subprocess.run(
            command,
            env={**os.environ, **numbers},
            pass_fds=[file.fileno() for file in held.values()],
            capture_output=True,
            text=True,
        )
        held["TRACE"].seek(0)
        trace = held["TRACE"].read()
    return Recording(ended.returncode, ended.stdout, read_frames(trace), trace)


def record(
    program: str,
    *lines: str,
    image: bytes = b"",
    word: str | None = None,
    limit: int = 1 << 20,
    kernel: str | None = None,
    mode: str = "launch",
    blocks: int = 1,
) -> Recording:
    """Run `program` with a request; or, by `word`, as a host program of its own."""
    head = [f"limit {limit}", f"blocks {blocks}"]
    if word is None:
        head += [f"mode {mode}", *([f"kernel {kernel}"] if kernel else [])]
    text = "\n".join(["npu-request 1", "soc 910B1", *head, *lines, ""])
    files = {"REQUEST": text.encode(), "IMAGE": image, "TRACE": b""}
    return execute([program] if word is None else [program, word], files)
