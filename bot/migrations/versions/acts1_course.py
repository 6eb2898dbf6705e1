"""Acts with particulars, what ends in a case, saved views, canned replies"""

import sqlalchemy as sa
from alembic import op

revision = "acts1"
down_revision = "filters1"
branch_labels = None
depends_on = None

COLUMNS = (
    ("accepted_at", sa.DateTime()),
    ("answered_at", sa.DateTime()),
    ("pending", sa.JSON()),
    ("session_at", sa.DateTime()),
    ("outcome", sa.String(length=16)),
    ("outcome_at", sa.DateTime()),
    ("agreed_amount", sa.Float()),
    ("performance", sa.String(length=16)),
    ("confirmation", sa.String(length=16)),
    ("visited_at", sa.DateTime()),
    ("satisfied", sa.String(length=16)),
)


def upgrade() -> None:
    op.add_column("acts", sa.Column("particulars", sa.JSON(), nullable=True))
    for name, kind in COLUMNS:
        op.add_column("cases", sa.Column(name, kind, nullable=True))
    op.create_table(
        "case_ends",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("record_id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=32), nullable=False),
        sa.Column("label", sa.String(length=80), nullable=False),
        sa.Column("at", sa.DateTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["record_id"], ["records.id"], name=op.f("fk_case_ends_record_id_records"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_case_ends")),
    )
    op.create_index(op.f("ix_case_ends_record_id"), "case_ends", ["record_id"])
    op.create_index("ix_case_ends_at", "case_ends", ["at", "record_id"])
    op.create_table(
        "saved_views",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=40), nullable=False),
        sa.Column("query", sa.String(length=300), nullable=False),
        sa.ForeignKeyConstraint(
            ["account_id"], ["accounts.id"], name=op.f("fk_saved_views_account_id_accounts"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_saved_views")),
        sa.UniqueConstraint("account_id", "name", name=op.f("uq_saved_views_account_id_name")),
    )
    op.create_index(op.f("ix_saved_views_account_id"), "saved_views", ["account_id"])
    op.create_table(
        "canned_replies",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("owner", sa.String(length=200), nullable=False),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("by", sa.String(length=64), nullable=False),
        sa.Column("at", sa.DateTime(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_canned_replies")),
    )
    op.create_index(op.f("ix_canned_replies_owner"), "canned_replies", ["owner"])


def downgrade() -> None:
    for name in ("canned_replies", "saved_views", "case_ends"):
        op.drop_table(name)
    with op.batch_alter_table("cases") as batch_op:
        for name, _ in COLUMNS:
            batch_op.drop_column(name)
    with op.batch_alter_table("acts") as batch_op:
        batch_op.drop_column("particulars")
