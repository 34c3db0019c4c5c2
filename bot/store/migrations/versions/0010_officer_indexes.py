"""What an officer has in hand, and when something was offered to them last, through an index"""

from alembic import op

revision = "0010"
down_revision = "0009"


def upgrade() -> None:
    op.drop_index("ix_offers_officer", "offers")
    op.create_index("ix_offers_officer", "offers", ["officer_id", "at"])
    op.create_index("ix_dossiers_officer", "dossiers", ["officer_id", "status"])
