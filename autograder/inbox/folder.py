"""Reads a submission that is a folder, following no link and opening nothing but plain files."""

import errno
import os
import stat
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from functools import partial
from itertools import islice
from pathlib import Path
from typing import NamedTuple

from autograder.inbox.limits import ENTRIES, Budget, Refused, check_size
from autograder.inbox.names import check_distinct, check_folders, check_length, is_junk, shown, tidy
from autograder.model.patterns import matches, may_lead

_PLAIN = os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC  # never waits for a fifo
_FOLDER = _PLAIN | os.O_DIRECTORY


class _Hit(NamedTuple):
    name: str  # relative to the submission, as the file system has it
    entry: os.DirEntry[str]
    folder: int  # descriptor of the folder it is in, open until the next hit is asked for


def has_match(folder: Path, patterns: Sequence[str]) -> bool:
    """Tell whether `folder` holds anything that `patterns` take. Raises OSError."""
    with _opened(folder) as descriptor:
        return any(True for _ in _hits(descriptor, patterns))


def read_folder(folder: Path, patterns: Sequence[str]) -> dict[str, bytes]:
    """Return the files of `folder` that `patterns` take.

    Raises:
        Refused: one of them is a link, a device, too large or oddly named; nothing else is read.
        OSError: it cannot be read.
    """
    found: list[tuple[str, bytes]] = []
    budget = Budget()
    with _opened(folder) as descriptor:
        for hit in _hits(descriptor, patterns):
            name = tidy(hit.name)
            check_length(name)
            found.append((name, _read(hit, name, budget)))
    check_distinct([name for name, _ in found])
    check_folders([name for name, _ in found])
    return dict(found)


def open_plain(name: str, *, folder: int | None = None) -> int:
    """Open the plain file `name` for reading and return its descriptor.

    Raises:
        Refused: it is a link, a device, or otherwise no plain file.
        OSError: it cannot be opened.
    """
    try:
        descriptor = os.open(name, _PLAIN, dir_fd=folder)
    except OSError as error:
        if error.errno in (errno.ELOOP, errno.EMLINK):
            raise Refused(f"{shown(name)} is a symbolic link; hand in the file itself") from None
        if error.errno == errno.ENXIO:
            raise Refused(f"{shown(name)} is not a plain file; remove it") from None
        raise
    if not stat.S_ISREG(os.fstat(descriptor).st_mode):
        os.close(descriptor)
        raise Refused(f"{shown(name)} is not a plain file; remove it")
    return descriptor


def first_files(folder: Path, limit: int) -> list[str]:
    """Return the names of up to `limit` files anywhere in `folder`, junk left out."""
    return list(islice(_names(folder), limit))


def _names(folder: Path) -> Iterator[str]:
    left, waiting = ENTRIES, [str(folder)]
    while waiting and left > 0:
        place = waiting.pop()
        with os.scandir(place) as listing:
            entries = sorted(islice(listing, left), key=lambda e: e.name)
        left -= len(entries)
        for entry in (e for e in entries if not is_junk(e.name)):
            if entry.is_dir(follow_symlinks=False):
                waiting.append(entry.path)
            else:
                yield os.path.relpath(entry.path, folder)


@contextmanager
def _opened(folder: Path) -> Iterator[int]:
    descriptor = os.open(folder, _FOLDER)
    try:
        yield descriptor
    finally:
        os.close(descriptor)


def _hits(root: int, patterns: Sequence[str]) -> Iterator[_Hit]:
    """Yield what `patterns` take, and links to folders in which they could take something."""
    left = ENTRIES

    def visit(descriptor: int, prefix: str) -> Iterator[_Hit]:
        nonlocal left
        with os.scandir(descriptor) as listing:
            entries = sorted(islice(listing, left + 1), key=lambda e: e.name)
        left -= len(entries)
        if left < 0:
            raise Refused(f"more than {ENTRIES} files in it; hand in only what the lab asks for")
        for entry in entries:
            name = prefix + entry.name
            if entry.is_dir(follow_symlinks=False):
                if may_lead(patterns, name):
                    yield from inside(descriptor, entry.name, name + "/")
            elif matches(patterns, name) or (entry.is_symlink() and may_lead(patterns, name)):
                yield _Hit(name, entry, descriptor)

    def inside(parent: int, name: str, prefix: str) -> Iterator[_Hit]:
        descriptor = os.open(name, _FOLDER, dir_fd=parent)
        try:
            yield from visit(descriptor, prefix)
        finally:
            os.close(descriptor)

    return visit(root, "")


def _read(hit: _Hit, name: str, budget: Budget) -> bytes:
    if hit.entry.is_symlink():
        raise Refused(f"{shown(name)} is a symbolic link; hand in the file itself")
    if not hit.entry.is_file(follow_symlinks=False):
        raise Refused(f"{shown(name)} is not a plain file; remove it")
    descriptor = open_plain(hit.entry.name, folder=hit.folder)
    try:
        check_size(name, os.fstat(descriptor).st_size)
        return budget.read(name, partial(os.read, descriptor))
    finally:
        os.close(descriptor)
