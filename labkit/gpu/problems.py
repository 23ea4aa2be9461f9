"""What can be wrong with a kernel: it is outside the subset, or it did something forbidden."""

from collections.abc import Sequence
from dataclasses import dataclass, field

ERROR, WARNING = "error", "warning"
KINDS = (
    "out_of_bounds",
    "race",
    "uninitialized_read",
    "divergent_barrier",
    "runaway_loop",
    "resource",
    "float64",
)


@dataclass(frozen=True)
class Hazard:
    """One thing that a kernel did and must not do, told once per kind and source line.

    `threads` names up to four of those who did it, as ``(block, thread)`` with both flattened
    x-fastest; `count` is how many lanes did it; `other_line` is the other access of a race.
    """

    kind: str  # one of KINDS
    line: int
    message: str
    severity: str = ERROR
    threads: tuple[tuple[int, int], ...] = ()
    count: int = 1
    other_line: int | None = None

    def __str__(self) -> str:
        """Say it in one line, for a terminal."""
        who = ", ".join(f"block {block} thread {thread}" for block, thread in self.threads[:2])
        return f"line {self.line}: {self.kind}: {self.message}" + (f" ({who})" if who else "")


class SubsetError(Exception):
    """A kernel uses what the course subset does not have; starts with ``file:line``."""

    def __init__(self, file: str, line: int, message: str) -> None:
        """Say that `message` is the matter at `line` of `file`."""
        super().__init__(f"{file}:{line}: {message}")
        self.file, self.line = file, line


class Unwritten(NotImplementedError):
    """A stub: nothing is written here yet."""

    def __init__(self, text: str, line: int) -> None:
        """The text of the exception that `line` would raise."""
        super().__init__(text)
        self.line = line


class HazardWarning(UserWarning):
    """A plain launch on the virtual GPU met a hazard."""


class KernelError(Exception):
    """A strict launch met a hazard; `hazards` has all of them."""

    def __init__(self, hazards: Sequence[Hazard]) -> None:
        """Tell of `hazards`, of which there is at least one."""
        super().__init__("\n".join(map(str, hazards)))
        self.hazards = tuple(hazards)


@dataclass
class Hazards:
    """Collects hazards, the first of each kind and line in full."""

    found: dict[tuple[str, int, int | None], Hazard] = field(default_factory=dict)

    def add(self, hazard: Hazard) -> None:
        """Keep `hazard`, or add its count to the one that is there."""
        key = (hazard.kind, hazard.line, hazard.other_line)
        if (first := self.found.get(key)) is not None:
            count = first.count + hazard.count
            hazard = Hazard(**{**vars(first), "count": count})
        self.found[key] = hazard


class Stopped(Exception):
    """The launch cannot go on after a hazard that is already booked."""
