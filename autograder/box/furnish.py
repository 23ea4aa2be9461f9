"""Lays out the folders of a runner image: what a box shows, from what is installed here.

An image's build runs ``python -m autograder.box.furnish FOLDER PACKAGE...``.
"""

import compileall
import hashlib
import importlib.metadata
import json
import shutil
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path, PurePosixPath
from py_compile import PycInvalidationMode

from autograder.box import compilers, installed, layout, toolchain
from autograder.box.distributions import closure, roots
from autograder.box.furnished import processor
from autograder.errors import InfraError
from autograder.model import Needs
from autograder.model.course import COMPILERS

ROOT = "/box"
PACKAGES = f"{ROOT}/packages"  # one folder for each distribution: a box is shown some of them
MANIFEST = f"{ROOT}/manifest.json"

_COMPILED = "__pycache__"


def furnish(folder: Path, names: Sequence[str]) -> None:
    """Write into `folder` what an image shows at ``/box``, and the manifest that describes it.

    Args:
        folder: does not exist yet.
        names: the distributions that some lab's box may hold; what they require comes along.

    Raises:
        InfraError: a distribution is not installed here, or ours does not compile.
    """
    manifest = describe(names)
    for target in (layout.PROBES, layout.SUBMISSION, PACKAGES):
        _inside(folder, target).mkdir(parents=True)
    for source, target in _ours():
        _copy(source, _inside(folder, target))
    for name in sorted(closure(names)):
        for root, path in roots(name):
            _copy(path, _inside(folder, f"{PACKAGES}/{name}/{root}"))
    _compile(folder)
    _inside(folder, MANIFEST).write_text(json.dumps(manifest, indent=1) + "\n")


def describe(names: Sequence[str]) -> dict[str, object]:
    """Return the manifest of an image furnished here: its platform, our source, packages."""
    return {
        "schema": 1,
        "platform": installed.versions(Needs((), b"")),
        "compilers": _compilers(),
        "source": source_digest(),
        "packages": {
            name: {
                "version": importlib.metadata.version(name),
                "closure": closure([name]),
            }
            for name in sorted(closure(names))
        },
    }


def _compilers() -> dict[str, object]:
    """For each compiler that is here: what it is a version of, and what only its group may use."""
    try:
        parts = [str(bind.source) for bind in compilers.binds(["g++"])]
    except InfraError:
        return {}
    told: dict[str, object] = {"versions": compilers.versions(COMPILERS), "parts": parts}
    ahead = told | {"processor": processor()}
    return {name: ahead if name == compilers.ASCENDC else told for name in COMPILERS}


def source_digest() -> str:
    """Return ``sha256:...`` of the driver and labkit: the same wherever they are the same."""
    digest = hashlib.sha256()
    for target, source in sorted((target, source) for source, target in _ours()):
        content = hashlib.sha256(source.read_bytes()).hexdigest()
        digest.update(f"{target}\0{content}\n".encode())
    return f"sha256:{digest.hexdigest()}"


def _ours() -> Iterator[layout.Bind]:
    """Each file of ours that a box shows: no compiled form, and nothing an editor left."""
    for source, target in (*layout.driver(), *layout.labkit()):
        for file in [source] if source.is_file() else source.rglob("*"):
            inside = PurePosixPath(target, file.relative_to(source).as_posix())
            if file.is_file() and not any(p == _COMPILED or p[0] == "." for p in inside.parts):
                yield layout.Bind(file, str(inside))


def _inside(folder: Path, target: str) -> Path:
    return folder / Path(target).relative_to(ROOT)


def _copy(source: Path, target: Path) -> None:
    target.parent.mkdir(parents=True, exist_ok=True)
    if source.is_dir():
        shutil.copytree(source, target, ignore=shutil.ignore_patterns(_COMPILED))
    else:
        shutil.copyfile(source, target)


def _compile(folder: Path) -> None:
    """Compile once for all boxes, whose file system is read-only. Nothing checks for a newer file.

    A package may hold a file that is no Python of this version; a box falls back on its source.
    """
    for part in folder.iterdir():
        whole = compileall.compile_dir(
            part,
            quiet=2,
            invalidation_mode=PycInvalidationMode.UNCHECKED_HASH,
            stripdir=str(folder),
            prependdir=ROOT,
        )
        if not whole and part.name != Path(PACKAGES).name:
            raise InfraError(f"{part} does not compile with {sys.executable}")


if __name__ == "__main__":
    furnish(Path(sys.argv[1]), sys.argv[2:])
    if _compilers():
        toolchain.build(_inside(Path(sys.argv[1]), toolchain.TARGET))
