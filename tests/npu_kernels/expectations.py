"""What the wrong kernels are to be told: read from the comments beside their lines."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from tests.npu_kernels.case import FOLDER

WRONG = FOLDER / "wrong"
_KERNEL = re.compile(r"__global__ __aicore__ void (\w+)\(")
_EXPECT = re.compile(r"// expect( of the whole)?: (\w+)$")
_BLOCKS = re.compile(r"// blocks: (\d+)$")


@dataclass(frozen=True)
class Expectation:
    """A code that is told of a kernel, launched on so many blocks; line 0: of no line of it."""

    path: Path
    kernel: str
    blocks: int
    code: str
    line: int

    def __str__(self) -> str:
        """The name of its test."""
        return f"{self.kernel}-{self.code}"


def expectations(path: Path) -> Iterator[Expectation]:
    """Yield what the comments of a file say, in order."""
    kernel, blocks = "", 1
    for number, line in enumerate(path.read_text().splitlines(), 1):
        if found := _KERNEL.search(line):
            kernel, blocks = found[1], 1
        if found := _BLOCKS.search(line):
            blocks = int(found[1])
        if found := _EXPECT.search(line):
            yield Expectation(path, kernel, blocks, found[2], 0 if found[1] else number)


EXPECTED = [told for path in sorted(WRONG.glob("*.cpp")) for told in expectations(path)]
REFUSED = [told for told in EXPECTED if told.path.stem == told.kernel]  # they do not build
TOLD = [told for told in EXPECTED if told.path.stem != told.kernel]
