"""Notices on the way out, what each clearing let go, sessions bound to their browser"""

import sqlalchemy as sa
from alembic import op

revision = "notices1"
down_revision = "sealed1"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "outbox",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=16), nullable=False),
        sa.Column("channel", sa.String(length=16), nullable=False),
        sa.Column("record_id", sa.Integer(), nullable=True),
        sa.Column("conversation_id", sa.Integer(), nullable=True),
        sa.Column("at", sa.DateTime(), nullable=False),
        sa.Column("next_at", sa.DateTime(), nullable=False),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.Column("sent_at", sa.DateTime(), nullable=True),
        sa.Column("given_up_at", sa.DateTime(), nullable=True),
        sa.Column("trouble", sa.String(length=64), nullable=True),
        sa.ForeignKeyConstraint(
            ["conversation_id"],
            ["conversations.id"],
            name=op.f("fk_outbox_conversation_id_conversations"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["record_id"], ["records.id"], name=op.f("fk_outbox_record_id_records"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_outbox")),
        sa.UniqueConstraint("record_id", "kind", "channel", name=op.f("uq_outbox_record_id_kind_channel")),
        sa.UniqueConstraint("conversation_id", "kind", "channel", name=op.f("uq_outbox_conversation_id_kind_channel")),
    )
    op.create_index("ix_outbox_next", "outbox", ["sent_at", "given_up_at", "next_at"])
    op.create_table(
        "sweeps",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(), nullable=False),
        sa.Column("by", sa.String(length=8), nullable=False),
        sa.Column("unfiled_talks", sa.Integer(), nullable=False),
        sa.Column("filed_talks", sa.Integer(), nullable=False),
        sa.Column("records", sa.Integer(), nullable=False),
        sa.Column("notes", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sweeps")),
    )
    op.add_column("staff_sessions", sa.Column("browser_hash", sa.String(length=64), nullable=True))


def downgrade() -> None:
    op.drop_column("staff_sessions", "browser_hash")
    op.drop_table("sweeps")
    op.drop_table("outbox")
