"""The index that lists are filtered by holds the day of filing and the sessions too"""

from alembic import op
from sqlalchemy import text

revision = "filters2"
down_revision = "releases1"
branch_labels = None
depends_on = None

BEFORE = (
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
)


def upgrade() -> None:
    _index((*BEFORE, "filed_at"))
    op.create_index("ix_cases_session", "cases", ["session_at"])


def downgrade() -> None:
    op.drop_index("ix_cases_session", "cases")
    _index(BEFORE)


def _index(columns: tuple[str, ...]) -> None:
    op.drop_index("ix_cases_filters", "cases")
    area = "area text_pattern_ops" if op.get_bind().dialect.name == "postgresql" else "area"
    op.create_index("ix_cases_filters", "cases", [text(area), *columns])
