"""Messages that were not understood"""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    op.create_table(
        "unclear",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("key", sa.String(length=64), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("intent", sa.String(length=60), nullable=False),
        sa.Column("confidence", sa.Float(), nullable=False),
        sa.Column("procedure", sa.String(length=60), server_default="", nullable=False),
        sa.Column("source", sa.String(length=20), nullable=False),
        sa.Column("times", sa.Integer(), server_default="1", nullable=False),
        sa.Column("first_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("last_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("state", sa.String(length=10), server_default="open", nullable=False),
        sa.Column("label_intent", sa.String(length=60), server_default="", nullable=False),
        sa.Column("label_procedure", sa.String(length=60), server_default="", nullable=False),
        sa.Column("officer_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("settled_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["officer_id"], ["officers.id"], name=op.f("fk_unclear_officer_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_unclear")),
        sa.UniqueConstraint("key", name=op.f("uq_unclear_key")),
    )
    op.create_index("ix_unclear_open", "unclear", ["state", "times", "last_at"])
    op.create_index("ix_unclear_settled", "unclear", ["state", "settled_at"])
