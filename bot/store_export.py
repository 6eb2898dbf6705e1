"""The store's part on lists that leave the house: records and acts of many cases at a time. Called by `bot.export`."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from typing import Any

from sqlalchemy import select

from bot.database import Database, drawn
from bot.filed import composed
from bot.intake.course import Done
from bot.tables import acts, records


class ExportRows(Database):
    """Records with their acts."""

    def with_acts(self, ids: Sequence[int]) -> dict[int, tuple[dict[str, Any], list[Done]]]:
        """Documents as they stand now and the acts on them, oldest first, by case. Erased records are left out."""
        history: dict[int, list[Done]] = defaultdict(list)
        with self._reading() as connection:
            rows = connection.execute(select(records).where(records.c.id.in_(ids)).order_by(records.c.id)).all()
            documents = composed(connection, rows)
            done = select(acts).where(acts.c.record_id.in_(ids)).order_by(acts.c.id)
            for row in connection.execute(done):
                history[row.record_id].append(drawn(Done, row))
        numbers = {row.receipt: row.id for row in rows}
        return {numbers[d["receipt"]]: (d, history[numbers[d["receipt"]]]) for d in documents}
