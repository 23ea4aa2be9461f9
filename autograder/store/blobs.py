"""Handed-in files: each content is kept once, under its own hash."""

import hashlib
import zlib
from collections.abc import Mapping

from sqlalchemy import select
from sqlalchemy.orm import Session

from autograder.errors import StoreError
from autograder.model import digest_of
from autograder.store.schema import BlobRow, FileRow


def save_files(session: Session, digest: str, files: Mapping[str, bytes]) -> None:
    """Keep `files` under `digest`, unless they are there already."""
    if session.scalar(select(FileRow.digest).where(FileRow.digest == digest).limit(1)):
        return
    contents = {hashlib.sha256(data).hexdigest(): data for data in files.values()}
    known = set(session.scalars(select(BlobRow.sha256).where(BlobRow.sha256.in_(contents))))
    # In one order for all programs, so that two of them cannot wait for each other.
    for name in sorted(set(contents) - known):
        session.add(BlobRow(sha256=name, size=len(contents[name]), data=_packed(contents[name])))
    session.flush()
    for name in sorted(files):
        sha256 = hashlib.sha256(files[name]).hexdigest()
        session.add(FileRow(digest=digest, name=name, sha256=sha256))


def load_files(session: Session, digest: str) -> dict[str, bytes]:
    """Return the files of `digest`.

    Raises:
        StoreError: there are none, or they are not what was stored.
    """
    query = (
        select(FileRow.name, BlobRow.data)
        .join(BlobRow, BlobRow.sha256 == FileRow.sha256)
        .where(FileRow.digest == digest)
    )
    try:
        files = {name: zlib.decompress(data) for name, data in session.execute(query)}
    except zlib.error:
        raise StoreError(f"the files of {digest} are damaged in the store") from None
    if digest_of(files) != digest:
        problem = "are damaged in the store" if files else "are not in the store"
        raise StoreError(f"the files of {digest} {problem}; grade the submission again")
    return dict(sorted(files.items()))


def _packed(data: bytes) -> bytes:
    return zlib.compress(data)
