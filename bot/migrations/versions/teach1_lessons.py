"""What trainers propose and decide"""

import sqlalchemy as sa
from alembic import op

revision = "teach1"
down_revision = "tallies1"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "lessons",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=16), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("label", sa.String(length=80), nullable=False),
        sa.Column("old_text", sa.Text(), nullable=True),
        sa.Column("old_label", sa.String(length=80), nullable=True),
        sa.Column("example", sa.String(length=32), nullable=True),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("author_id", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(), nullable=False),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("decider_id", sa.Integer(), nullable=True),
        sa.Column("decided_at", sa.DateTime(), nullable=True),
        sa.Column("answer", sa.Text(), nullable=True),
        sa.Column("other_label", sa.String(length=80), nullable=True),
        sa.Column("patches", sa.JSON(), nullable=True),
        sa.Column("conversation_id", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["author_id"], ["accounts.id"], name=op.f("fk_lessons_author_id_accounts")),
        sa.ForeignKeyConstraint(["decider_id"], ["accounts.id"], name=op.f("fk_lessons_decider_id_accounts")),
        sa.ForeignKeyConstraint(
            ["conversation_id"],
            ["conversations.id"],
            name=op.f("fk_lessons_conversation_id_conversations"),
            ondelete="SET NULL",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_lessons")),
    )
    op.create_index("ix_lessons_conversation_id", "lessons", ["conversation_id"])
    op.create_index("ix_lessons_state", "lessons", ["state", "decided_at", "id"])


def downgrade() -> None:
    op.drop_table("lessons")
