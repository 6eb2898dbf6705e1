"""The store's part on one case: its acts, its record as it changes, who saw what.

`records` holds what was filed, `cases` beside it the work on it. Called by `casework` through the store, and by
`store` when a record is filed; the list of cases is `store_queue`'s.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import exists, func, select
from sqlalchemy.engine import Connection

from bot.database import drawn
from bot.intake.cases import due, ground, groups, line, searchable
from bot.intake.course import Course, Done, course, ends
from bot.intake.record import Consent
from bot.store_queue import Case, QueueRows, case_rows, drawn_case
from bot.store_words import index_words
from bot.tables import (
    accounts,
    acts,
    case_ends,
    cases,
    consents,
    conversations,
    facts,
    messages,
    parties,
    records,
    sights,
)


@dataclass(frozen=True, slots=True)
class Sight:
    """Somebody looked at a case (or was refused: `act`)."""

    at: datetime
    who: str
    role: str
    act: str


class CaseRows(QueueRows):
    """Rows of one case."""

    def case(self, receipt: str) -> Case | None:
        """A case by its receipt number, whoever asks."""
        with self._reading() as connection:
            row = connection.execute(case_rows().where(records.c.receipt == receipt)).one_or_none()
        return drawn_case(row) if row else None

    def history(self, case: int) -> list[Done]:
        """Acts of a case, oldest first."""
        with self._reading() as connection:
            return _history(connection, case)

    def course(self, case: int) -> Course:
        """Where a case stands after its history."""
        return course(self.history(case))

    def asked(self, conversation: int) -> Case | None:
        """The case of a conversation in which she was asked something and has not answered; the latest asked."""
        mine = (records.c.conversation_id == conversation, cases.c.pending.is_not(None))
        query = case_rows().where(*mine).order_by(cases.c.active_at.desc()).limit(1)
        with self._reading() as connection:
            row = connection.execute(query).one_or_none()
        return drawn_case(row) if row else None

    def key_of(self, conversation: int) -> str | None:
        """Rasa's sender_id of a conversation that is still there."""
        with self._reading() as connection:
            query = select(conversations.c.key).where(conversations.c.id == conversation)
            return connection.execute(query).scalar()  # type: ignore[no-any-return]

    def work(
        self,
        case: int,
        version: int,
        done: Done,
        account: int | None,
        columns: Mapping[str, Any],
        document: Mapping[str, Any] | None = None,
        consent: Consent | None = None,
    ) -> bool:
        """Do an act: the history, the case's columns and, if given, the changed record and a consent, in one
        transaction. `account` None: the citizen's own act.

        False when the case was changed since `version` was read; then nothing is done.
        """
        with self._writing() as connection:
            mine = cases.update().where(cases.c.record_id == case, cases.c.version == version)
            fresh = {"version": version + 1, "active_at": done.at, "status": done.status}
            if document is not None:
                fresh |= _projected(document)
            if not connection.execute(mine.values(**{**fresh, **columns})).rowcount:
                return False
            stored: dict[str, Any] = {"status": done.status}
            if document is not None:
                # What came since filing is kept beside the document, not in it (`bot.filed.composed`).
                kept = {**document, "amendments": [], "restricted": False}
                stored |= {"document": kept, **record_columns(document)}
            connection.execute(records.update().where(records.c.id == case).values(**stored))
            if document is not None:
                index_words(connection, case, searchable(document))
                write_parts(connection, case, document)
            if consent is not None:
                values = {"kind": consent.kind, "given": consent.given, "version": consent.version}
                connection.execute(consents.insert().values(record_id=case, at=done.at, body_id=consent.to, **values))
            values = {
                name: getattr(done, name) for name in ("at", "who", "act", "status", "why", "change", "particulars")
            }
            connection.execute(acts.insert().values(record_id=case, account_id=account, **values))
            keep_course(connection, case)
        return True

    def heard(self, case: int) -> tuple[int, list[dict[str, Any]]]:
        """What was heard in her bubbles so far: up to which number they were read, and what stood in them."""
        with self._reading() as connection:
            kept = connection.execute(select(cases.c.overlooked).where(cases.c.record_id == case)).scalar()
        return (kept["upto"], kept["heard"]) if isinstance(kept, dict) else (0, [])

    def keep_heard(self, case: int, upto: int, heard: Sequence[Mapping[str, Any]]) -> None:
        """Keep what was heard up to a bubble. Two who read at once keep the same of the same bubbles."""
        kept = {"upto": upto, "heard": [dict(one) for one in heard]}
        talked = exists().where(records.c.id == case, records.c.conversation_id.is_not(None))  # not deleted meanwhile
        with self._writing() as connection:
            connection.execute(cases.update().where(cases.c.record_id == case, talked).values(overlooked=kept))

    def bubbles(self, conversation: int, before: int | None, limit: int) -> list[Any]:
        """Messages of a conversation as rows, oldest first: the newest `limit`, or those before number `before`."""
        query = select(messages).where(messages.c.conversation_id == conversation)
        if before is not None:
            query = query.where(messages.c.seq < before)
        with self._reading() as connection:
            rows = connection.execute(query.order_by(messages.c.seq.desc()).limit(limit)).all()
        return list(reversed(rows))

    def hers(self, conversation: int, after: int, limit: int) -> tuple[list[tuple[int, str]], int]:
        """The citizen's next bubbles of a conversation after number `after` as (seq, text), oldest first, and how many
        more there are."""
        mine = (messages.c.conversation_id == conversation, messages.c.who == "citizen", messages.c.seq > after)
        query = select(messages.c.seq, messages.c.text).where(*mine).order_by(messages.c.seq).limit(limit)
        with self._reading() as connection:
            rows = [(row.seq, row.text) for row in connection.execute(query)]
            many = connection.execute(select(func.count()).select_from(messages).where(*mine)).scalar_one()
        return rows, many - len(rows)

    # —— who saw it ——

    def note_sight(self, case: int, account: int, act: str, at: datetime) -> None:
        """Note who looked at a case (PIPL 51), or tried to."""
        with self._writing() as connection:
            connection.execute(sights.insert().values(record_id=case, account_id=account, act=act, at=at))

    def seen_by(self, case: int, limit: int = 50) -> list[Sight]:
        """Who looked at a case, newest first."""
        query = (
            select(sights.c.at, sights.c.act, accounts.c.shown, accounts.c.role)
            .join(accounts, accounts.c.id == sights.c.account_id)
            .where(sights.c.record_id == case)
            .order_by(sights.c.id.desc())
            .limit(limit)
        )
        with self._reading() as connection:
            return [Sight(row.at, row.shown, row.role, row.act) for row in connection.execute(query)]

    # —— filing ——

    def open_missing_cases(self) -> int:
        """Open a case for every record that has none (filed before there were cases). Returns how many."""
        opened = 0
        missing = select(records.c.id, records.c.document).where(
            ~exists().where(cases.c.record_id == records.c.id), records.c.status != "erased"
        )
        while True:
            with self._writing() as connection:
                rows = connection.execute(missing.order_by(records.c.id).limit(200)).all()
                for row in rows:
                    self.open_case(connection, row.id, row.document)
            opened += len(rows)
            if not rows:
                return opened

    def open_case(self, connection: Connection, record: int, document: Mapping[str, Any]) -> None:
        """The case of a record that was just filed, and its words in the index."""
        filed = datetime.fromisoformat(document["filed_at"])
        stamps = {"filed_at": filed, "active_at": filed, "waiting_since": filed}
        projected = {**_projected(document), "status": document["status"], "due_at": due(document)}
        connection.execute(cases.insert().values(record_id=record, version=1, **stamps, **projected))
        index_words(connection, record, searchable(document))
        keep_course(connection, record)

    @staticmethod
    def stir_cases(connection: Connection, conversation: int, at: datetime) -> None:
        """The citizen spoke again in a talk that has filed cases: they move up and wait for an answer."""
        ids = select(records.c.id).where(records.c.conversation_id == conversation)
        mine = cases.update().where(cases.c.record_id.in_(ids))
        connection.execute(mine.values(active_at=at))
        connection.execute(mine.where(cases.c.waiting_since.is_(None)).values(waiting_since=at))


