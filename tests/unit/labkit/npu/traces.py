"""Writes traces by hand, for the replay: what a recording process would write, or never would."""

import json
import os
import struct
import subprocess
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from labkit.npu.chips import INCLUDE
from tests.unit.labkit.npu.frames import KINDS

OPS = [
    line.partition("(")[2].partition(",")[0]
    for line in (INCLUDE / "npu" / "names.inc").read_text().splitlines()
    if line.startswith("NAME(")
]
EVENTS = (
    *("MTE2_V", "V_MTE2", "MTE3_V", "V_MTE3", "V_V", "MTE3_MTE2", "MTE2_MTE3"),
    *("S_V", "V_S", "S_MTE2", "MTE2_S", "S_MTE3", "MTE3_S"),
)
VECIN, VECOUT, VECCALC = 9, 10, 11
F32, U8, I32 = 11, 1, 6
ALL = 255  # pipes
FIRST = 0x1000_0000_0000  # where the first array lies; the others follow at distances of APART
APART = 1 << 32
TILE = 256  # bytes of most operands here


@dataclass(frozen=True)
class Place:
    """An operand: `space` 1 is global memory, 2 the Unified Buffer; `bytes` of its tensor."""

    space: int
    address: int
    bytes: int
    base: int
    position: int = VECCALC

    def packed(self) -> bytes:
        return struct.pack(
            "<QQQIBB2x", self.address, self.base, self.bytes, 0, self.space, self.position
        )


def ub(address: int, size: int = TILE, position: int = VECCALC) -> Place:
    """Return a tensor of the Unified Buffer that starts at `address`."""
    return Place(2, address, size, address, position)


def gm(array: int, offset: int = 0) -> Place:
    """Return what lies `offset` bytes from the start of an array, numbered from 1."""
    base = FIRST + (array - 1) * APART
    return Place(1, base + offset, 0, base)


@dataclass
class Recording:
    """A trace that grows. `line` is that of the last instruction, counted from 1."""

    data: bytearray = field(default_factory=lambda: bytearray(b"NPUTRACE" + bytes([1] + [0] * 7)))
    line: int = 0

    def frame(self, kind: str, body: bytes = b"") -> None:
        self.data += struct.pack("<II", KINDS.index(kind), len(body)) + body

    def arrays(self, *sizes: int) -> None:
        for number, size in enumerate(sizes, 1):
            self.alloc(gm(number).address, size, number)

    def alloc(self, address: int, size: int, array: int = 0) -> None:
        self.frame("alloc", struct.pack("<QQII", address, size, array, 0))

    @contextmanager
    def launch(self, blocks: int = 1) -> Iterator[None]:
        self.frame("launch", struct.pack("<IIQ", blocks, 0, 0) + b"kernel")
        yield
        self.frame("launch_end")

    @contextmanager
    def core(self, block: int = 0, *, ends: bool = True, blocked: bool = False) -> Iterator[None]:
        """One stretch of a block; its last one unless `ends` is false."""
        self.frame("core", struct.pack("<I", block))
        yield
        if ends:
            self.frame("core_end", struct.pack("<I", blocked))

    def issue(self, op: str, *operands: Place, **fields: Any) -> int:
        """Record an instruction; return its line."""
        self.line = fields.pop("line", self.line + 1)
        params = [*fields.pop("param", ()), *[0] * 8][:8]
        head = struct.pack(
            "<HBBBBBBIHHI4xQQ8IQ",
            *(OPS.index(op), fields.pop("form", 0), len(operands), fields.pop("dtype", 0), 0),
            *(fields.pop("detail", 0), fields.pop("flags", 0), self.line, fields.pop("file", 1)),
            *(fields.pop("repeats", 0), fields.pop("count", 0), 0, 0),
            *params,
            fields.pop("scalar", 0),
        )
        assert not fields, fields
        self.frame("instruction", head + b"".join(place.packed() for place in operands))
        return self.line

    # What most kernels here are made of: tiles of 64 floats.
    def copy_in(self, target: Place, source: Place, count: int = TILE // 4) -> int:
        return self.issue("copy_in", target, source, dtype=F32, count=count)

    def copy_out(self, target: Place, source: Place, count: int = TILE // 4) -> int:
        return self.issue("copy_out", target, source, dtype=F32, count=count)

    def add(self, target: Place, first: Place, second: Place, count: int = TILE // 4) -> int:
        return self.issue("add", target, first, second, form=1, dtype=F32, count=count)

    def fill(self, target: Place, count: int = TILE // 4) -> int:
        return self.issue("duplicate", target, form=1, dtype=F32, count=count, scalar=0x3F800000)

    def set(self, event: str, number: int = 0) -> int:
        return self.issue("set_flag", detail=EVENTS.index(event), count=number)

    def wait(self, event: str, number: int = 0) -> int:
        return self.issue("wait_flag", detail=EVENTS.index(event), count=number)

    def sync(self, event: str) -> None:
        self.set(event)
        self.wait(event)

    def barrier(self, pipe: int = ALL) -> int:
        return self.issue("pipe_barrier", detail=pipe)

    def init_queue(
        self, number: int, begin: int, *, buffers: int = 1, size: int = TILE, depth: int = 1,
        between: tuple[int, int] = (0, VECIN),
    ) -> int:  # fmt: skip
        param = (number, buffers, size, depth, *between)
        return self.issue("init_queue", ub(begin, buffers * size), param=param)

    def queue(self, op: str, number: int, tensor: Place) -> int:
        """Issue alloc, enque, deque or free of a queue."""
        return self.issue(f"queue_{op}", tensor, param=(number,))


NOTHING = Place(0, 0, 0, 0, 0)


@dataclass(frozen=True)
class Replayed:
    """What the replay wrote."""

    report: dict[str, Any]
    arrays: list[bytes]

    @property
    def told(self) -> list[tuple[str, int]]:
        """Codes and lines of the diagnostics, in order."""
        return [(one["code"], one["line"]) for one in self.report["diagnostics"]]


def run(program: Path, trace: bytes, *arrays: bytes, options: Sequence[str] = ()) -> Replayed:
    """Replay `trace` on `arrays`; the process must end well, whatever the trace."""
    offsets, image = [], bytearray()
    for array in arrays:
        image += bytes(-len(image) % 4096)
        offsets.append(len(image))
        image += array
    files = [os.memfd_create(name) for name in ("image", "outputs")]
    try:
        os.pwrite(files[0], bytes(image), 0)
        places = ",".join(f"{at}:{len(a)}" for at, a in zip(offsets, arrays, strict=True))
        command = [str(program), "--image", str(files[0]), "--outputs", str(files[1])]
        command += ["--arrays", places, *options]
        done = subprocess.run(
            command, input=bytes(trace), capture_output=True, pass_fds=files, check=False
        )
        assert done.returncode == 0, done.stderr.decode()
        report = json.loads(done.stdout)
        after = [
            os.pread(files[1], len(array), at) if written else array
            for at, array, written in zip(offsets, arrays, report["written"], strict=True)
        ]
    finally:
        for file in files:
            os.close(file)
    return Replayed(report, after)


def one_core(body: Callable[[Recording], object], *sizes: int) -> bytes:
    """Return the trace of a launch of one block that does what `body` records."""
    recording = Recording()
    recording.frame("file", b"kernel.cpp")
    recording.arrays(*sizes)
    with recording.launch(), recording.core():
        body(recording)
    recording.frame("end")
    return bytes(recording.data)
