"""What each case adds to the statistics, and the sums"""

from datetime import datetime

import sqlalchemy as sa
from alembic import op

revision = "tallies1"
down_revision = "acts2"
branch_labels = None
depends_on = None

MEASURES = (
    "filed",
    "accepted",
    "refused",
    "withdrawn",
    "agreed",
    "failed",
    "ended",
    "performed",
    "reneged",
    "confirmed",
    "answered",
    "prompt",
    "minutes",
    "disputed_fen",
    "agreed_fen",
    "paid_fen",
    "people",
)


def measures():
    return [sa.Column(name, sa.BigInteger(), nullable=False) for name in MEASURES]


def upgrade() -> None:
    op.create_table(
        "tallies",
        sa.Column("record_id", sa.Integer(), nullable=False),
        sa.Column("month", sa.String(length=7), nullable=False),
        sa.Column("type", sa.String(length=32), nullable=False),
        sa.Column("level", sa.String(length=8), nullable=False),
        sa.Column("area", sa.String(length=300), nullable=False),
        sa.Column("body_id", sa.String(length=64), nullable=True),
        *measures(),
        sa.ForeignKeyConstraint(
            ["record_id"], ["records.id"], name=op.f("fk_tallies_record_id_records"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("record_id", name=op.f("pk_tallies")),
    )
    op.create_index("ix_tallies_month", "tallies", ["month", "record_id"])
    op.create_index("ix_tallies_body", "tallies", ["body_id", "month", "record_id"])
    op.create_table(
        "tally_sums",
        sa.Column("place", sa.String(length=300), nullable=False),
        sa.Column("above", sa.String(length=300), nullable=False),
        sa.Column("month", sa.String(length=7), nullable=False),
        sa.Column("type", sa.String(length=32), nullable=False),
        sa.Column("level", sa.String(length=8), nullable=False),
        *measures(),
        sa.PrimaryKeyConstraint("place", "above", "month", "type", "level", name=op.f("pk_tally_sums")),
    )
    op.create_index("ix_tally_sums_above", "tally_sums", ["above", "month"])
    marks = op.create_table(
        "tally_marks",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(), nullable=False),
        sa.Column("turns", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_tally_marks")),
    )
    op.bulk_insert(marks, [{"id": 1, "at": datetime(2000, 1, 1), "turns": 0}])


def downgrade() -> None:
    op.drop_table("tally_marks")
    op.drop_table("tally_sums")
    op.drop_table("tallies")
