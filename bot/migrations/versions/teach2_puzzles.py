"""The turns from which the desk may learn"""

import sqlalchemy as sa
from alembic import op

revision = "teach2"
down_revision = "teach1"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "puzzles",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("conversation_id", sa.Integer(), nullable=False),
        sa.Column("turn", sa.Integer(), nullable=False),
        sa.Column("why", sa.String(length=16), nullable=False),
        sa.Column("guess", sa.String(length=80), nullable=True),
        sa.Column("confidence", sa.Float(), nullable=True),
        sa.Column("settled", sa.String(length=80), nullable=True),
        sa.Column("at", sa.DateTime(), nullable=False),
        sa.Column("weight", sa.Float(), nullable=False),
        sa.Column("group_id", sa.Integer(), nullable=True),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.ForeignKeyConstraint(
            ["conversation_id"],
            ["conversations.id"],
            name=op.f("fk_puzzles_conversation_id_conversations"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_puzzles")),
        sa.UniqueConstraint("conversation_id", "turn", name=op.f("uq_puzzles_conversation_id_turn")),
    )
    op.create_index("ix_puzzles_group", "puzzles", ["group_id", "state", "weight", "id"])
    op.create_index("ix_puzzles_unsorted", "puzzles", ["state", "group_id", "id"])
    op.create_table(
        "puzzle_groups",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("many", sa.Integer(), nullable=False),
        sa.Column("weight", sa.Float(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_puzzle_groups")),
    )
    op.create_index("ix_puzzle_groups_weight", "puzzle_groups", ["weight", "id"])


def downgrade() -> None:
    op.drop_table("puzzle_groups")
    op.drop_table("puzzles")
