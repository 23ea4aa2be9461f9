"""What can go wrong before a report is whole; each says it in one sentence for a student."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from labkit.npu.report import Report
    from labkit.npu.trace import Trace


class NpuError(Exception):
    """Anything that the virtual NPU refuses, or that ends a run of it."""


class ToolchainError(NpuError):
    """This machine cannot build kernels: no g++, one that is too old, parts of another version."""


class Mistake(NamedTuple):
    """One thing that is wrong with a source; `code` as in a report's diagnostics, or compiler."""

    file: str
    line: int
    message: str
    code: str = "COMPILER"

    def __str__(self) -> str:
        """Say it as a compiler does."""
        return f"{self.file}:{self.line}: {self.message}" if self.line else self.message


class BuildError(NpuError):
    """The source does not build: `errors` has every mistake, `kind` which limit ended it."""

    def __init__(self, errors: Sequence[Mistake], kind: str = "source") -> None:
        """Say all of `errors`; `kind`: source, subset, time, memory, size."""
        super().__init__("\n".join(map(str, errors)))
        self.errors, self.kind = tuple(errors), kind


class RunError(NpuError):
    """A run did not come to its end.

    `report` is what the replay made of what came before; of a run that was only recorded, `trace`
    is what there is to replay.
    """

    report: "Report | None" = None
    trace: "Trace | None" = None


class LaunchError(RunError):
    """The caller's mistake: no such kernel, wrong arguments, too many blocks."""


class KernelCrashed(RunError):
    """The kernel's process was ended by a signal, or by itself."""


class KernelTimeout(RunError):
    """The kernel took longer than it may."""


class KernelMemory(RunError):
    """The kernel's process asked for more memory than it may have."""


class TraceError(RunError):
    """The record of the run is none that the recorder writes."""
