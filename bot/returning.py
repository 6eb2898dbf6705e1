"""Coming back: to the talk itself by a code, on another device, days later; to a filed record by its receipt number.

Hides codes, hashed callers and the rest after wrong guesses. Called by `rights`, the desk and the API; wording is in
domain.yml and retention.yml.
"""

from __future__ import annotations

import hashlib
import secrets
import unicodedata
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

from bot.filed import Standing, same
from bot.intake.record import Record
from bot.intake.retention import Retention
from bot.intake.steps import Say, Steps
from bot.intake.tidings import said_time
from bot.store import Store, Talk

#: Digits of a code: none that sounds or looks like another (1/7), to be read aloud over the telephone.
CODE_DIGITS = "023456789"
CODE_LENGTH = 8
#: Wrong guesses after which guessing rests: of one receipt number, from one talk or address, of everybody together.
MOST_TRIES = {"receipt": 5, "from": 8, "all": 200}
TRIES_HOURS = 1


class TooOften(RuntimeError):
    """Too many wrong guesses: nothing is looked up for a while, right or wrong."""


class Returning:
    """Open with the store, the steps of the interview and the retention data. Thread-safe like the store."""

    def __init__(self, store: Store, steps: Steps, retention: Retention, clock: Callable[[], datetime]) -> None:
        self._store = store
        self._filed = store.filed
        self._steps = steps
        self._retention = retention
        self._clock = clock
        #: An address is told apart by its hash under this key, which dies with the process: nobody can read it back.
        self._salt = secrets.token_bytes(16)

    # —— coming back ——

    def new_code(self, talk: Talk) -> tuple[str, datetime]:
        """A code that opens this talk on another device, once, until the time given. An older one is void."""
        until = self._clock() + timedelta(minutes=self._retention.code_minutes)
        for _ in range(20):
            code = "".join(secrets.choice(CODE_DIGITS) for _ in range(CODE_LENGTH))
            if self._filed.new_code(talk.id, code, until):
                return code, until
        raise RuntimeError("no free code")

    def use_code(self, code: str, who: str) -> str | None:
        """Open a talk by a code for a caller. Returns a token of the new device; None when the code opens nothing.

        Raises TooOften. Spaces and strokes, as people type what they hear, do not matter.
        """
        digits = "".join(c for c in unicodedata.normalize("NFKC", code) if c.isdigit())
        caller = self._from(who)
        self._may_try(caller)
        token = secrets.token_urlsafe(32)
        if len(digits) == CODE_LENGTH and self._filed.use_code(digits, token, self._clock()):
            return token
        self._filed.tried((caller, "all"), self._clock())
        return None

    def expired(self, token: str) -> bool:
        """Whether a token belonged to a talk that went by the rule of time."""
        return self._filed.has_expired(token)

    def back(self, talk: Talk, at: datetime) -> list[Say]:
        """One sentence on where we were, when she comes back after a long while; else nothing."""
        record = Record.from_dict(talk.draft)
        consent = record.consent("privacy")
        long_ago = at - talk.last_at >= timedelta(hours=self._retention.back_after_hours)
        if not long_ago or consent is None or not consent.given:
            return []
        when = day(talk.last_at)
        if record.status == "filed":
            return [Say("utter_back_filed", {"day": when, "receipt": record.receipt or ""})]
        ask = self._steps.next_step(record)
        matter = self._steps.matter(record)
        if matter is None or ask is None:
            return [Say("utter_back_story", {"day": when})] if "story" in record.facts else []
        if ask in self._steps.taxonomy.facts:
            label = self._steps.taxonomy.facts[ask].label
            return [Say("utter_back_asking", {"day": when, "name": matter.short, "label": label})]
        return [Say("utter_back_nearly", {"day": when, "name": matter.short})]

    # —— progress ——

    def progress(self, receipt: str, last_four: str, who: str) -> dict[str, Any] | None:
        """How a filed record stands, for whoever has its number and the last four digits of the applicant's phone.

        None for every wrong pair, whatever is wrong with it. Raises TooOften, for right pairs too.
        """
        subjects = (self._from(who), f"receipt:{hashlib.sha256(receipt.encode()).hexdigest()}")
        self._may_try(*subjects)
        standing = self._filed.standing(receipt)
        phones = standing.phones if standing is not None else ("0000",)
        fits = [same(phone[-4:], last_four) for phone in phones]
        if standing is None or not any(fits):
            self._filed.tried((*subjects, "all"), self._clock())
            return None
        return self.told(standing)

    def told(self, standing: Standing) -> dict[str, Any]:
        """How a filed record stands, as it is told."""
        stage = self._retention.stage(standing.status)
        committee = standing.committee
        now, more = self._store.course(standing.id), ""
        if now.session is not None:
            when = said_time(datetime.fromisoformat(now.session["at"]))
            more += self._retention.also["session"].format(when=when, where=now.session["where"])
        if now.pending is not None:
            more += self._retention.also["pending"]
        return {
            "receipt": standing.receipt,
            "status": standing.status,
            "state": stage.name,
            "since": standing.since.isoformat(timespec="seconds"),
            "committee": {k: committee.get(k, "") for k in ("name", "phone", "address", "hours")}
            if committee
            else None,
            "next": more or stage.next,
        }

    def _from(self, who: str) -> str:
        return f"from:{hashlib.sha256(self._salt + who.encode()).hexdigest()}"

    def _may_try(self, *subjects: str) -> None:
        since = self._clock() - timedelta(hours=TRIES_HOURS)
        for subject in (*subjects, "all"):
            if self._filed.tries(subject, since) >= MOST_TRIES[subject.partition(":")[0]]:
                raise TooOften


def day(at: datetime) -> str:
    """A date as it is said: 2026年11月20日."""
    return f"{at.year}年{at.month}月{at.day}日"
