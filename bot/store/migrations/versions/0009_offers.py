"""What officers work on, and to whom a new dossier is offered"""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"

_ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.create_table(
        "duties",
        sa.Column("officer_id", _ID, nullable=False),
        sa.Column("fields", sa.Text(), server_default="[]", nullable=False),
        sa.Column("head", sa.Boolean(), server_default="0", nullable=False),
        sa.ForeignKeyConstraint(["officer_id"], ["officers.id"], name=op.f("fk_duties_officer_id")),
        sa.PrimaryKeyConstraint("officer_id", name=op.f("pk_duties")),
    )
    op.create_table(
        "offers",
        sa.Column("dossier_id", _ID, nullable=False),
        sa.Column("number", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("officer_id", _ID, nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["dossier_id"], ["dossiers.id"], name=op.f("fk_offers_dossier_id")),
        sa.ForeignKeyConstraint(["officer_id"], ["officers.id"], name=op.f("fk_offers_officer_id")),
        sa.PrimaryKeyConstraint("dossier_id", "number", name=op.f("pk_offers")),
    )
    op.create_index("ix_offers_officer", "offers", ["officer_id"])
