"""What in a student's folder is theirs: the files that are judged, the modules they make."""

import sys
from collections.abc import Iterator, Mapping
from pathlib import Path

from autograder.course.tree import files_under

_INSTALLED = "site-packages"  # an environment may lie in the folder, too


class DeskFiles(Mapping[str, bytes]):
    """The files of the folder `root` by name, read when asked for: a student keeps much there."""

    def __init__(self, root: Path) -> None:
        """Read nothing yet."""
        self._root = root

    def __getitem__(self, name: str) -> bytes:
        """Return the content of the file `name`."""
        try:
            return (self._root / name).read_bytes()
        except OSError:
            raise KeyError(name) from None

    def __iter__(self) -> Iterator[str]:
        """The names, without what tools leave."""
        return map(str, files_under(self._root))

    def __len__(self) -> int:
        """How many there are."""
        return len(files_under(self._root))


def forget(root: Path) -> None:
    """Drop the student's modules, so that each test starts from a fresh import."""
    for name, module in list(sys.modules.items()):
        file = getattr(module, "__file__", None)
        if file and is_theirs(Path(file), root):
            del sys.modules[name]


def is_theirs(file: Path, root: Path) -> bool:
    """Whether `file` is code under test, not a test or an installed package."""
    if not file.is_relative_to(root):
        return False
    inside = file.relative_to(root).parts
    return not inside[0].startswith((".", "tests")) and _INSTALLED not in inside
