"""Notices to the staff on the way out: what is new, dangerous, overdue goes into the outbox and from there through the
channels, again and again until it arrives.

Hides when to look, when to try again and when to give up. Everything lies in the database: a restart, or a receiver
that is away for a night, loses nothing; a notice may arrive twice and has the same `id` then. Called by `serve`.
"""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime, timedelta

from bot.channels import Channel, Notice, Undelivered
from bot.store import Store, StoreError
from bot.store_notices import Waiting

#: What happened longer ago is not told any more: a channel that is switched on does not tell the whole past.
NEWS = timedelta(days=1)
#: The wait after the first failure; it doubles with each, up to the longest. Then it is given up.
FIRST_WAIT, LONGEST_WAIT, GIVE_UP = timedelta(seconds=30), timedelta(hours=1), timedelta(days=2)
#: A process that dies while sending leaves its notices to others after so long.
CLAIM = timedelta(minutes=5)
LOOK_SECONDS = 10.0
NAMES: Mapping[str, str] = {"danger": "有危险", "new": "新的登记", "overdue": "过了期限"}
log = logging.getLogger("fenzhen.notices")


class Notices:
    """The outbox over a store. `types`: dispute type → its short name."""

    def __init__(
        self,
        store: Store,
        channels: Sequence[Channel],
        types: Callable[[str], str],
        clock: Callable[[], datetime] = datetime.now,
    ) -> None:
        self._store, self._types, self._clock = store, types, clock
        self._channels = {channel.name: channel for channel in channels}

    def look(self) -> int:
        """Put what is worth telling into the outbox. Returns how many notices."""
        now = self._clock()
        return self._store.note_news(list(self._channels), now - NEWS, now)

    def deliver(self) -> tuple[int, int]:
        """Send what is due. Returns how many arrived and how many did not."""
        now = self._clock()
        arrived = failed = 0
        for waiting in self._store.to_send(now, now + CLAIM):
            channel = self._channels.get(waiting.channel)
            if channel is None:  # was switched off meanwhile
                self._put_off(waiting, "off")
                continue
            try:
                channel.send(self._notice(waiting))
            except Undelivered as error:
                failed += 1
                self._put_off(waiting, str(error))
            else:
                arrived += 1
                self._store.sent(waiting.id, self._clock())
        return arrived, failed

    def _notice(self, waiting: Waiting) -> Notice:
        kind = NAMES.get(waiting.kind, waiting.kind)
        at = waiting.at.strftime("%Y-%m-%d %H:%M")
        return Notice(f"n{waiting.id}", kind, waiting.receipt, self._types(waiting.type) if waiting.type else "", at)

    def _put_off(self, waiting: Waiting, trouble: str) -> None:
        now = self._clock()
        wait: timedelta = min(FIRST_WAIT * 2 ** min(waiting.tries, 20), LONGEST_WAIT)
        later = None if now - waiting.at > GIVE_UP else now + wait
        self._store.not_sent(waiting.id, trouble, later, now)

    def serve(self, stop: threading.Event) -> None:
        """Look and deliver until stopped. Whatever goes wrong is told in the log by its kind, and tried again."""
        while not stop.wait(LOOK_SECONDS):
            try:
                self.look()
                arrived, failed = self.deliver()
                if arrived or failed:
                    log.info("通知：送到 %d 条，没送到 %d 条（会再送）。", arrived, failed)
            except StoreError as error:
                log.warning("notices: %s", type(error.__cause__).__name__)
            except Exception as error:
                log.error("notices: %s", type(error).__name__)  # a thread that dies tells nobody
