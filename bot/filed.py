"""The database after filing and between devices: amendments, acts, progress, codes, tries, retention.

Hides SQL, like `store`, whose second half it is (`Store.filed`). Every public method is one transaction. Called by
`bot.rights`.
"""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import and_, func, select
from sqlalchemy.engine import Connection

from bot.database import hashed
from bot.intake.cases import searchable
from bot.personal import drop_record, erase_record, note_expired
from bot.store_cases import keep_course
from bot.store_words import index_words
from bot.tables import (
    acts,
    amendments,
    cases,
    consents,
    conversations,
    devices,
    expired_talks,
    facts,
    messages,
    parties,
    records,
    resume_codes,
    tries,
)

Opened = Callable[[], AbstractContextManager[Connection]]
#: Rounds for a code's hash: slow enough that a stolen table is not read back within a code's quarter of an hour.
ROUNDS = 60_000
#: Acts after which a record may be stored and not used.
RESTRICTING = ("erasure_asked", "take_back_privacy", "take_back_handover")


@dataclass(frozen=True, slots=True)
class Amendment:
    """What she changed or added after filing. `kind`: correction, supplement, consent. `old`/`new` as in a fact."""

    kind: str
    at: datetime
    turn: int
    words: str
    key: str | None = None
    old: dict[str, Any] | None = None
    new: dict[str, Any] | None = None

    def to_dict(self) -> dict[str, Any]:
        """As it stands in the document (record.schema.json, `amendments`)."""
        return {
            "kind": self.kind,
            "fact": self.key,
            "old": self.old,
            "new": self.new,
            "words": self.words,
            "at": self.at.isoformat(timespec="seconds"),
            "turn": self.turn,
        }


@dataclass(frozen=True, slots=True)
class Standing:
    """Where a filed record stands: living status, since when, the committee's name and phone, phones that prove her."""

    id: int
    receipt: str
    status: str
    since: datetime
    filed_at: datetime
    type: str
    subtype: str | None
    committee: dict[str, Any] | None
    phones: tuple[str, ...]
    conversation: int | None


