"""Prints digests of the panel's sources and of what was built from them.

They are committed beside the build, so that a stale or edited one is seen without Node.
"""

import hashlib
import sys
from collections.abc import Sequence
from pathlib import Path

SOURCES = (
    "package.json",
    "package-lock.json",
    "tsconfig.json",
    "webpack.config.js",
    "src/*",
    "style/*",
)
BUILT = ("package.json", "static/*")


def digest(folder: Path, patterns: Sequence[str]) -> str:
    """Return the SHA-256 of the names and contents of the files in `folder`."""
    total = hashlib.sha256()
    for path in sorted(path for pattern in patterns for path in folder.glob(pattern)):
        content = hashlib.sha256(path.read_bytes()).hexdigest()
        total.update(f"{path.relative_to(folder).as_posix()} {content}\n".encode())
    return total.hexdigest()


def digests(sources: Path, built: Path) -> str:
    """Return what is committed as ``sources.sha256``."""
    return f"sources {digest(sources, SOURCES)}\nbuilt {digest(built, BUILT)}\n"


if __name__ == "__main__":
    print(digests(*map(Path, sys.argv[1:])), end="")
