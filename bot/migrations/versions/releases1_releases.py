"""Releases of the model"""

import sqlalchemy as sa
from alembic import op

revision = "releases1"
down_revision = "teach2"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "releases",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("folder", sa.String(length=64), nullable=False),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("author_id", sa.Integer(), nullable=True),
        sa.Column("begun_at", sa.DateTime(), nullable=False),
        sa.Column("ended_at", sa.DateTime(), nullable=True),
        sa.Column("crossed", sa.Boolean(), nullable=False),
        sa.Column("sources", sa.String(length=64), nullable=False),
        sa.Column("lessons", sa.Integer(), nullable=False),
        sa.Column("proposers", sa.JSON(), nullable=False),
        sa.Column("version", sa.String(length=32), nullable=True),
        sa.Column("base", sa.String(length=64), nullable=True),
        sa.Column("trouble", sa.String(length=400), nullable=True),
        sa.Column("figures", sa.JSON(), nullable=True),
        sa.Column("publisher_id", sa.Integer(), nullable=True),
        sa.Column("published_at", sa.DateTime(), nullable=True),
        sa.ForeignKeyConstraint(["author_id"], ["accounts.id"], name=op.f("fk_releases_author_id_accounts")),
        sa.ForeignKeyConstraint(["publisher_id"], ["accounts.id"], name=op.f("fk_releases_publisher_id_accounts")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_releases")),
        sa.UniqueConstraint("folder", name=op.f("uq_releases_folder")),
    )
    op.create_index("ix_releases_state", "releases", ["state", "id"])
    op.create_table(
        "release_acts",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("release_id", sa.Integer(), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=True),
        sa.Column("at", sa.DateTime(), nullable=False),
        sa.Column("act", sa.String(length=16), nullable=False),
        sa.Column("why", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(
            ["release_id"], ["releases.id"], name=op.f("fk_release_acts_release_id_releases"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["account_id"], ["accounts.id"], name=op.f("fk_release_acts_account_id_accounts")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_release_acts")),
    )
    op.create_index("ix_release_acts_release_id", "release_acts", ["release_id"])


def downgrade() -> None:
    op.drop_table("release_acts")
    op.drop_table("releases")
