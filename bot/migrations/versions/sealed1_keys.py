"""Sealed columns: a phone and a secret get room for their seal; the search index is made anew, under the key"""

import sqlalchemy as sa
from alembic import op

revision = "sealed1"
down_revision = "matters1"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "key_marks",
        sa.Column("name", sa.String(length=8), nullable=False),
        sa.Column("made_at", sa.DateTime(), nullable=False),
        sa.Column("to_index", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_key_marks")),
    )
    # `accounts` has rows that hang on it: a column is added and dropped, the table never made anew (SQLite would
    # delete those rows with it).
    op.add_column("accounts", sa.Column("second_factor", sa.Text(), nullable=True))
    op.execute("UPDATE accounts SET second_factor = totp_secret")
    op.drop_column("accounts", "totp_secret")
    with op.batch_alter_table("parties", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_parties_phone"))
        batch_op.alter_column("phone", existing_type=sa.String(length=32), type_=sa.Text(), existing_nullable=True)
    # Terms in plain words go now; `store_keys` writes them anew under the key.
    op.execute("DELETE FROM case_words")
    if op.get_bind().dialect.name == "sqlite":
        op.execute("INSERT INTO case_words(case_words) VALUES ('optimize')")


def downgrade() -> None:
    with op.batch_alter_table("parties", schema=None) as batch_op:
        batch_op.alter_column("phone", existing_type=sa.Text(), type_=sa.String(length=32), existing_nullable=True)
        batch_op.create_index(batch_op.f("ix_parties_phone"), ["phone"])
    op.add_column("accounts", sa.Column("totp_secret", sa.String(length=64), nullable=True))
    op.execute("UPDATE accounts SET totp_secret = second_factor")
    op.drop_column("accounts", "second_factor")
    op.drop_table("key_marks")
