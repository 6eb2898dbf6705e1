"""The daily upkeep while the desk serves: what is past its time goes (PIPL 19), older seals are made anew, what moved
is added to the statistics (at night, so that no page waits for it).

Hides the order and what is kept of it: numbers only, for the administrator's page. Called by `serve` (when it opens and
every day), by `python -m bot retention` and by the console.
"""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable
from dataclasses import asdict
from datetime import datetime

from bot.desk import Desk
from bot.rights import Swept
from bot.store import StoreError

DAY_SECONDS = 86_400.0
#: After a failure: the database was away, or the disk full.
AGAIN_SECONDS = 600.0
log = logging.getLogger("fenzhen")


class Upkeep:
    """Over a desk; `keep_days`: days that an unfiled talk is kept (0: for ever)."""

    def __init__(self, desk: Desk, keep_days: int, clock: Callable[[], datetime] = datetime.now) -> None:
        self._desk, self._keep_days, self._clock = desk, keep_days, clock

    def run(self, by: str) -> Swept:
        """Let go what is past its time, and note how much. `by`: timer | verb. Raises StoreError."""
        swept = self._desk.keep_to_time(self._keep_days)
        self._desk.note_sweep(self._clock(), by, asdict(swept))
        return swept

    def serve(self, stop: threading.Event) -> None:
        """Now, and every day until stopped."""
        wait = 0.0
        while not stop.wait(wait):
            wait = AGAIN_SECONDS
            try:
                log.info("%s", self.run("timer"))
                self._desk.statistics.catch_up()
                log.info("换到现在的钥匙下：%d 处。", self._desk.seal_anew())
                wait = DAY_SECONDS
            except StoreError as error:
                log.warning("upkeep: %s", error)
            except Exception as error:
                log.error("upkeep: %s", type(error).__name__)  # a thread that dies keeps everything for ever
