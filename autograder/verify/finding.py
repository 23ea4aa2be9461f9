"""What a proof says: claims that hold or fail, and what each mutant met."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum


@dataclass(frozen=True)
class Finding:
    """One claim about a lab, and whether it holds."""

    claim: str  # "solution", "starter", "exercise softmax", "mutant no_shift" …
    holds: bool
    detail: str  # what came of it, in one line
    killers: tuple[str, ...] = ()  # for a mutant: the tests that took points, hidden ones first
    notes: tuple[str, ...] = ()  # everything that was found, one line each


class Mark(StrEnum):
    """What the tests of one exercise made of a mutant."""

    PUBLIC = "public"  # a public test took points
    HIDDEN = "hidden"  # only hidden tests took points
    UNTOUCHED = "untouched"  # full points
    NOT_RUN = "not run"


@dataclass(frozen=True)
class Fate:
    """What one mutant met."""

    mutant: str
    marks: Mapping[str, Mark]  # by exercise
    killed_by: Mapping[
        str, str
    ]  # exercise that must lose -> its first hidden test that took points
    unseen: tuple[str, ...]  # exercises that must lose, where only hidden tests took points
    passes_public: bool  # no public test took points anywhere


@dataclass(frozen=True)
class Proof:
    """All findings about one lab."""

    lab: str
    digest: str  # of what decides them
    findings: tuple[Finding, ...]
    fates: tuple[Fate, ...]

    @property
    def holds(self) -> bool:
        """Whether every claim does."""
        return all(finding.holds for finding in self.findings)
