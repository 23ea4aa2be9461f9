"""A student's side of nbgrader's exchange: is there one, and hand files in to it."""

import os
import re
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from autograder.errors import InfraError
from autograder.nbgrader.scripts import path_with_scripts

_NAMES = ("nbgrader_config.json", "nbgrader_config.py")  # the second has the last word
_DEFAULT_ROOT = "/usr/local/share/nbgrader/exchange"
_TAIL = 1500  # characters of what nbgrader said


@dataclass(frozen=True)
class Exchange:
    """What nbgrader's configuration says of a course."""

    course: str
    root: Path

    def takes(self, lab: str) -> bool:
        """Whether the lab is released, and not withdrawn."""
        return os.access(self.root / self.course / "outbound" / lab, os.R_OK | os.X_OK)


def find_exchange(folder: Path) -> Exchange | None:
    """Return the exchange that nbgrader would use beside `folder`; None where no course is set.

    It costs next to nothing where nbgrader is not installed or not configured.

    Raises:
        InfraError: the configuration cannot be read.
    """
    if find_spec("nbgrader") is None:
        return None
    files = list(_files(folder.absolute().parent))
    settings = _read(files) if files else {}
    course = settings.get("CourseDirectory", {}).get("course_id", "")
    general, own = (settings.get(name, {}) for name in ("Exchange", "ExchangeSubmit"))
    root = own.get("root") or general.get("root") or _DEFAULT_ROOT
    return Exchange(str(course), Path(str(root))) if course else None


def _files(place: Path) -> Iterator[Path]:
    """Yield nbgrader's configuration files for who stands in `place`, the strongest last."""
    from jupyter_core.paths import jupyter_config_path

    for folder in [*map(Path, reversed(jupyter_config_path())), place]:
        yield from (file for name in _NAMES if (file := folder / name).is_file())


def _read(files: list[Path]) -> Mapping[str, Any]:
    from traitlets.config import Config
    from traitlets.config.loader import JSONFileConfigLoader, PyFileConfigLoader

    settings = Config()
    for file in files:
        loader = JSONFileConfigLoader if file.suffix == ".json" else PyFileConfigLoader
        try:
            settings.merge(loader(file.name, path=str(file.parent)).load_config())
        except Exception as error:  # it is a program, and may fail in any way
            message = f"{file} cannot be read as nbgrader's configuration"
            raise InfraError(f"{message} ({type(error).__name__}: {error})") from error
    found: Mapping[str, Any] = settings
    return found


def hand_in(
    exchange: Exchange, lab: str, files: Mapping[str, bytes], folder: Path
) -> Mapping[str, str]:
    """Let nbgrader submit `files`, whatever else lies in `folder`; return course and time.

    Args:
        exchange: It takes the lab.
        lab: The lab's id, which is the assignment's name.
        files: By name, as they were packed.
        folder: The lab's folder: nbgrader reads the configuration beside it.

    Raises:
        InfraError: nbgrader did not take them.
    """
    with tempfile.TemporaryDirectory(prefix="submit-") as scratch:
        for name, data in files.items():
            target = Path(scratch, lab, name)
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_bytes(data)
        done = subprocess.run(
            _command(exchange, lab, scratch),
            cwd=folder.absolute().parent,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            env=os.environ | {"PATH": path_with_scripts()},
        )
    said = done.stdout.decode(errors="replace").strip()
    submitted = re.search(rf"Submitted as: .* {re.escape(lab)} (.+)", said)
    if done.returncode != 0 or submitted is None:
        raise InfraError(f"nbgrader did not take it:\n{said[-_TAIL:]}")
    return {"course": exchange.course, "time": _local(submitted[1])}


def _command(exchange: Exchange, lab: str, place: str) -> list[str]:
    # Said again, so that nbgrader does what we announce, and tells when it was.
    options = {
        "CourseDirectory.course_id": exchange.course,
        "ExchangeSubmit.root": str(exchange.root),
        "ExchangeSubmit.assignment_dir": place,
        "ExchangeSubmit.path_includes_course": False,
        "Application.log_level": "INFO",
    }
    words = [f"--{name}={value}" for name, value in options.items()]
    return [sys.executable, "-m", "nbgrader", "submit", lab, *words]


def _local(time: str) -> str:
    """Return nbgrader's time as ISO 8601 in the zone of this machine; as it is if it is not UTC."""
    try:
        moment = datetime.fromisoformat(time.removesuffix(" UTC")).replace(tzinfo=UTC)
    except ValueError:
        return time
    return moment.astimezone().isoformat(timespec="seconds")
