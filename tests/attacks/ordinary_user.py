"""The same grader, run by an ordinary user: asked for one attack after the other, over pipes."""

import contextlib
import os
import select
import shutil
import subprocess
import sys
import sysconfig
import tempfile
from pathlib import Path

from tests.attacks.attack import attacks
from tests.attacks.real import Findings, as_text, attacked, from_text
from tests.attacks.surroundings import adopt_orphans

_ROOT = Path(__file__).parents[2]  # of the checkout
_UID = 65534
_SECONDS = 120


class OrdinaryGrader:
    """A process of an ordinary user that grades with `real.attacked`."""

    def __init__(self) -> None:
        """Start it, from copies of whatever that user could not read. Root only."""
        self._folder = Path(tempfile.mkdtemp(prefix="ag-user-"))
        self._folder.chmod(0o755)
        home = self._folder / "home"
        home.mkdir()
        os.chown(home, _UID, _UID)
        code, packages = self._readable(_ROOT), self._readable(Path(sysconfig.get_path("purelib")))
        self._process = subprocess.Popen(
            [self._python(), "-m", "tests.attacks.ordinary_user"],
            cwd=home,
            env={
                "PATH": os.defpath,
                "HOME": str(home),
                "TMPDIR": str(home),
                "PYTHONDONTWRITEBYTECODE": "1",
                "PYTHONPATH": os.pathsep.join(map(str, (code, packages))),
            },
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            user=_UID,
            group=_UID,
            extra_groups=[],
        )

    def attacked(self, id: str, sandbox: str) -> Findings:
        """What came of the attack `id` there."""
        assert self._process.stdin and self._process.stdout
        self._process.stdin.write(f"{id} {sandbox}\n".encode())
        self._process.stdin.flush()
        ready, _, _ = select.select([self._process.stdout], [], [], _SECONDS)
        line = self._process.stdout.readline() if ready else b""
        if not line:
            raise AssertionError("the grader of the ordinary user hung or died")
        return from_text(line.decode())

    def close(self) -> None:
        """End it."""
        self._process.kill()
        self._process.communicate()
        shutil.rmtree(self._folder)

    def _readable(self, folder: Path) -> Path:
        """`folder`, or a copy of its Python part where an ordinary user may read it."""
        if _open_to_all(folder):
            return folder
        copy = self._folder / folder.name
        unwanted = shutil.ignore_patterns(".*", "__pycache__", "test", "idlelib", "site-packages")
        shutil.copytree(folder, copy, ignore=unwanted, copy_function=_link, symlinks=True)
        return copy

    def _python(self) -> str:
        """This interpreter, one like it, or a copy of it."""
        mine = Path(getattr(sys, "_base_executable", sys.executable)).resolve()
        system = Path(f"/usr/bin/python{sys.version_info[0]}.{sys.version_info[1]}")
        for candidate in (mine, system):
            if candidate.exists() and _open_to_all(candidate):
                return str(candidate)
        for part in (Path(sysconfig.get_path("stdlib")), *mine.parents[1].glob("lib/libpython*")):
            target = self._folder / "python" / "lib" / part.name
            target.parent.mkdir(parents=True, exist_ok=True)
            _link(part, target) if part.is_file() else self._readable(part).rename(target)
        copy = self._folder / "python" / "bin" / mine.name
        copy.parent.mkdir(parents=True)
        shutil.copy(mine, copy)
        return str(copy)


def _open_to_all(path: Path) -> bool:
    ways = all(parent.stat().st_mode & 0o001 for parent in path.resolve().parents)
    return ways and bool(path.stat().st_mode & 0o004)


def _link(source: "str | Path", target: "str | Path") -> None:
    """A hard link where that works: quicker than a copy, and the same to read."""
    try:
        os.link(source, target, follow_symlinks=False)
    except OSError:
        with contextlib.suppress(OSError):
            shutil.copy2(source, target, follow_symlinks=False)


def main() -> None:
    """Answer each line ``ID SANDBOX`` with a line of findings."""
    adopt_orphans()
    known = {attack.id: attack for attack in attacks()}
    answers = os.fdopen(os.dup(1), "w", buffering=1)
    os.dup2(2, 1)  # what is printed meanwhile is no answer
    for line in sys.stdin:
        id, sandbox = line.split()
        answers.write(as_text(attacked(known[id], sandbox)) + "\n")


if __name__ == "__main__":
    main()
