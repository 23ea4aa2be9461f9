"""How a call or a test ended, and what came out of the box."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

# What crosses the wire: None, bool, int (64 bit), float, str, bytes, list, dict with str keys,
# numpy.ndarray.
Value = Any


class Outcome(StrEnum):
    """How one test (or one call) ended."""

    PASS = "pass"
    PARTIAL = "partial"  # 0 < award < 1
    WRONG = "wrong"
    CRASHED = "crashed"  # raised, or died
    TIMEOUT = "timeout"
    MEMORY = "memory"
    MISSING = "missing"  # an untouched stub (NotImplementedError), or a required file not handed in
    FORBIDDEN = "forbidden"  # a source rule or package rule broken
    BROKEN = "broken"  # our fault; never costs points


@dataclass(frozen=True)
class Frame:
    """One line of a student's traceback. The box claims it: check it against the files."""

    file: str  # relative to the submission, POSIX
    line: int  # 1-based
    function: str


@dataclass(frozen=True)
class CallError:
    """Why a call has no value, as the box tells it (hostile data: escape it, never trust it)."""

    type: str  # class name of the exception
    module: str  # module of that class
    message: str  # staff only
    frames: tuple[Frame, ...] = ()  # handed-in files only, outermost first


@dataclass(frozen=True)
class Observation:
    """What came of one call."""

    outcome: Outcome  # PASS: `value` holds what the probe returned; never PARTIAL, WRONG
    value: Value = None
    error: CallError | None = None
    counters: Mapping[str, float] = field(default_factory=dict)  # counted out of their reach
    cpu_seconds: float = 0.0  # user + system of the whole process tree
    wall_seconds: float = 0.0
    peak_bytes: int = 0  # largest resident size above the driver's at the fork
    output: str = ""  # tail of stdout and stderr; staff only
