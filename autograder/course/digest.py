"""What decides a score, as one word: a result is worth nothing new while this stays the same."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

from autograder import __version__
from autograder.course.probes import read_probes
from autograder.course.tree import files_under, read_bytes, solution_files
from autograder.model import Lab, digest_of


def lab_digest(lab: Lab) -> Lab:
    """Return `lab` with the digest of lab.toml, probes, tests, solution, and our own version.

    Raises:
        CourseError: lab.toml or probes.py cannot be read.
    """
    contents = {name: read_bytes(path) for name, path in _named(lab)}
    contents |= {f"lab/{name}": source for name, source in read_probes(lab).items()}
    contents["autograder"] = __version__.encode()
    return replace(lab, digest=digest_of(contents))


def _named(lab: Lab) -> Iterator[tuple[str, Path]]:
    yield "lab/lab.toml", lab.path / "lab.toml"
    for relative, path in files_under(lab.path / "tests").items():
        yield f"tests/{relative}", path
    for relative, path in solution_files(lab.solution).items():
        yield f"solution/{relative}", path