class Filed:
    """Reading and writing around filed records, codes and tries. Opened by the store with its own transactions."""

    def __init__(self, reading: Opened, writing: Opened) -> None:
        self._reading = reading
        self._writing = writing

    # —— where a record stands ——

    def standing(self, receipt: str) -> Standing | None:
        """Where the record of a receipt number stands; None when unknown or erased."""
        with self._reading() as connection:
            return next(iter(_standings(connection, records.c.receipt == receipt)), None)

    def standings_of(self, conversation: int) -> list[Standing]:
        """All records filed from a conversation that still say something, oldest first."""
        with self._reading() as connection:
            return _standings(connection, records.c.conversation_id == conversation)

    def act(self, record: int, at: datetime, who: str, act: str, status: str | None = None) -> None:
        """Note an act on a record, and its new status if it has one."""
        with self._writing() as connection:
            _act(connection, record, at, who, act, status)

    def took_back(
        self, record: int, at: datetime, amendment: Amendment, version: str, health: Sequence[str] = ()
    ) -> None:
        """A consent taken back after filing: kept as proof, told to the committee; `health` facts are dropped."""
        with self._writing() as connection:
            values = {"record_id": record, "kind": amendment.key, "given": False, "version": version, "at": at}
            connection.execute(consents.insert().values(body_id=None, **values))
            connection.execute(amendments.insert().values(**_columns(record, amendment)))
            _act(connection, record, at, "citizen", f"take_back_{amendment.key}", None)
            if health:
                _drop_facts(connection, record, health)

    def hold(self, record: int, at: datetime) -> None:
        """Keep what law keeps and nothing more: the talk is taken out of the document; the committee sees the wish."""
        with self._writing() as connection:
            row = connection.execute(select(records.c.document).where(records.c.id == record)).one()
            document = {**row.document, "transcript": []}
            connection.execute(records.update().where(records.c.id == record).values(document=document))
            index_words(connection, record, searchable(document))
            _act(connection, record, at, "citizen", "erasure_asked", None)

    def erase(self, record: int, at: datetime, who: str) -> None:
        """Empty a record down to the proof of consent."""
        with self._writing() as connection:
            _act(connection, record, at, who, "erase", "erased")
            erase_record(connection, record)

    # —— codes and devices ——

    def new_code(self, conversation: int, code: str, expires_at: datetime) -> bool:
        """Give a conversation its one open code. False when the code is another's at this moment."""
        with self._writing() as connection:
            connection.execute(resume_codes.delete().where(resume_codes.c.conversation_id == conversation))
            taken = select(resume_codes.c.id).where(resume_codes.c.code_hash == _code_hash(code))
            if connection.execute(taken).first() is not None:
                return False
            values = {"conversation_id": conversation, "code_hash": _code_hash(code), "expires_at": expires_at}
            connection.execute(resume_codes.insert().values(**values))
            return True

    def use_code(self, code: str, token: str, at: datetime) -> bool:
        """Open a further device by a code; the code is gone afterwards. False when there is none or it is too old."""
        with self._writing() as connection:
            found = select(resume_codes).where(resume_codes.c.code_hash == _code_hash(code))
            row = connection.execute(found).one_or_none()
            if row is None:
                return False
            gone = connection.execute(resume_codes.delete().where(resume_codes.c.id == row.id))
            if not gone.rowcount or row.expires_at < at:  # two at once: only one of them deleted it
                return False
            values = {"conversation_id": row.conversation_id, "token_hash": hashed(token), "opened_at": at}
            connection.execute(devices.insert().values(**values))
            return True

    def has_code(self, conversation: int, at: datetime) -> bool:
        """Whether a code is open for a conversation."""
        query = select(resume_codes.c.id).where(
            resume_codes.c.conversation_id == conversation, resume_codes.c.expires_at >= at
        )
        with self._reading() as connection:
            return connection.execute(query).first() is not None

    def devices(self, conversation: int) -> int:
        """On how many further devices a conversation was opened."""
        query = select(func.count()).where(devices.c.conversation_id == conversation)
        with self._reading() as connection:
            return int(connection.execute(query).scalar_one())

    def has_expired(self, token: str) -> bool:
        """Whether a token belonged to a talk that expired."""
        query = select(expired_talks.c.id).where(expired_talks.c.token_hash == hashed(token))
        with self._reading() as connection:
            return connection.execute(query).first() is not None

    # —— guessing ——

    def tried(self, subjects: Iterable[str], at: datetime) -> None:
        """Note a wrong guess against each subject."""
        with self._writing() as connection:
            for subject in subjects:
                connection.execute(tries.insert().values(subject=subject, at=at))

    def tries(self, subject: str, since: datetime) -> int:
        """Wrong guesses against a subject since a time."""
        query = select(func.count()).where(tries.c.subject == subject, tries.c.at >= since)
        with self._reading() as connection:
            return int(connection.execute(query).scalar_one())

    # —— how much is held, and for how long ——

    def spoken(self, conversation: int) -> tuple[int, datetime | None]:
        """How many bubbles of a conversation are stored, and the time of the first."""
        query = select(func.count(), func.min(messages.c.at)).where(messages.c.conversation_id == conversation)
        with self._reading() as connection:
            count, first = connection.execute(query).one()
        return int(count), first

    def idle(self, before: datetime, filed: bool) -> list[str]:
        """Keys of talks idle since `before`: those that filed something, or those that did not."""
        which = conversations.c.matters > 0 if filed else conversations.c.matters == 0
        query = select(conversations.c.key).where(which, conversations.c.last_at < before)
        with self._reading() as connection:
            return [row.key for row in connection.execute(query)]

    def note_expired(self, key: str, at: datetime) -> None:
        """Remember that a talk expires, so that whoever comes back with its token is told."""
        with self._writing() as connection:
            row = connection.execute(select(conversations.c.id).where(conversations.c.key == key)).one_or_none()
            if row is not None:
                note_expired(connection, row.id, at)

    def past(self, status: str, before: datetime) -> list[Standing]:
        """Records that have stood in a status since before a time."""
        with self._reading() as connection:
            # What was filed after that time cannot have stood so before it: most rows are not read at all.
            which = and_(records.c.status == status, records.c.filed_at < before)
            return [s for s in _standings(connection, which, True) if s.since < before]

    def drop(self, record: int) -> None:
        """Delete a record with its proof."""
        with self._writing() as connection:
            drop_record(connection, record)

    def expire_notes(self, tries_before: datetime, talks_before: datetime, at: datetime) -> int:
        """Drop old tries, open codes past their time and old notes of expired talks. Returns how many rows."""
        with self._writing() as connection:
            gone = [
                connection.execute(tries.delete().where(tries.c.at < tries_before)).rowcount,
                connection.execute(resume_codes.delete().where(resume_codes.c.expires_at < at)).rowcount,
                connection.execute(expired_talks.delete().where(expired_talks.c.at < talks_before)).rowcount,
            ]
        return sum(gone)


def add_amendments(connection: Connection, receipt: str, added: Sequence[Amendment]) -> None:
    """Append amendments to a filed record, with an act for each kind; the record's document stays as it is."""
    row = connection.execute(select(records.c.id).where(records.c.receipt == receipt)).one_or_none()
    if row is None:
        return
    for amendment in added:
        connection.execute(amendments.insert().values(**_columns(row.id, amendment)))
    acted = {"correction": "amend", "supplement": "supplement"}
    for kind in dict.fromkeys(a.kind for a in added if a.kind in acted):
        _act(connection, row.id, added[-1].at, "citizen", acted[kind], None)


