"""A grader that stays open: asked for one attack after the other, over pipes, in a containment."""

import os
import select
import subprocess
import sys
from uuid import uuid4

from tests.attacks import container, containment
from tests.attacks.attack import attacks
from tests.attacks.real import Findings, as_text, attacked, from_text
from tests.attacks.surroundings import adopt_orphans

_SECONDS = 120


class OpenGrader:
    """A process that grades with `real.attacked`; started anew where an attack felled it."""

    def __init__(self, *, ordinary: bool, engine: bool = False, in_container: bool = False) -> None:
        """Nothing is started yet.

        Args:
            ordinary: as an ordinary user, although we are root.
            engine: with this machine's engine of containers.
            in_container: as root of a default container.
        """
        self._ordinary, self._engine = ordinary, engine
        self._container = f"autograder-attacks-{uuid4().hex}" if in_container else ""
        self._process: subprocess.Popen[bytes] | None = None

    def attacked(self, id: str, sandbox: str) -> Findings:
        """What came of the attack `id`. Raises AssertionError if the grader fell."""
        process = self._process or self._start()
        assert process.stdin and process.stdout
        process.stdin.write(f"{id} {sandbox}\n".encode())
        process.stdin.flush()
        ready, _, _ = select.select([process.stdout], [], [], _SECONDS)
        line = process.stdout.readline() if ready else b""
        if not line:
            self.close()
            raise AssertionError("the grader hung or died")
        return from_text(line.decode())

    def close(self) -> None:
        """End it, with all its processes."""
        if self._process is not None:
            self._process.kill()
            self._process.communicate()
            self._process = None
            if self._container:
                container.remove(self._container)

    def _start(self) -> "subprocess.Popen[bytes]":
        words = ("-m", "tests.attacks.grader")
        command = (
            container.contained(self._container, *words)
            if self._container
            else containment.contained(*words, ordinary=self._ordinary, engine=self._engine)
        )
        self._process = subprocess.Popen(
            command,
            env=dict(os.environ) if self._container else containment.environment(),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
        )
        return self._process


def main() -> None:
    """Answer each line ``ID SANDBOX`` with a line of findings."""
    containment.require()
    adopt_orphans()
    known = {attack.id: attack for attack in attacks()}
    answers = os.fdopen(os.dup(1), "w", buffering=1)
    os.dup2(2, 1)  # what is printed meanwhile is no answer
    for line in sys.stdin:
        id, sandbox = line.split()
        answers.write(as_text(attacked(known[id], sandbox)) + "\n")


if __name__ == "__main__":
    main()
