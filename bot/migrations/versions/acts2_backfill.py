"""What cases from before there were ends and answers have of them"""

from alembic import op

revision = "acts2"
down_revision = "acts1"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute(
        "INSERT INTO case_ends (record_id, name, label, at) "
        "SELECT record_id, 'due', '办结', due_at FROM cases WHERE status IN ('filed', 'accepted') "
        "AND record_id NOT IN (SELECT record_id FROM case_ends)"
    )
    first = "(SELECT min(acts.at) FROM acts WHERE acts.record_id = cases.record_id AND acts.act = 'accept')"
    op.execute(f"UPDATE cases SET accepted_at = {first}, answered_at = {first} WHERE accepted_at IS NULL")


def downgrade() -> None:
    """The columns go with the revision before."""
