"""Which exercises are likely to notice a change of a file, learned from hand-written mutants."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping

from autograder.model import Lab
from autograder.verify.mutants import Mutant


class Relevance:
    """What the mutants of a lab say about its files."""

    def __init__(self, lab: Lab, mutants: Iterable[Mutant]) -> None:
        """Count, for each file, in which exercises a change of it must be noticed, or may."""
        self._ids = [exercise.id for exercise in lab.exercises]
        self._must: Mapping[str, Counter[str]] = defaultdict(Counter)
        self._may: Mapping[str, Counter[str]] = defaultdict(Counter)
        for mutant in mutants:
            for file in {edit.file for edit in mutant.edits}:
                self._must[file].update(mutant.must_lose)
                self._may[file].update(mutant.may_lose)

    def order(self, file: str) -> tuple[str, ...]:
        """Return all exercises, the most relevant to `file` first."""
        must, may = self._must[file], self._may[file]
        return tuple(sorted(self._ids, key=lambda id: (-must[id], -may[id], self._ids.index(id))))

    def concerns(self, file: str, chosen: Iterable[str]) -> bool:
        """Whether a change of `file` must be noticed in one of the exercises `chosen`."""
        return any(self._must[file][id] for id in chosen)
