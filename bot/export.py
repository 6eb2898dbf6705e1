"""The queue as a table that leaves the house, covered by role, row by row however long it is.

Hides the pages in which it is read. What a person asked to be stored and not used does not leave. Part of the desk,
reached as `desk.export`; called by the console's page.
"""

from __future__ import annotations

import logging
from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime
from typing import Any

from bot.intake.course import course
from bot.intake.masks import Veil
from bot.intake.ministry import SHEETS, Told
from bot.permissions import covered
from bot.store import Store
from bot.store_queue import Wanted
from bot.store_staff import Account

BATCH = 200
log = logging.getLogger("fenzhen.export")


class Export:
    """Lists over a store. Thread-safe."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def rows(self, account: Account, wanted: Wanted, sheet: str) -> Iterator[list[Any]]:
        """The heading and a row for each case of the list, newest activity first. `sheet` is a key of SHEETS.

        Cases that move while the list is read may stand in it twice or not at all; nothing is held meanwhile.
        """
        _, columns = SHEETS[sheet]
        yield list(columns)
        after: tuple[datetime, int] | None = None
        written = 0
        while True:
            cases = self._store.queue(account.scope, wanted, BATCH, after)
            told = self._store.with_acts([case.id for case in cases]) if cases else {}
            for case in cases:
                document, history = told.get(case.id, (None, []))
                if document is None or document["restricted"]:
                    continue
                # A list for many eyes: what somebody uncovered for a reason on a page stays covered here.
                veil = Veil.of(document, covered(account.role, case.colour, case.mediator_id == account.id))
                done = course(replace(act, why=None) for act in history)
                row = Told(
                    document=veil.over_all(document),
                    done=veil.over_all(done),
                    mediator=case.mediator,
                    status=case.status,
                    colour=case.colour,
                    groups=case.groups,
                    due_at=case.due_at,
                    active_at=case.active_at,
                    waiting_since=case.waiting_since,
                )
                written += 1
                yield [column(row) for column in columns.values()]
            if len(cases) < BATCH:
                log.info("account %d exported %d cases as %s", account.id, written, sheet)
                return
            after = (cases[-1].active_at, cases[-1].id)
