"""Two matters of one talk are linked"""

from alembic import op
import sqlalchemy as sa


revision = "matters1"
down_revision = "calls1"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("records", schema=None) as batch_op:
        batch_op.add_column(sa.Column("follows", sa.String(length=32), nullable=True))
        batch_op.create_index(batch_op.f("ix_records_follows"), ["follows"], unique=False)


def downgrade() -> None:
    with op.batch_alter_table("records", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_records_follows"))
        batch_op.drop_column("follows")
