"""Deadlines that stand still and are reminded of, new due times, what an officer wants again"""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"


def upgrade() -> None:
    op.add_column("dossiers", sa.Column("paused_at", sa.DateTime(timezone=True), nullable=True))
    op.add_column("dossiers", sa.Column("reminded", sa.String(10), server_default="", nullable=False))
    op.create_index("ix_dossiers_due", "dossiers", ["status", "due_at"])
    op.add_column("dossier_files", sa.Column("replaced_at", sa.DateTime(timezone=True), nullable=True))
    op.add_column("moves", sa.Column("due_at", sa.DateTime(timezone=True), nullable=True))
    op.add_column("moves", sa.Column("wanted", sa.Text(), server_default="[]", nullable=False))