def composed(connection: Connection, rows: Sequence[Any]) -> list[dict[str, Any]]:
    """Documents as they stand now: as filed, with the living status and what came since. Erased ones are left out.

    `rows` have id, status and document. `restricted`: she asked for deletion or took a consent back, and law keeps it;
    it may be stored and not used.
    """
    ids = [row.id for row in rows]
    later: dict[int, list[dict[str, Any]]] = {}
    query = select(amendments).where(amendments.c.record_id.in_(ids)).order_by(amendments.c.id)
    for r in connection.execute(query):
        amendment = Amendment(r.kind, r.at, r.turn, r.words, r.key, r.old, r.new)
        later.setdefault(r.record_id, []).append(amendment.to_dict())
    asked = select(acts.c.record_id).where(acts.c.record_id.in_(ids), acts.c.act.in_(RESTRICTING))
    restricted = {row.record_id for row in connection.execute(asked)}
    return [
        {
            **row.document,
            "status": row.status,
            "amendments": later.get(row.id, []),
            "restricted": row.id in restricted,
        }
        for row in rows
        if row.document
    ]


def _code_hash(code: str) -> str:
    return hashlib.pbkdf2_hmac("sha256", code.encode(), b"fenzhen resume code", ROUNDS).hex()


def same(one: str, other: str) -> bool:
    """Equality that takes the same time for every difference."""
    return hmac.compare_digest(one.encode(), other.encode())


def _columns(record: int, amendment: Amendment) -> dict[str, Any]:
    return {
        "record_id": record,
        "at": amendment.at,
        "turn": amendment.turn,
        "kind": amendment.kind,
        "key": amendment.key,
        "old": amendment.old,
        "new": amendment.new,
        "words": amendment.words,
    }


def _act(connection: Connection, record: int, at: datetime, who: str, act: str, status: str | None) -> None:
    if status is not None:
        connection.execute(records.update().where(records.c.id == record).values(status=status))
        # The mediators' list shows it at once, and a page that was open before is stale.
        moved = {"status": status, "active_at": at, "version": cases.c.version + 1}
        connection.execute(cases.update().where(cases.c.record_id == record).values(**moved))
    else:
        status = connection.execute(select(records.c.status).where(records.c.id == record)).scalar_one()
    connection.execute(acts.insert().values(record_id=record, at=at, who=who, act=act, status=status))
    keep_course(connection, record)


def _drop_facts(connection: Connection, record: int, keys: Sequence[str]) -> None:
    """Take facts out of a record wherever they stand: parts, document, amendments."""
    row = connection.execute(select(records.c.document).where(records.c.id == record)).one()
    document: dict[str, Any] = dict(row.document)
    for part in ("facts", "blanks", "unread"):
        document[part] = {key: value for key, value in document.get(part, {}).items() if key not in keys}
    document["health_facts_consented"] = False
    connection.execute(records.update().where(records.c.id == record).values(document=document))
    index_words(connection, record, searchable(document))
    connection.execute(facts.delete().where(facts.c.record_id == record, facts.c.key.in_(keys)))
    connection.execute(amendments.delete().where(amendments.c.record_id == record, amendments.c.key.in_(keys)))


def _standings(connection: Connection, which: Any, erased: bool = False) -> list[Standing]:
    query = select(records).where(which).order_by(records.c.id)
    found = []
    for row in connection.execute(query).all():
        if row.status == "erased" and not erased:
            continue
        # Since when it stands so: the first act of the last run of acts with the same status.
        since = row.filed_at
        steps = select(acts.c.at, acts.c.status).where(acts.c.record_id == row.id).order_by(acts.c.id)
        before = None
        for step in connection.execute(steps):
            if step.status != before:
                since, before = step.at, step.status
        document: Mapping[str, Any] = row.document or {}
        phone = select(parties.c.phone).where(parties.c.record_id == row.id, parties.c.role == "applicant")
        phones = [p.phone for p in connection.execute(phone) if p.phone]
        changed = select(amendments.c.new).where(amendments.c.record_id == row.id, amendments.c.key == "phone")
        phones += [str((c.new or {}).get("value") or "") for c in connection.execute(changed)]
        found.append(
            Standing(
                row.id,
                row.receipt,
                row.status,
                since,
                row.filed_at,
                row.type,
                row.subtype,
                document.get("committee"),
                tuple(p for p in phones if len(p) >= 4),
                row.conversation_id,
            )
        )
    return found