def keep_course(connection: Connection, record: int) -> None:
    """After an act: what lists and statistics read is folded anew from the whole history."""
    row = connection.execute(
        select(cases.c.due_at, records.c.document).join(records).where(cases.c.record_id == record)
    ).one_or_none()
    if row is None:
        return
    now = course(_history(connection, record))
    connection.execute(cases.update().where(cases.c.record_id == record).values(**now.columns()))
    connection.execute(case_ends.delete().where(case_ends.c.record_id == record))
    for end in ends(now, row.due_at, row.document):
        values = {"name": end.name, "label": end.label[:80], "at": end.at}
        connection.execute(case_ends.insert().values(record_id=record, **values))


def _history(connection: Connection, case: int) -> list[Done]:
    query = select(acts).where(acts.c.record_id == case).order_by(acts.c.id)
    return [drawn(Done, row) for row in connection.execute(query)]


def record_columns(document: Mapping[str, Any]) -> dict[str, Any]:
    """The columns of `records` that a document fills."""
    matter, place = document["matter"], document["place"]
    return {
        "type": matter["type"],
        "subtype": matter["subtype"],
        "official_code": matter["official_code"],
        "colour": document["colour"]["grade"],
        "place_code": place["code"] if place else None,
        "place_path": place["path"] if place else None,
        "amount": _number(document["facts"].get("amount")),
        "people": _number(document["facts"].get("people")),
        "body_id": document["committee"]["id"] if document["committee"] else None,
    }


def write_parts(connection: Connection, record: int, document: Mapping[str, Any]) -> None:
    """Parties and facts of a record, in place of those that were there."""
    connection.execute(parties.delete().where(parties.c.record_id == record))
    connection.execute(facts.delete().where(facts.c.record_id == record))
    for party in document["parties"]:
        columns = {k: party.get(k) for k in ("role", "kind", "name", "phone")}
        connection.execute(parties.insert().values(record_id=record, **columns))
    for key, fact in document["facts"].items():
        columns = {k: fact[k] for k in ("value", "shown", "words", "turn", "source", "approx")}
        connection.execute(facts.insert().values(record_id=record, key=key, **columns))


def _number(fact: Mapping[str, Any] | None) -> float | int | None:
    value = fact["value"] if fact else None
    return value if isinstance(value, (int, float)) else None


def _projected(document: Mapping[str, Any]) -> dict[str, Any]:
    """What the queue filters by and shows, from a record."""
    touched = groups(document)
    return {
        "type": document["matter"]["type"],
        "subtype": document["matter"]["subtype"],
        "colour": document["colour"]["grade"],
        "body_id": document["committee"]["id"] if document["committee"] else None,
        "area": ground(document),
        "groups": f",{','.join(touched)}," if touched else "",
        "line": line(document),
    }
