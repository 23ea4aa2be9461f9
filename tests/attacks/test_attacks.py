"""Each attack succeeds against a weakened grader, then fails against the real one."""

import os
from collections.abc import Callable
from concurrent.futures import Future
from pathlib import Path

import pytest

from tests.attacks.attack import Attack, attacks, honest
from tests.attacks.grader import OpenGrader
from tests.attacks.real import Findings
from tests.attacks.weak import lay_out
from tests.attacks.weakened.naive import GRADERS

ROOT = os.geteuid() == 0


@pytest.mark.namespace
@pytest.mark.parametrize("who", ["root", "user"])
@pytest.mark.parametrize("attack", attacks(), ids=lambda attack: attack.id)
def test_attack(
    attack: Attack,
    sandbox_name: str,
    who: str,
    graders: Callable[[str, str], OpenGrader],
    weakened: dict[str, "Future[str]"],
    verdicts: dict[str, tuple[str, str]],
) -> None:
    if sandbox_name == "user" and who == "user":
        pytest.skip("this wall needs root of its container")
    if who == "root" and not (ROOT or sandbox_name == "user"):
        pytest.skip("needs root")
    if who == "user" and sandbox_name == "docker":
        pytest.skip("who may use an engine is as good as root")
    if attack.foreign:
        pytest.skip(f"written for {attack.machine}")
    row = f"{attack.id}-{sandbox_name}-{who}"
    verdicts[row] = attack.title, "NOT SHOWN TO WORK in the weakened grader"
    assert weakened[attack.id].result() == "succeeded", attack.weakened["without"]
    verdicts[row] = attack.title, "weakened: succeeded; real: THE GRADER FELL"
    found = graders(sandbox_name, who).attacked(attack.id, sandbox_name)
    faults = found.faults(attack)
    verdicts[row] = attack.title, f"weakened: succeeded; real: {_told(found, faults)}"
    assert not faults, "; ".join(faults)


def _told(found: Findings, faults: list[str]) -> str:
    if faults:
        return "; ".join(faults).upper()
    outcomes = ", ".join(outcome for outcome in found.outcomes if outcome != "missing")
    return f"stopped ({outcomes or found.status}); next honest: full"


HONEST = sorted(set(GRADERS) - {"unpickling", "tolerant", "stale", "again", "unzipping"})


@pytest.mark.parametrize("name", HONEST)
def test_a_naive_grader_is_right_about_honest_work(name: str, tmp_path: Path) -> None:
    """It can tell right from wrong, so that fooling it means something."""
    lab = "timed" if "time" in name or name == "traced" else "target"
    lay_out(honest(lab), tmp_path / "right" / "run")
    wrong = b"def squares(x):\n    return 0.0\n\n\ndef guess():\n    return 0\n"
    lay_out({"answer.py": wrong}, tmp_path / "wrong" / "run")
    assert GRADERS[name](tmp_path / "right").score == 1
    assert name == "traced" or GRADERS[name](tmp_path / "wrong").score == 0
