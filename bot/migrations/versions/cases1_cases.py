"""Cases, who saw them, and the search index of words"""

import sqlalchemy as sa
from alembic import op

revision = "cases1"
down_revision = "0002_rights"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "cases",
        sa.Column("record_id", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("status", sa.String(length=16), nullable=False),
        sa.Column("mediator_id", sa.Integer(), nullable=True),
        sa.Column("filed_at", sa.DateTime(), nullable=False),
        sa.Column("active_at", sa.DateTime(), nullable=False),
        sa.Column("waiting_since", sa.DateTime(), nullable=True),
        sa.Column("due_at", sa.DateTime(), nullable=False),
        sa.Column("type", sa.String(length=32), nullable=False),
        sa.Column("subtype", sa.String(length=32), nullable=True),
        sa.Column("colour", sa.String(length=8), nullable=False),
        sa.Column("body_id", sa.String(length=64), nullable=True),
        sa.Column("area", sa.Text(), nullable=False),
        sa.Column("groups", sa.String(length=120), nullable=False),
        sa.Column("line", sa.JSON(), nullable=False),
        sa.Column("overlooked", sa.JSON(), nullable=True),
        sa.ForeignKeyConstraint(
            ["mediator_id"], ["accounts.id"], name=op.f("fk_cases_mediator_id_accounts"), ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(
            ["record_id"], ["records.id"], name=op.f("fk_cases_record_id_records"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("record_id", name=op.f("pk_cases")),
    )
    op.create_index("ix_cases_newest", "cases", ["active_at", "record_id"])
    op.create_index("ix_cases_body_newest", "cases", ["body_id", "active_at", "record_id"])
    op.create_index("ix_cases_waiting", "cases", ["colour", "waiting_since"])
    op.create_table(
        "sights",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("record_id", sa.Integer(), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column("act", sa.String(length=16), nullable=False),
        sa.Column("at", sa.DateTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["account_id"], ["accounts.id"], name=op.f("fk_sights_account_id_accounts"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["record_id"], ["records.id"], name=op.f("fk_sights_record_id_records"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sights")),
    )
    op.create_index(op.f("ix_sights_record_id"), "sights", ["record_id"])
    with op.batch_alter_table("acts", schema=None) as batch_op:
        batch_op.add_column(sa.Column("account_id", sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column("change", sa.JSON(), nullable=True))
        batch_op.create_foreign_key(
            batch_op.f("fk_acts_account_id_accounts"), "accounts", ["account_id"], ["id"], ondelete="SET NULL"
        )
    # The search index: two neighbouring characters are one term (bot/store_cases.py says why).
    if op.get_bind().dialect.name == "sqlite":
        op.execute("CREATE VIRTUAL TABLE case_words USING fts5(words, tokenize='unicode61 remove_diacritics 0')")
    else:
        op.execute(
            "CREATE TABLE case_words (record_id INTEGER PRIMARY KEY REFERENCES records(id) ON DELETE CASCADE,"
            " words TSVECTOR NOT NULL)"
        )
        op.execute("CREATE INDEX ix_case_words_words ON case_words USING gin(words)")


def downgrade() -> None:
    op.execute("DROP TABLE case_words")
    with op.batch_alter_table("acts", schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f("fk_acts_account_id_accounts"), type_="foreignkey")
        batch_op.drop_column("change")
        batch_op.drop_column("account_id")
    op.drop_table("sights")
    op.drop_table("cases")
