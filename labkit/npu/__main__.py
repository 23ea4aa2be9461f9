"""``python -m labkit.npu``: where the headers are, and our own parts built ahead of time."""

import sys
from pathlib import Path

from labkit.npu.chips import INCLUDE
from labkit.npu.errors import ToolchainError
from labkit.npu.toolchain import at, build

_USAGE = "usage: python -m labkit.npu include | build-toolchain DIR"


def main(arguments: list[str]) -> int:
    """Print the include folder, or build into the folder named; return the exit status."""
    if arguments == ["include"]:
        print(INCLUDE)
        return 0
    if len(arguments) != 2 or arguments[0] != "build-toolchain":
        print(_USAGE, file=sys.stderr)
        return 2
    try:
        build(at(Path(arguments[1]).absolute()))
    except ToolchainError as error:
        print(error, file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
