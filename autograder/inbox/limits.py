"""How much of a submission is read, and how a submission is refused."""

from collections.abc import Callable

MIB = 1024 * 1024

FILE_BYTES = 5 * MIB
NOTEBOOK_BYTES = 20 * MIB  # outputs with pictures
TOTAL_BYTES = 50 * MIB  # of one submission's accepted files
FILES = 500
NAME_LENGTH = 200  # characters of a path inside a submission
PART_BYTES = 255  # of the name of a file or folder: no file system takes more
STUDENT_LENGTH = 100

ENTRIES = 20_000  # names looked at in one folder or zip
ZIP_DIRECTORY_BYTES = 4 * MIB  # of a zip's table of contents
ZIP_RATIO = 200  # deflate packs real text 3 to 20 times; zeros 1000 times
ZIP_RATIO_FROM = 10 * MIB  # smaller files may pack as well as they like

TOO_LARGE = f"larger than {TOTAL_BYTES // MIB} MiB in all; hand in only what the lab asks for"
TOO_MANY = f"more than {FILES} files; hand in only what the lab asks for"

CHUNK = 64 * 1024  # bytes read at a time


class Refused(Exception):
    """A submission cannot be accepted; the message is the reason its row will give."""


class Budget:
    """Counts what one submission may still hand in."""

    def __init__(self) -> None:
        """Start with all of it."""
        self._bytes = TOTAL_BYTES
        self._files = FILES

    def read(self, name: str, read: Callable[[int], bytes]) -> bytes:
        """Read one file to its end with `read` (at most so many bytes; empty at the end).

        Raises:
            Refused: the file, or the submission with it, is too large.
        """
        self._files -= 1
        if self._files < 0:
            raise Refused(TOO_MANY)
        limit = cap(name)
        chunks, size = [], 0
        while chunk := read(min(CHUNK, limit + 1 - size)):
            chunks.append(chunk)
            size += len(chunk)
            check_size(name, size)
        self._bytes -= size
        if self._bytes < 0:
            raise Refused(TOO_LARGE)
        return b"".join(chunks)


def cap(name: str) -> int:
    """Return how many bytes the file `name` may hold."""
    return NOTEBOOK_BYTES if name.endswith(".ipynb") else FILE_BYTES


def check_size(name: str, size: int) -> None:
    """Raise Refused if `size` bytes are too many for the file `name`."""
    if size <= cap(name):
        return
    advice = "clear its outputs" if name.endswith(".ipynb") else "hand in source only"
    raise Refused(f"{name} is larger than {cap(name) // MIB} MiB; {advice}")
