"""On PostgreSQL the index of the filters serves paths by their beginning"""

from alembic import op

revision = "filters1"
down_revision = "notices1"
branch_labels = None
depends_on = None

REST = "active_at, record_id, body_id, status, colour, type, waiting_since, due_at, mediator_id, groups"


def _anew(area: str) -> None:
    if op.get_bind().dialect.name == "postgresql":
        op.execute("DROP INDEX ix_cases_filters")
        op.execute(f"CREATE INDEX ix_cases_filters ON cases ({area}, {REST})")


def upgrade() -> None:
    _anew("area text_pattern_ops")


def downgrade() -> None:
    _anew("area")
