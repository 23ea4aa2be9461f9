"""What a launch on the virtual NPU tells: diagnostics, bytes, and cycles of the model."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from labkit.npu.diagnostics import ERROR, advice

if TYPE_CHECKING:
    from labkit.notebook.picture import Picture
    from labkit.notebook.verdict import Shown

PIPES = ("S", "V", "MTE2", "MTE3")
_MOVING = ("V", "MTE2", "MTE3")  # S only issues: it is no part of overlap


@dataclass(frozen=True)
class Diagnostic:
    """One rule that a kernel broke, told once for each place; `count` is how often in all."""

    code: str  # a key of labkit.npu.diagnostics.ADVICE
    severity: str  # error, warning
    message: str
    file: str
    line: int  # 0 if not known
    core: int  # the first block that did it
    launch: int = 0  # the first launch it was seen in
    other_file: str | None = None  # the other instruction of a race
    other_line: int | None = None
    count: int = 1

    @property
    def hint(self) -> str:
        """What to do."""
        return advice(self.code).hint

    @property
    def symptom(self) -> str:
        """What an Ascend 910B does instead of telling, as documented."""
        return advice(self.code).symptom

    def __str__(self) -> str:
        """Say it in one line, for a terminal."""
        where = f"{self.file}:{self.line}" if self.line else self.file
        times = f", {self.count} times" if self.count > 1 else ""
        return f"{where}: {self.code}: {self.message} (core {self.core}{times})"


@dataclass(frozen=True)
class PipeUse:
    """Model cycles that a pipe of one core worked, and waited for others; its instructions."""

    busy: float
    wait: float
    instructions: int


@dataclass(frozen=True)
class CoreUse:
    """What one block did; cycles are the model's."""

    cycles: float
    ended: str  # returned, blocked (it would wait for ever), never
    ub_bytes: int
    pipes: Mapping[str, PipeUse]
    bytes: Mapping[str, int]
    copies: Mapping[str, int]
    overlap: float
    repeats_used: int
    repeats_needed: int
    matmuls: int

    @property
    def hideable(self) -> float:
        """Cycles that would be hidden if every pipe worked beside the busiest one."""
        busy = [self.pipes[pipe].busy for pipe in _MOVING]
        return sum(busy) - max(busy)


@dataclass(frozen=True)
class Buffer:
    """A place in the Unified Buffer of core 0."""

    kind: str  # queue, buffer
    number: int
    position: str
    begin: int  # bytes
    end: int
    file: str
    line: int


@dataclass(frozen=True)
class Step:
    """One instruction on the time line; begin and end in model cycles."""

    core: int
    pipe: str
    begin: float
    end: float
    op: str
    line: int
    bytes: int


@dataclass(frozen=True)
class Launch:
    """One launch of one kernel."""

    kernel: str
    blocks: int
    kernel_cycles: float  # of the whole chip: the slowest core, or global memory
    microseconds: float
    bound: str  # core, memory: which of the two
    cores: tuple[CoreUse, ...]
    buffers: tuple[Buffer, ...] = ()
    steps: tuple[Step, ...] = field(default=(), repr=False)
    steps_dropped: int = 0


