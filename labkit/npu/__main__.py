"""``python -m labkit.npu build-toolchain DIR``: builds our own parts ahead of time."""

import sys
from pathlib import Path

from labkit.npu.errors import ToolchainError
from labkit.npu.toolchain import at, build


def main(arguments: list[str]) -> int:
    """Build into the folder named, and return the exit status."""
    if len(arguments) != 2 or arguments[0] != "build-toolchain":
        print("usage: python -m labkit.npu build-toolchain DIR", file=sys.stderr)
        return 2
    try:
        build(at(Path(arguments[1]).absolute()))
    except ToolchainError as error:
        print(error, file=sys.stderr)
        return 1
    return 0


sys.exit(main(sys.argv[1:]))
