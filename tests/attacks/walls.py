"""Real boxes with a protection left out, under the name of a sandbox of their own."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from unittest import mock

from autograder.box.base import SANDBOXES
from autograder.box.namespace import NamespaceSandbox, Wall
from tests.attacks.attack import Attack


class Weakened(NamespaceSandbox):
    """A namespace box behind the wall that `weakened_sandbox` has chosen."""

    wall = Wall()

    def __init__(self) -> None:
        super().__init__(self.wall)


@contextmanager
def weakened_sandbox(attack: Attack, mark: Path) -> Iterator[str]:
    """Yield the name of a sandbox that lacks what stops `attack`."""
    chosen = attack.weakened
    if "sandbox" in chosen:
        yield chosen["sandbox"]
        return
    off = {switch: False for switch in chosen.get("walls_off", ())}
    shown = (str(mark),) if "also_visible" in chosen else ()
    table = {"weakened": f"{__name__}:Weakened"}
    with (
        mock.patch.dict(SANDBOXES, table),
        mock.patch.object(Weakened, "wall", replace(Wall(), also_visible=shown, **off)),
    ):
        yield "weakened"
