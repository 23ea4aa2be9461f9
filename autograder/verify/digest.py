"""What decides a proof, as one word: while it stays the same, the proof holds."""

from collections.abc import Iterator
from pathlib import Path

import autograder
import labkit
from autograder.box.compilers import ASCENDC
from autograder.course.tree import files_under
from autograder.model import Lab, digest_of
from autograder.verify.triage import TRIAGE_FILE

# What a judging runs through. The command line, the store and the reports decide nothing.
_FLOORS = ("box", "course", "executor", "judge", "model", "verify")
_BESIDE = (f"written/{TRIAGE_FILE}", "labkit/notebook/")  # what decides nothing, either
_NPU = "labkit/npu/"  # only of labs that compile for it


def proof_digest(lab: Lab) -> str:
    """Return the digest of the lab with its solution, its mutants, its starter, and our own code.

    The versions of Python and of the lab's packages are no part of it: they differ between
    machines, on each of which CI runs the tests anyway.
    """
    contents = {name: path.read_bytes() for name, path in _named(lab)}
    contents["lab"] = lab.digest.encode()
    return digest_of(contents)


def _named(lab: Lab) -> Iterator[tuple[str, Path]]:
    ours = Path(autograder.__file__).parent
    folders = {"written": lab.path, "starter": lab.starter}
    folders |= {f"autograder/{name}": ours / name for name in _FLOORS}
    folders["labkit"] = Path(labkit.__file__).parent
    beside = _BESIDE if ASCENDC in lab.compilers else (*_BESIDE, _NPU)
    for place, folder in folders.items():
        for relative, path in files_under(folder).items():
            if not f"{place}/{relative}".startswith(beside):
                yield f"{place}/{relative}", path
