"""A lab to hand in for, and zips to hand in."""

import struct
import zipfile
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from pathlib import Path

from autograder.inbox import collect
from autograder.model import Attempt, Lab, Limits

NOW = datetime(2025, 10, 16, 12, tzinfo=UTC)
OPS = b"print('ops')\n"


def lab(*files: str) -> Lab:
    nowhere = Path("nowhere")
    return Lab(
        id="lab1",
        title="A lab",
        lectures=(),
        files=files or ("autograd/*.py", "lab1.ipynb"),
        required=(),
        packages=(),
        limits=Limits(),
        exercises=(),
        tests=(),
        path=nowhere,
        solution=nowhere,
        starter=nowhere,
        digest="sha256:lab",
    )


LAB = lab()


def only(path: Path, of: Lab = LAB) -> Attempt:
    """The one attempt that `path` is."""
    (attempt,) = collect(of, [path], now=NOW)
    return attempt


def reason(path: Path, of: Lab = LAB) -> str:
    """Why the one attempt at `path` is rejected."""
    attempt = only(path, of)
    assert attempt.rejected is not None
    assert attempt.files == {}
    return attempt.rejected


def write(folder: Path, files: Mapping[str, bytes]) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    for name, data in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)
    return folder


def zipped(path: Path, entries: Iterable[tuple[str | zipfile.ZipInfo, bytes]]) -> Path:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in entries:
            archive.writestr(name, data)
    return path


def renamed(path: Path, old: bytes, new: bytes) -> Path:
    """Replace a name inside a zip by one that zipfile would not write."""
    assert len(old) == len(new)
    data = path.read_bytes()
    assert data.count(old) == 2
    path.write_bytes(data.replace(old, new))
    return path


def lying_about_size(path: Path, size: int) -> Path:
    """Claim, in both headers of a zip's only entry, that it unpacks to `size` bytes."""
    data = bytearray(path.read_bytes())
    for magic, offset in ((b"PK\x03\x04", 22), (b"PK\x01\x02", 24)):
        struct.pack_into("<L", data, data.index(magic) + offset, size)
    path.write_bytes(data)
    return path
