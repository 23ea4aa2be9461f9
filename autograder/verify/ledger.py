"""``labs/proofs.toml``: which proofs hold, committed, so that nobody proves again what is known."""

import json
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from autograder.errors import CourseError
from autograder.model import Lab
from autograder.verify.finding import Fate, Proof

LEDGER = Path("labs", "proofs.toml")
_HEAD = """\
# What was proven of each lab. Written by `make prove`; not for editing.
# killed_by: the first hidden test of each exercise that took points from the mutant.
# unseen: exercises in which only hidden tests did. passes_public: no public test did, anywhere.
"""


@dataclass(frozen=True)
class Entry:
    """What the ledger says of one lab."""

    digest: str  # of what decides the proof
    public_tests: int
    hidden_tests: int
    mutants: Mapping[str, Mapping[str, Any]]  # name -> killed_by, unseen, passes_public


def entry_of(lab: Lab, proof: Proof) -> Entry:
    """Return what to write down of a proof that holds."""
    hidden = sum(test.hidden for test in lab.tests)
    mutants = {fate.mutant: _told(fate) for fate in proof.fates}
    return Entry(proof.digest, len(lab.tests) - hidden, hidden, mutants)


def read_ledger(root: Path) -> dict[str, Entry]:
    """Return the entries by lab; none where there is no ledger.

    Raises:
        CourseError: the file is not what `write_ledger` writes.
    """
    path = root / LEDGER
    if not path.exists():
        return {}
    try:
        labs = tomllib.loads(path.read_text())
        return {lab: Entry(**_fields(table)) for lab, table in labs.items()}
    except (tomllib.TOMLDecodeError, UnicodeDecodeError, TypeError, ValueError) as error:
        message = f"this is no ledger of proofs ({error}); remove it and run: make prove"
        raise CourseError.at(path, 1, message) from None


def write_ledger(root: Path, entries: Mapping[str, Entry]) -> None:
    """Write the ledger: the same entries make the same bytes."""
    (root / LEDGER).write_text(_HEAD + "".join(_lines(entries)))


def _told(fate: Fate) -> dict[str, Any]:
    return {
        "killed_by": dict(sorted(fate.killed_by.items())),
        "unseen": sorted(fate.unseen),
        "passes_public": fate.passes_public,
    }


def _fields(table: Any) -> dict[str, Any]:
    fields = dict(table)
    mutants = fields.pop("mutant", {})
    if not all(m.keys() == {"killed_by", "unseen", "passes_public"} for m in mutants.values()):
        raise ValueError("a mutant lacks something, or has too much")
    return fields | {"mutants": mutants}


def _lines(entries: Mapping[str, Entry]) -> Iterator[str]:
    for lab, entry in sorted(entries.items()):
        yield f"\n[{lab}]\n"
        for key in ("digest", "public_tests", "hidden_tests"):
            yield f"{key} = {_toml(getattr(entry, key))}\n"
        for name, mutant in sorted(entry.mutants.items()):
            yield f"\n[{lab}.mutant.{_toml(name)}]\n"
            yield from (f"{key} = {_toml(value)}\n" for key, value in mutant.items())


def _toml(value: Any) -> str:
    """Return a string, number, bool, list or table as TOML; JSON's strings are also TOML's."""
    if isinstance(value, Mapping):
        return f"{{ {', '.join(f'{_toml(k)} = {_toml(v)}' for k, v in value.items())} }}"
    if isinstance(value, list):
        return f"[{', '.join(map(_toml, value))}]"
    return json.dumps(value)
