"""What authors wrote: course, assignments, labs, exercises, tests."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from pathlib import Path

DEVICES = ("cpu", "gpu", "npu", "ranks")
COMPILERS = ("g++", "ascendc")  # that a box may hold; the second is g++ with labkit.npu's parts


@dataclass(frozen=True)
class Limits:
    """What one call may use. Memory counts above what the driver holds before the fork."""

    cpu_seconds: float = 10.0  # of the call's whole process tree
    memory_mb: int = 2048  # MiB
    total_seconds: float = 600.0  # wall, all calls of one submission; then each is a `timeout`

    @property
    def wall_seconds(self) -> float:
        """Wall-clock cap of one call, in seconds."""
        return 5 * self.cpu_seconds + 5


@dataclass(frozen=True)
class Exercise:
    """One graded part of a lab."""

    id: str
    title: str
    points: float
    device: str = "cpu"  # one of DEVICES
    bonus: bool = False  # its points are reported beside the score, never inside it


@dataclass(frozen=True)
class TestSpec:
    """One test function as its author wrote it, read from source without running it."""

    __test__ = False  # pytest: this is not a test class

    name: str  # the function's name, unique in the lab
    title: str  # first line of its docstring; students see it
    exercise: str
    points: float
    hint: str
    hidden: bool
    file: Path
    line: int


@dataclass(frozen=True)
class Needs:
    """What a box must hold besides the handed-in files."""

    packages: tuple[str, ...]  # importable there besides the standard library and labkit
    probes: bytes  # source of the lab's probes.py
    limits: Limits = field(default_factory=Limits)
    more_probes: Mapping[str, bytes] = field(default_factory=dict)  # probes_*.py, by file name
    preload: tuple[str, ...] = ()  # modules of labkit that the driver imports before it forks
    device: str = "virtual"  # gpu, npu: the box can reach a real one
    unit: str = ""  # of several real ones, the leased one: an id by which its driver knows it
    image: str = ""  # of a container, by digest; empty: the one that is used today
    compilers: tuple[str, ...] = ()  # of COMPILERS, those that code there may run


@dataclass(frozen=True)
class Lab:
    """A lab as loaded and checked: the points of `tests` add up to those of `exercises`."""

    id: str
    title: str
    lectures: tuple[str, ...]
    files: tuple[str, ...]  # glob patterns: the allow-list of what is handed in
    required: tuple[str, ...]  # glob patterns: without a match for each, everything is `missing`
    packages: tuple[str, ...]
    limits: Limits
    exercises: tuple[Exercise, ...]
    tests: tuple[TestSpec, ...]
    path: Path  # labs/<id>
    solution: Path  # solutions/<id>
    starter: Path  # starter/<id>
    digest: str  # "sha256:…" of everything that decides a score
    version: str = "0.1.0"  # of what students received
    compilers: tuple[str, ...] = ()  # of COMPILERS

    @property
    def max_score(self) -> float:
        """Points without bonus."""
        return sum(e.points for e in self.exercises if not e.bonus)

    def exercise(self, id: str) -> Exercise:
        """Return the exercise `id`. Raises KeyError."""
        return {e.id: e for e in self.exercises}[id]


@dataclass(frozen=True)
class Lecture:
    """One lecture of the syllabus."""

    id: str
    title: str
    date: date


@dataclass(frozen=True)
class Assignment:
    """What is due on one day; weighs one or more labs."""

    id: str
    title: str
    weight: float  # share of the course's marks, 0..1
    labs: Mapping[str, float]  # lab id -> share of this assignment; the shares add up to 1
    released: datetime
    due: datetime


@dataclass(frozen=True)
class Course:
    """A course as taught once."""

    id: str
    title: str
    term: str
    timezone: str  # IANA name; dates without offset are in it
    lectures: tuple[Lecture, ...]
    assignments: tuple[Assignment, ...]
    lab_ids: tuple[str, ...]  # the labs found under labs/
    root: Path  # the folder that holds labs/, solutions/, starter/
