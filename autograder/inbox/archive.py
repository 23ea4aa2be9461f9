"""Reads a submission that is a zip, as a stream with caps: nothing is ever unpacked to disk."""

import io
import stat
import struct
import zipfile
import zlib
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple

from autograder.inbox.folder import open_plain
from autograder.inbox.limits import (
    ENTRIES,
    TOO_LARGE,
    TOTAL_BYTES,
    ZIP_DIRECTORY_BYTES,
    ZIP_RATIO,
    ZIP_RATIO_FROM,
    Budget,
    Refused,
    check_size,
)
from autograder.inbox.names import check_distinct, check_folders, check_length, is_junk, shown, tidy
from autograder.model.patterns import matches

_METHODS = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)  # of the others, Python cannot bound memory
_TOO_MANY = f"more than {ENTRIES} entries in the zip; hand in only what the lab asks for"
_ENCRYPTED = 0x1
_NAME_IS_UTF8 = 0x800

# What zipfile and zlib raise on archives made to confuse them.
_DAMAGE = (
    zipfile.BadZipFile,
    zlib.error,
    struct.error,
    EOFError,
    NotImplementedError,
    OverflowError,
    RuntimeError,
    ValueError,
)


class Contents(NamedTuple):
    """What a zip holds for a lab."""

    files: dict[str, bytes]  # what the patterns take
    others: list[str]  # names of the other files, junk left out


def read_archive(path: Path, patterns: Sequence[str], lab: str) -> Contents:
    """Return the files of the zip at `path` that `patterns` take.

    They are at its top, in a folder called `lab`, or in one of these inside a single top folder.

    Raises:
        Refused: it is no zip, a bomb, or holds an entry that no honest zip holds.
        OSError: it cannot be read.
    """
    with _opened(path) as archive:
        entries = _checked(archive)
        names = [n for n in entries if not any(is_junk(part) for part in n.split("/"))]
        root = _root(list(entries), names, patterns, lab)
        hits = [n for n in entries if _takes(patterns, root, n)]
        files = _read_all(archive, {n[len(root) :]: entries[n] for n in hits})
        return Contents(files, [n for n in names if n not in hits])


@contextmanager
def _opened(path: Path) -> Iterator[zipfile.ZipFile]:
    with _Guarded(io.FileIO(open_plain(str(path)))) as file:
        try:
            with zipfile.ZipFile(file) as archive:
                yield archive
        except _DAMAGE:
            raise Refused("not a zip, or a damaged one; zip the folder again") from None


class _Guarded(io.BufferedReader):
    """A file that will not be read in one large piece, as zipfile does with a zip's directory."""

    def read(self, size: int | None = -1, /) -> bytes:
        if size is not None and size > ZIP_DIRECTORY_BYTES:
            raise Refused(_TOO_MANY)
        return super().read(size)


def _checked(archive: zipfile.ZipFile) -> dict[str, zipfile.ZipInfo]:
    """Return the files of `archive` by their tidy names; whatever is odd about one refuses all."""
    if len(archive.infolist()) > ENTRIES:
        raise Refused(_TOO_MANY)
    found: list[tuple[str, zipfile.ZipInfo]] = []
    for info in archive.infolist():
        try:
            name = tidy(_name(info) or info.orig_filename)
            _check_entry(info, name)
        except Refused as refusal:
            raise Refused(f"zip entry {refusal}") from None
        if not info.is_dir():
            found.append((name, info))
    check_distinct([name for name, _ in found])
    return dict(found)


def _name(info: zipfile.ZipInfo) -> str | None:
    """Return the name as packed, None if it is not UTF-8 (some write UTF-8 without saying so)."""
    if info.flag_bits & _NAME_IS_UTF8:
        return info.orig_filename
    try:
        return info.orig_filename.encode("cp437").decode()
    except UnicodeError:
        return None


def _check_entry(info: zipfile.ZipInfo, name: str) -> None:
    kind = stat.S_IFMT(info.external_attr >> 16)
    if kind == stat.S_IFLNK:
        raise Refused(f"{shown(name)} is a symbolic link; zip the files themselves")
    if kind not in (0, stat.S_IFREG, stat.S_IFDIR):
        raise Refused(f"{shown(name)} is not a plain file; remove it")
    if info.flag_bits & _ENCRYPTED:
        raise Refused(f"{shown(name)} is encrypted; zip without a password")
    if info.file_size > max(ZIP_RATIO_FROM, ZIP_RATIO * info.compress_size):
        raise Refused(f"{shown(name)} is packed like a zip bomb; hand in only what is asked")


def _root(names: Sequence[str], honest: Sequence[str], patterns: Sequence[str], lab: str) -> str:
    """Return the folder inside the zip (``""`` or ``"…/"``) whose files the patterns mean."""
    roots = ["", f"{lab}/"]
    tops = {name.split("/")[0] for name in honest}
    if len(tops) == 1 and all("/" in name for name in honest):
        top = tops.pop()
        roots += [f"{top}/", f"{top}/{lab}/"]
    hits = (root for root in roots if any(_takes(patterns, root, name) for name in names))
    return next(hits, "")


def _takes(patterns: Sequence[str], root: str, name: str) -> bool:
    return name.startswith(root) and matches(patterns, name[len(root) :])


def _read_all(archive: zipfile.ZipFile, taken: Mapping[str, zipfile.ZipInfo]) -> dict[str, bytes]:
    for name, info in taken.items():
        _check_taken(name, info)
    if sum(info.file_size for info in taken.values()) > TOTAL_BYTES:
        raise Refused(TOO_LARGE)
    check_folders(taken)
    budget = Budget()
    return {name: _read(archive, info, name, budget) for name, info in taken.items()}


def _check_taken(name: str, info: zipfile.ZipInfo) -> None:
    check_length(name)
    check_size(name, info.file_size)
    if not name.isascii() and _name(info) is None:
        raise Refused(f"zip entry {shown(name)} has a name that is not UTF-8; rename it")
    if info.compress_type not in _METHODS:
        raise Refused(f"zip entry {shown(name)} is packed in an unusual way; zip the folder again")


def _read(archive: zipfile.ZipFile, info: zipfile.ZipInfo, name: str, budget: Budget) -> bytes:
    # Sizes in a zip are claims: the budget counts what really comes out.
    with archive.open(info) as file:
        return budget.read(name, file.read)
