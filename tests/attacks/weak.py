"""The weakened side: an attack must succeed here, or its failure elsewhere proves nothing.

``python -m tests.attacks.weak ID``, in a containment of its own, prints ``succeeded`` or what else
came of it.
"""

import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

from tests.attacks import containment
from tests.attacks.archives import build
from tests.attacks.attack import SECRET, Attack, attacks
from tests.attacks.surroundings import adopt_orphans, surroundings
from tests.attacks.weakened.naive import GRADERS
from tests.attacks.weakened.process import Fallen, Verdict

_SECONDS = 90


def shown_to_work(attack: Attack) -> str:
    """Run `attack` against its weakened grader; return ``succeeded``, or why it did not."""
    naive = "naive" in attack.weakened
    done = subprocess.run(
        containment.contained("-m", "tests.attacks.weak", attack.id, capable=not naive),
        env=containment.environment(),
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=_SECONDS,
        check=False,
    )
    said = done.stdout.split()  # some attacks write there, too
    return "succeeded" if "succeeded" in said else f"{said} {done.stderr[-2000:]}"


def fools_naive_grader(attack: Attack, work: Path, tokens: Mapping[str, str]) -> bool:
    """Whether `attack` fools the naive grader it names, working in the empty folder `work`."""
    grade = GRADERS[attack.weakened["naive"]]
    shown = ""
    for round in range(attack.weakened.get("attempts", 1)):
        folder = work / str(round)
        lay_out(attack.files({**tokens, "REPORT": shown, "ROUND": str(round)}), folder / "run")
        if attack.archive:
            (folder / "run").mkdir(parents=True)
            build(attack.archive, folder / "run" / "mine.zip", Path(tokens["MARK"]))
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


def main(id: str) -> None:
    """Say whether the attack `id` succeeds."""
    containment.require()
    adopt_orphans()
    attack = next(attack for attack in attacks() if attack.id == id)
    if "naive" in attack.weakened:
        with surroundings("weak") as around:
            succeeded = fools_naive_grader(attack, around.temporary / "work", around.tokens)
    else:
        from tests.attacks.real import succeeds_in_weakened_box  # loads the grader: not for nothing

        succeeded = succeeds_in_weakened_box(attack)
    print("succeeded" if succeeded else "failed")


if __name__ == "__main__":
    main(sys.argv[1])
