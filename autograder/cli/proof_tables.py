"""How a proof is shown: the claims, and which exercise kills which mutant."""

from collections.abc import Sequence
from dataclasses import asdict
from typing import Any

from rich.console import Console
from rich.table import Table
from rich.text import Text

from autograder.cli.output import plain_table, show_table
from autograder.verify import Fate, Finding, Mark, Proof

_LINE = 76  # characters of a claim's detail: with its name they fit in 120 columns
_SIGNS = {
    Mark.PUBLIC: Text("P", "cyan"),
    Mark.HIDDEN: Text("H", "bold green"),
    Mark.UNTOUCHED: Text("·", "dim"),
    Mark.NOT_RUN: Text(""),
}
_LEGEND = "H only hidden tests took points · P public tests too · '·' untouched · blank not run"


def show_proof(console: Console, proof: Proof, exercises: Sequence[str]) -> None:
    """Show the claims, the kill matrix, and all that failed in full."""
    console.print(Text(proof.lab, "bold"))
    show_table(console, _claims(proof))
    if proof.fates:
        show_table(console, _matrix(proof.fates, exercises))
        numbered = (f"{n} {id}" for n, id in enumerate(exercises, 1))
        console.print(Text(f"{_LEGEND}\nExercises: {', '.join(numbered)}"), soft_wrap=True)
    for finding in proof.findings:
        if not finding.holds:
            _complain(console, finding)
    failed = sum(not finding.holds for finding in proof.findings)
    said = f"{failed} of {len(proof.findings)} claims fail." if failed else "Every claim holds."
    console.print(f"{proof.lab}: {said}")


def document(proof: Proof) -> dict[str, Any]:
    """Return the proof as JSON tells it."""
    return {
        "lab": proof.lab,
        "digest": proof.digest,
        "holds": proof.holds,
        "findings": [asdict(finding) for finding in proof.findings],
        "mutants": [asdict(fate) for fate in proof.fates],
    }


def _claims(proof: Proof) -> Table:
    """All claims but those about mutants that hold: the matrix shows these."""
    table = plain_table("claim", "", "what came of it")
    for finding in proof.findings:
        if finding.claim.startswith("mutant ") and finding.holds:
            continue
        verdict = Text("holds", "green") if finding.holds else Text("FAILS", "bold red")
        table.add_row(Text(finding.claim), verdict, Text(_short(finding.detail)))
    return table


def _matrix(fates: Sequence[Fate], exercises: Sequence[str]) -> Table:
    columns = [str(n) for n in range(1, len(exercises) + 1)]
    table = plain_table("mutant", *columns, "public alone")
    for fate in fates:
        signs = (_SIGNS[fate.marks[id]] for id in exercises)
        table.add_row(Text(fate.mutant), *signs, "lets it pass" if fate.passes_public else "")
    return table


def _complain(console: Console, finding: Finding) -> None:
    """Spell out a claim that fails."""
    console.print(Text(f"{finding.claim}: {finding.detail}", "red"), soft_wrap=True)
    for note in finding.notes:
        console.print(Text(f"  {note}"), soft_wrap=True)


def _short(text: str) -> str:
    return text if len(text) <= _LINE else text[: _LINE - 2] + " …"
