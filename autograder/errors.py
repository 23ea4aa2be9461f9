"""The exception tree of the grader.

    AutograderError      (exit 1)   never raised itself
    ├── CourseError      (exit 2)   an author's mistake; starts with ``file:line``, says what to do
    ├── InfraError       (exit 3)   ours: no wall, driver gone, disk full; may be retried
    │   └── StoreError   (exit 3)   the store is locked, read-only, full, or of a newer schema
    │       └── NothingStored       there is no store yet to read from
    ├── InboxError       (exit 4)   a path named on the command line cannot be opened
    └── UsageError       (exit 64)  the command line makes no sense

Whatever a student's code does is an `Outcome`, never an exception of this tree.
"""

from pathlib import Path


class AutograderError(Exception):
    """Root of the tree; `exit_code` is what the command line ends with."""

    exit_code = 1


class CourseError(AutograderError):
    """An author's mistake. The message starts with ``file:line`` and says what to do."""

    exit_code = 2

    @classmethod
    def at(cls, path: Path, line: int, message: str) -> "CourseError":
        """An error that points at line `line` (1-based) of `path`."""
        return cls(f"{path}:{line}: {message}")


class InfraError(AutograderError):
    """Our fault: a box, the reference, the store or the machine failed. Costs nobody points."""

    exit_code = 3


class StoreError(InfraError):
    """The store cannot be used as it is; what it holds is untouched."""


class NothingStored(StoreError):
    """There is no store yet to read from: nothing was graded."""


class InboxError(AutograderError):
    """A path named on the command line cannot be opened as a submission or a batch."""

    exit_code = 4


class UsageError(AutograderError):
    """The command line makes no sense; says what would."""

    exit_code = 64
