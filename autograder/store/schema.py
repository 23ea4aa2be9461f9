"""The tables. All are append-only: no statement of ours updates or deletes a row."""

from sqlalchemy import Double, ForeignKey, Index, LargeBinary, Text, UniqueConstraint
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column


class Base(DeclarativeBase):
    """What the tables have in common. Every `str` is TEXT, so no length can be exceeded."""

    type_annotation_map = {  # noqa: RUF012 - SQLAlchemy's own name
        str: Text(),
        bytes: LargeBinary(),
        float: Double(),
    }


class AttemptRow(Base):
    """One hand-in of one student for one lab."""

    __tablename__ = "attempts"
    __table_args__ = (UniqueConstraint("lab", "student", "number", name="uq_attempts_number"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    lab: Mapped[str]
    student: Mapped[str]
    number: Mapped[int]
    group: Mapped[str | None] = mapped_column("group_name")  # `group` is a word of SQL
    source: Mapped[str]
    submitted_at: Mapped[str]  # ISO 8601 with the offset it came with
    submitted_utc: Mapped[str]  # the same instant, of one width: sorts as text
    assumed: Mapped[bool]
    digest: Mapped[str]
    rejected: Mapped[str | None]
    recorded_at: Mapped[str]  # ISO 8601, UTC


class ResultRow(Base):
    """One judging of one digest."""

    __tablename__ = "results"
    __table_args__ = (Index("ix_results_lab_digest", "lab", "digest"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    lab: Mapped[str]
    digest: Mapped[str]
    lab_digest: Mapped[str]
    seed_epoch: Mapped[str]
    sandbox: Mapped[str]
    device: Mapped[str]
    status: Mapped[str]
    score: Mapped[float]
    created_at: Mapped[str]  # ISO 8601, UTC
    document: Mapped[str]  # the whole Result as JSON


class BlobRow(Base):
    """The content of a handed-in file; the same content is kept once."""

    __tablename__ = "blobs"

    sha256: Mapped[str] = mapped_column(primary_key=True)  # hexadecimal, of the content
    size: Mapped[int]  # bytes of the content
    data: Mapped[bytes]  # the content, compressed with zlib


class FileRow(Base):
    """A file of a digest: which name has which content."""

    __tablename__ = "files"

    digest: Mapped[str] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(primary_key=True)
    sha256: Mapped[str] = mapped_column(ForeignKey("blobs.sha256", name="fk_files_blob"))
