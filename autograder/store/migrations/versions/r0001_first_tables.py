"""The first tables: attempts, results, blobs, files."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None


def upgrade() -> None:
    """Create them."""
    op.create_table(
        "attempts",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("lab", sa.Text, nullable=False),
        sa.Column("student", sa.Text, nullable=False),
        sa.Column("number", sa.Integer, nullable=False),
        sa.Column("group_name", sa.Text),
        sa.Column("source", sa.Text, nullable=False),
        sa.Column("submitted_at", sa.Text, nullable=False),
        sa.Column("submitted_utc", sa.Text, nullable=False),
        sa.Column("assumed", sa.Boolean, nullable=False),
        sa.Column("digest", sa.Text, nullable=False),
        sa.Column("rejected", sa.Text),
        sa.Column("recorded_at", sa.Text, nullable=False),
        sa.UniqueConstraint("lab", "student", "number", name="uq_attempts_number"),
    )
    op.create_table(
        "results",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("lab", sa.Text, nullable=False),
        sa.Column("digest", sa.Text, nullable=False),
        sa.Column("lab_digest", sa.Text, nullable=False),
        sa.Column("seed_epoch", sa.Text, nullable=False),
        sa.Column("sandbox", sa.Text, nullable=False),
        sa.Column("device", sa.Text, nullable=False),
        sa.Column("status", sa.Text, nullable=False),
        sa.Column("score", sa.Double, nullable=False),
        sa.Column("created_at", sa.Text, nullable=False),
        sa.Column("document", sa.Text, nullable=False),
    )
    op.create_index("ix_results_lab_digest", "results", ["lab", "digest"])
    op.create_table(
        "blobs",
        sa.Column("sha256", sa.Text, primary_key=True),
        sa.Column("size", sa.Integer, nullable=False),
        sa.Column("data", sa.LargeBinary, nullable=False),
    )
    op.create_table(
        "files",
        sa.Column("digest", sa.Text, primary_key=True),
        sa.Column("name", sa.Text, primary_key=True),
        sa.Column(
            "sha256",
            sa.Text,
            sa.ForeignKey("blobs.sha256", name="fk_files_blob"),
            nullable=False,
        ),
    )