@dataclass(frozen=True)
class Report:
    """All that came of a launch, or of a program with several; sums are over its launches."""

    soc: str
    launches: tuple[Launch, ...]
    diagnostics: list[Diagnostic]
    complete: bool = True  # the recording came to its end
    output: str = ""  # what the program printed
    reads: tuple[bytes, ...] = field(default=(), repr=False)  # what the host copied back
    exit_code: int = 0
    host_bytes: int = 0  # that the host wrote to global memory: no kernel paid for them

    @property
    def ok(self) -> bool:
        """Whether there is no diagnostic of severity ``error``, and nothing was cut off."""
        return self.complete and all(found.severity != ERROR for found in self.diagnostics)

    @property
    def cycles(self) -> list[float]:
        """Model cycles of each core (block)."""
        blocks = max((launch.blocks for launch in self.launches), default=0)
        summed = [0.0] * blocks
        for launch in self.launches:
            for core, use in enumerate(launch.cores):
                summed[core] += use.cycles
        return summed

    @property
    def kernel_cycles(self) -> float:
        """Model cycles of the whole chip."""
        return sum(launch.kernel_cycles for launch in self.launches)

    @property
    def microseconds(self) -> float:
        """The same at the chip's clock: of the model, never a time that was measured."""
        return sum(launch.microseconds for launch in self.launches)

    @property
    def bytes(self) -> dict[str, int]:
        """Bytes that each pipe moved, or worked on (V), all cores together."""
        return self._summed("bytes")

    @property
    def copies(self) -> dict[str, int]:
        """Instructions that moved data, by pipe, all cores together."""
        return self._summed("copies")

    def _summed(self, name: str) -> dict[str, int]:
        total: Counter[str] = Counter()
        for use in self._cores():
            total.update(getattr(use, name))
        return dict(total)

    @property
    def overlap(self) -> float:
        """How much of what could hide behind the busiest pipe did, 0 to 1, all cores together."""
        hideable = sum(use.hideable for use in self._cores())
        hidden = sum(use.overlap * use.hideable for use in self._cores())
        return hidden / hideable if hideable else 0.0

    @property
    def ub_bytes(self) -> int:
        """Bytes of the Unified Buffer in use, of the core that has most."""
        return max((use.ub_bytes for use in self._cores()), default=0)

    @property
    def repeats(self) -> tuple[int, int]:
        """Repeats of vector instructions: used, and needed for as many elements."""
        cores = self._cores()
        return sum(use.repeats_used for use in cores), sum(use.repeats_needed for use in cores)

    @property
    def matmuls(self) -> int:
        """Blocks that Matmul multiplied: their work is in no other figure of this report."""
        return sum(use.matmuls for use in self._cores())

    def _cores(self) -> list[CoreUse]:
        return [use for launch in self.launches for use in launch.cores]

    def timeline(self, core: int = 0, launch: int = 0) -> "Picture":
        """Draw what each pipe of `core` does when."""
        from labkit.npu import pictures  # the grader's machines never draw

        return pictures.timeline(self.launches[launch], core)

    def ub_map(self, launch: int = 0) -> "Picture":
        """Draw what lies where in the Unified Buffer."""
        from labkit.npu import pictures

        return pictures.ub_map(self.launches[launch], self.soc)

    def chrome_trace(self, path: str | Path) -> None:
        """Write the time lines for chrome://tracing or Perfetto; a cycle is shown as 1 us."""
        from labkit.npu import chrome_trace

        chrome_trace.write(self.launches, Path(path))

    def show(self) -> "Shown":
        """Return what a notebook, or a terminal, shows."""
        from labkit.npu.showing import show

        return show(self)


def from_replay(
    document: Mapping[str, Any],
    *,
    output: str = "",
    reads: Sequence[bytes] = (),
    exit_code: int = 0,
) -> Report:
    """Return the report that `npu-replay` wrote as JSON.

    Args:
        document: as it was read.
        output: what the recording process printed.
        reads: what the host copied back, from the replay's memory.
        exit_code: of the recording process.
    """
    return Report(
        soc=document["soc"],
        launches=tuple(map(_launch, document["launches"])),
        diagnostics=[Diagnostic(**found) for found in document["diagnostics"]],
        complete=document["complete"] and document["trace_error"] is None,
        output=output,
        reads=tuple(reads),
        exit_code=exit_code,
        host_bytes=document["host_bytes"],
    )


def _launch(told: Mapping[str, Any]) -> Launch:
    return Launch(
        kernel=told["kernel"],
        blocks=told["blocks"],
        kernel_cycles=told["kernel_cycles"],
        microseconds=told["microseconds"],
        bound=told["bound"],
        cores=tuple(map(_core, told["cores"])),
        buffers=tuple(
            Buffer(**{name: value for name, value in each.items() if name != "core"})
            for each in told["buffers"]
        ),
        steps=tuple(Step(*each) for each in told["timeline"]),
        steps_dropped=told["timeline_dropped"],
    )


def _core(told: Mapping[str, Any]) -> CoreUse:
    pipes = {name: PipeUse(**use) for name, use in told["pipes"].items()}
    return CoreUse(**{**told, "pipes": pipes})
