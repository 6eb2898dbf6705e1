"""The store's part on who asked to see a case uncovered, and why. Called by `casework` through the store."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import select

from bot.database import Database
from bot.tables import acts, cases

UNMASK = "unmask"


class UnmaskRows(Database):
    """An act of its own in the history of a case, that neither moves the case nor makes an open page stale."""

    def unmask(self, case: int, account: int, who: str, why: str, at: datetime) -> None:
        """Note that somebody asked to see a case uncovered."""
        with self._writing() as connection:
            status = connection.execute(select(cases.c.status).where(cases.c.record_id == case)).scalar_one()
            kept = {"record_id": case, "account_id": account, "who": who, "act": UNMASK, "why": why, "at": at}
            connection.execute(acts.insert().values(**kept, status=status))

    def unmasked(self, case: int, account: int, since: datetime) -> bool:
        """Whether she asked so since a time."""
        mine = (acts.c.record_id == case, acts.c.account_id == account, acts.c.act == UNMASK, acts.c.at >= since)
        with self._reading() as connection:
            return connection.execute(select(acts.c.id).where(*mine).limit(1)).first() is not None
