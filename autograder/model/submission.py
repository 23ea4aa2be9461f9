"""What was handed in, and the job of judging it."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime


def digest_of(files: Mapping[str, bytes]) -> str:
    """Return ``sha256:…`` of a set of files: their names and contents, in any order."""
    total = hashlib.sha256()
    for name in sorted(files):
        total.update(hashlib.sha256(name.encode()).digest())
        total.update(hashlib.sha256(files[name]).digest())
    return f"sha256:{total.hexdigest()}"


@dataclass(frozen=True)
class Attempt:
    """One hand-in of one student (or group) for one lab."""

    student: str
    lab: str
    source: str  # where it was found: a path, or an id of the LMS
    submitted_at: datetime  # with a time zone
    assumed: bool  # nobody said when: `submitted_at` is the time of arrival
    digest: str  # of `files`; of no files when rejected
    files: Mapping[str, bytes] = field(default_factory=dict, repr=False, compare=False)
    rejected: str | None = None  # why it cannot be judged
    number: int = 0  # 1 for a student's first attempt at this lab; 0 until a store numbered it
    group: str | None = None


@dataclass(frozen=True)
class Job:
    """All that is needed to judge one digest, as plain data: it travels to any worker unchanged."""

    course: str  # path of the course's root folder
    lab: str
    digest: str
    files: Mapping[str, bytes] = field(repr=False, compare=False)
    secret: bytes = field(repr=False)
    sandbox: str = "namespace"
    device: str = "virtual"
    image: str = ""  # of a container, by digest, where a judging is repeated
    # What follows is for proofs of a lab; the result of a part is never stored.
    exercises: tuple[str, ...] = ()  # judge only these, in this order; empty: the whole lab
    stop_early: bool = False  # stop at the first test that takes points

    @property
    def is_whole(self) -> bool:
        """Whether all tests of the lab are run, in the lab's order."""
        return not self.exercises and not self.stop_early
