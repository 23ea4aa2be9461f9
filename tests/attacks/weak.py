"""The weakened side: an attack must succeed here, or its failure elsewhere proves nothing."""

from collections.abc import Mapping
from pathlib import Path

from tests.attacks.attack import SECRET, Attack
from tests.attacks.weakened.naive import GRADERS, Fallen, Verdict


def fools_naive_grader(attack: Attack, work: Path, tokens: Mapping[str, str]) -> bool:
    """Whether `attack` fools the naive grader it names, working in the empty folder `work`."""
    grade = GRADERS[attack.weakened["naive"]]
    shown = ""
    for round in range(attack.weakened.get("attempts", 1)):
        folder = work / str(round)
        lay_out(attack.files({**tokens, "REPORT": shown}), folder / "run")
        try:
            verdict = grade(folder)
        except Fallen:
            return attack.weakened.get("proof") == "grader"
        shown = verdict.shown
    return _proved(attack, verdict, Path(tokens["MARK"]))


def _proved(attack: Attack, verdict: Verdict, mark: Path) -> bool:
    match attack.weakened.get("proof", "score"):
        case "mark":
            return any(path.is_dir() for path in mark.iterdir())
        case "report":
            return SECRET in verdict.shown
        case "rival":
            return verdict.rival < 1
        case "score":
            return verdict.score > 0
    return False


def lay_out(files: Mapping[str, bytes], folder: Path) -> None:
    """Write `files` below `folder`."""
    for name, data in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)
