"""Calls for a person, and who has the floor"""

import sqlalchemy as sa
from alembic import op

revision = "calls1"
down_revision = "cases1"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "calls",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("conversation_id", sa.Integer(), nullable=False),
        sa.Column("open_for", sa.Integer(), nullable=True),
        sa.Column("why", sa.String(length=16), nullable=False),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("at", sa.DateTime(), nullable=False),
        sa.Column("body_id", sa.String(length=64), nullable=True),
        sa.Column("area", sa.Text(), nullable=False),
        sa.Column("taken_by", sa.Integer(), nullable=True),
        sa.Column("taken_at", sa.DateTime(), nullable=True),
        sa.Column("seen_at", sa.DateTime(), nullable=True),
        sa.Column("ended_at", sa.DateTime(), nullable=True),
        sa.ForeignKeyConstraint(
            ["conversation_id"],
            ["conversations.id"],
            name=op.f("fk_calls_conversation_id_conversations"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["taken_by"], ["accounts.id"], name=op.f("fk_calls_taken_by_accounts"), ondelete="SET NULL"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_calls")),
        sa.UniqueConstraint("open_for", name=op.f("uq_calls_open_for")),
    )
    op.create_index(op.f("ix_calls_conversation_id"), "calls", ["conversation_id"])
    op.create_index(
        "ix_cases_filters",
        "cases",
        [
            "area",
            "active_at",
            "record_id",
            "body_id",
            "status",
            "colour",
            "type",
            "waiting_since",
            "due_at",
            "mediator_id",
            "groups",
        ],
    )


def downgrade() -> None:
    op.drop_index("ix_cases_filters", "cases")
    op.drop_table("calls")
