"""Appointments at the counters, and how satisfied residents are"""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"

_ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.create_table(
        "half_hours",
        sa.Column("counter", sa.String(length=40), nullable=False),
        sa.Column("starts_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("counter", "starts_at", name=op.f("pk_half_hours")),
    )
    op.create_table(
        "appointments",
        sa.Column("id", _ID, nullable=False),
        sa.Column("dossier_id", _ID, nullable=False),
        sa.Column("counter", sa.String(length=40), nullable=False),
        sa.Column("starts_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("state", sa.String(length=10), server_default="booked", nullable=False),
        sa.Column("booked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("settled_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("officer_id", _ID, nullable=True),
        sa.ForeignKeyConstraint(["dossier_id"], ["dossiers.id"], name=op.f("fk_appointments_dossier_id")),
        sa.ForeignKeyConstraint(["officer_id"], ["officers.id"], name=op.f("fk_appointments_officer_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_appointments")),
    )
    op.create_index("ix_appointments_half_hour", "appointments", ["counter", "starts_at"])
    op.create_index("ix_appointments_dossier", "appointments", ["dossier_id", "id"])
    booked = sa.text("state = 'booked'")
    op.create_index(
        "ix_appointments_booked",
        "appointments",
        ["dossier_id"],
        unique=True,
        sqlite_where=booked,
        postgresql_where=booked,
    )
    op.create_index(
        "ix_appointments_coming",
        "appointments",
        ["starts_at"],
        sqlite_where=booked,
        postgresql_where=booked,
    )
    op.create_table(
        "ratings",
        sa.Column("dossier_id", _ID, nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("score", sa.Integer(), nullable=True),
        sa.Column("why", sa.Text(), server_default="", nullable=False),
        sa.Column("call", sa.Boolean(), server_default="0", nullable=False),
        sa.Column("rated_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["dossier_id"], ["dossiers.id"], name=op.f("fk_ratings_dossier_id")),
        sa.PrimaryKeyConstraint("dossier_id", name=op.f("pk_ratings")),
    )
