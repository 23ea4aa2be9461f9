"""Mutants made from the solution by rule, in an order that unrelated edits do not change."""

import ast
import hashlib
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from autograder.verify.operators import OPERATORS, Edit
from autograder.verify.source import Source, python_sources

_LONGEST = 3  # lines that are shown of a change; of more, the first only


@dataclass(frozen=True)
class Candidate:
    """One small change of one file of the solution."""

    file: str
    line: int
    function: str  # Class.method, or <module>
    operator: str
    before: str  # the lines it touches, in one line
    after: str
    edit: Edit
    rank: bytes  # decides its place among all

    @property
    def change(self) -> tuple[str, str, str, str]:
        """What an author knows it by."""
        return self.file, self.function, self.before, self.after

    def apply(self, data: bytes) -> bytes:
        """Return the file with the change made; every other byte stays."""
        place, text = self.edit
        return data[: place.start] + text + data[place.end :]


def candidates(files: Mapping[str, bytes]) -> list[Candidate]:
    """Return all changes that the operators can make in the regions of `files`, by rank.

    Not all of them compile or change the program: `viable` tells.
    """
    found = [one for source in python_sources(files) for one in _of(source)]
    return sorted(found, key=lambda candidate: candidate.rank)


def viable(
    ranked: list[Candidate], files: Mapping[str, bytes]
) -> Iterator[tuple[Candidate, bytes]]:
    """Yield each candidate that is another program, with its file's new content; none twice."""
    files_changed = {candidate.file for candidate in ranked}
    known = {(name, _tree(files[name])) for name in files_changed}
    for candidate in ranked:
        data = candidate.apply(files[candidate.file])
        tree = _tree(data)
        if tree is not None and (candidate.file, tree) not in known:
            known.add((candidate.file, tree))
            yield candidate, data


def _tree(data: bytes) -> str | None:
    """Return the syntax tree as text, or None if `data` does not compile."""
    try:
        tree = ast.parse(data)
        compile(tree, "mutant", "exec", dont_inherit=True)
    except (SyntaxError, ValueError):
        return None
    return ast.dump(tree)


def _of(source: Source) -> Iterator[Candidate]:
    alike: Counter[tuple[str, ...]] = Counter()
    for function, node in source.inside():
        for name, operator in OPERATORS.items():
            for edit in operator(source, node):
                before, after = _shown(source, edit)
                identity = (source.name, function, name, before, after)
                rank = hashlib.sha256("\0".join((*identity, str(alike[identity]))).encode())
                alike[identity] += 1
                line = source.line_of(edit.place.start)
                yield Candidate(
                    source.name, line, function, name, before, after, edit, rank.digest()
                )


def _shown(source: Source, edit: Edit) -> tuple[str, str]:
    """Return the lines that the edit touches, before and after, each in one line."""
    around, place = source.lines(edit.place), edit.place
    head, tail = source.data[around.start : place.start], source.data[place.end : around.end]
    return _one_line(source.text(around)), _one_line(head + edit.text + tail)


def _one_line(text: bytes) -> str:
    lines = [" ".join(line.split()) for line in text.decode(errors="replace").splitlines()]
    return " ".join(lines) if len(lines) <= _LONGEST else f"{lines[0]} …"
