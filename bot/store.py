"""The database: conversations with their drafts and messages, filed records, the directory of committees.

Hides SQLAlchemy; nobody but it and its parts (`database`, `store_staff`, `store_cases` and others) imports it. Every public method is one
transaction. Called by the desk.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.engine import Connection, Engine
from sqlalchemy.exc import IntegrityError

from bot.database import StoreError, hashed
from bot.filed import Amendment, Filed, add_amendments, composed
from bot.personal import forget_talk
from bot.store_attachments import AttachmentRows
from bot.store_calls import CallRows
from bot.store_cases import CaseRows, record_columns, write_parts
from bot.store_export import ExportRows
from bot.store_keys import OPEN, KeyRows
from bot.store_lessons import LessonRows
from bot.store_notices import NoticeRows
from bot.store_puzzles import PuzzleRows
from bot.store_releases import ReleaseRows
from bot.store_shelf import ShelfRows
from bot.store_staff import StaffRows
from bot.store_tallies import TallyRows
from bot.store_unmasked import UnmaskRows
from bot.tables import acts, attachments, bodies, consents, conversations, devices, messages, records

#: So many documents are read at a time when all are read.
PAGE = 200

#: How often a bubble is numbered anew when another takes its number.
NUMBERED = 5


@dataclass(frozen=True, slots=True)
class Talk:
    """A conversation as stored. `draft` is the record's dict; `heard_id` the last message id that was heard."""

    id: int
    key: str
    draft: dict[str, Any]
    matters: int
    matter_from: int
    heard_id: str | None
    last_at: datetime


@dataclass(frozen=True, slots=True)
class Message:
    """One bubble. `seq` counts from 1 in its conversation; `show` is what the page draws beside the text."""

    seq: int
    who: str
    at: datetime
    turn: int
    text: str
    show: dict[str, Any] | None = None
    client_id: str | None = None


class Store(
    CaseRows,
    CallRows,
    KeyRows,
    NoticeRows,
    StaffRows,
    ShelfRows,
    UnmaskRows,
    TallyRows,
    ExportRows,
    LessonRows,
    PuzzleRows,
    ReleaseRows,
):
    """All reading and writing of the database. Open with `Store.open(url)`."""

    def __init__(self, engine: Engine) -> None:
        super().__init__(engine)
        self.filed = Filed(self._reading, self._writing)

    @property
    def attachments(self) -> AttachmentRows:
        """Rows of photos and papers."""
        return AttachmentRows(self._writing, self._reading)

    # —— conversations ——

    def open_talk(self, key: str, token: str | None, draft: Mapping[str, Any], at: datetime) -> None:
        """Create a conversation. `token` is stored as its SHA-256 only."""
        with self._writing() as connection:
            connection.execute(
                conversations.insert().values(
                    key=key,
                    token_hash=hashed(token) if token else None,
                    opened_at=at,
                    last_at=at,
                    draft=dict(draft),
                    matters=0,
                    matter_from=0,
                )
            )

    def talk(self, *, key: str | None = None, token: str | None = None) -> Talk | None:
        """The conversation of a key or of a token, or None."""
        by = conversations.c.token_hash == hashed(token) if token else conversations.c.key == key
        with self._reading() as connection:
            row = connection.execute(select(conversations).where(by)).one_or_none()
            if row is None and token:
                further = devices.c.token_hash == hashed(token)
                row = connection.execute(select(conversations).join(devices).where(further)).one_or_none()
        if row is None:
            return None
        return Talk(row.id, row.key, dict(row.draft), row.matters, row.matter_from, row.heard_id, row.last_at)

    def keep_turn(
        self,
        talk: Talk,
        draft: Mapping[str, Any],
        at: datetime,
        heard_id: str | None,
        said: Message | None,
        record: Mapping[str, Any] | None = None,
        matter_from: int | None = None,
        amended: tuple[str, Sequence[Amendment]] | None = None,
    ) -> None:
        """Keep one heard turn: the citizen's words, the new draft, and a filed record, in one transaction."""
        for left in reversed(range(NUMBERED)):
            try:
                return self._keep_turn(talk, draft, at, heard_id, said, record, matter_from, amended)
            except IntegrityError:
                if not left:
                    raise
        return None

    def _keep_turn(
        self,
        talk: Talk,
        draft: Mapping[str, Any],
        at: datetime,
        heard_id: str | None,
        said: Message | None,
        record: Mapping[str, Any] | None,
        matter_from: int | None,
        amended: tuple[str, Sequence[Amendment]] | None,
    ) -> None:
        with self._writing() as connection:
            if said is not None:
                connection.execute(
                    messages.insert().values(conversation_id=talk.id, **_columns(connection, talk.id, said))
                )
            values: dict[str, Any] = {"draft": dict(draft), "last_at": at, "heard_id": heard_id}
            if matter_from is not None:
                values["matter_from"] = matter_from
            if amended is not None:
                add_amendments(connection, *amended)
            if record is not None and (filed := _file(connection, talk, record)) is not None:
                values["matters"] = talk.matters + 1
                self.open_case(connection, filed, record)
            elif said is not None and talk.matters:
                self.stir_cases(connection, talk.id, at)
            connection.execute(conversations.update().where(conversations.c.id == talk.id).values(**values))

    def add_messages(self, key: str, said: Sequence[Message]) -> list[Message]:
        """Append bubbles and return them with their numbers."""
        for left in reversed(range(NUMBERED)):
            try:
                return self._appended(key, said)
            except IntegrityError:  # a mediator and the desk spoke at the same moment: take the next number
                if not left:
                    raise
        return []

    def _appended(self, key: str, said: Sequence[Message]) -> list[Message]:
        numbered = []
        with self._writing() as connection:
            row = connection.execute(select(conversations.c.id).where(conversations.c.key == key)).one_or_none()
            if row is None:
                return list(said)
            for message in said:
                columns = _columns(connection, row.id, message)
                connection.execute(messages.insert().values(conversation_id=row.id, **columns))
                numbered.append(
                    Message(columns["seq"], message.who, message.at, message.turn, message.text, message.show)
                )
        return numbered

    def messages(self, talk: Talk, after: int = 0, limit: int = 500) -> list[Message]:
        """Bubbles of a conversation with `seq` above `after`, oldest first; at most `limit`, the newest of them."""
        query = (
            select(messages)
            .where(messages.c.conversation_id == talk.id, messages.c.seq > after)
            .order_by(messages.c.seq.desc())
            .limit(limit)
        )
        with self._reading() as connection:
            rows = connection.execute(query).all()
        return [Message(r.seq, r.who, r.at, r.turn, r.text, r.show, r.client_id) for r in reversed(rows)]

    def forget_words(self, talk: Talk, draft: Mapping[str, Any], at: datetime) -> None:
        """Drop all bubbles of a conversation and put a draft in place that holds none of her words."""
        with self._writing() as connection:
            connection.execute(messages.delete().where(messages.c.conversation_id == talk.id))
            values = {"draft": dict(draft), "last_at": at}
            connection.execute(conversations.update().where(conversations.c.id == talk.id).values(**values))

    def knows_message(self, talk: Talk, client_id: str) -> bool:
        """Whether a bubble with the page's id is stored."""
        query = select(messages.c.id).where(messages.c.conversation_id == talk.id, messages.c.client_id == client_id)
        with self._reading() as connection:
            return connection.execute(query).first() is not None

    def forget(self, key: str) -> None:
        """Delete a conversation with all its messages and its draft. Filed records stay (retention is by law)."""
        with self._writing() as connection:
            row = connection.execute(select(conversations.c.id).where(conversations.c.key == key)).one_or_none()
            if row is not None:
                forget_talk(connection, row.id)
        self.settle()

    def settle(self) -> None:
        """Write deleted words over on disk now (SQLite: empty the write-ahead log) and not some time."""
        if self._is_sqlite:
            with self._reading() as connection:
                connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")

    # —— records ——

    def record(self, receipt: str) -> dict[str, Any] | None:
        """The document of a filed record with what was amended since, or None (unknown or erased)."""
        return next(iter(self._documents(records.c.receipt == receipt)), None)

    def records_of(self, talk: Talk) -> list[dict[str, Any]]:
        """Documents filed from a conversation, oldest first."""
        return self._documents(records.c.conversation_id == talk.id)

    def all_records(self) -> Iterator[dict[str, Any]]:
        """Every filed document, oldest first, read by pages."""
        last = 0
        while True:
            with self._reading() as connection:
                query = select(records).where(records.c.id > last).order_by(records.c.id).limit(PAGE)
                rows = connection.execute(query).all()
                documents = composed(connection, rows)
            yield from documents
            if len(rows) < PAGE:
                return
            last = rows[-1].id

    def _documents(self, which: Any) -> list[dict[str, Any]]:
        with self._reading() as connection:
            rows = connection.execute(select(records).where(which).order_by(records.c.id)).all()
            return composed(connection, rows)

    # —— directory ——

    def bodies(self) -> list[dict[str, str]]:
        """Rows of the directory in file order, as column → text."""
        with self._reading() as connection:
            rows = connection.execute(select(bodies).order_by(bodies.c.position)).all()
        return [{k: v for k, v in row._mapping.items() if k != "position"} for row in rows]

    def replace_bodies(self, rows: Sequence[Mapping[str, str]]) -> None:
        """Replace the whole directory."""
        with self._writing() as connection:
            connection.execute(bodies.delete())
            if rows:
                connection.execute(bodies.insert(), [{"position": n, **row} for n, row in enumerate(rows)])


def _columns(connection: Connection, conversation: int, message: Message) -> dict[str, Any]:
    last = connection.execute(
        select(func.max(messages.c.seq)).where(messages.c.conversation_id == conversation)
    ).scalar_one()
    return {
        "seq": (last or 0) + 1,
        "client_id": message.client_id,
        "who": message.who,
        "at": message.at,
        "turn": message.turn,
        "text": message.text,
        "show": message.show,
    }


def _file(connection: Connection, talk: Talk, document: Mapping[str, Any]) -> int | None:
    """Insert a record with its parts, once for each matter of a conversation. Returns its id; None when it was filed
    before."""
    known = connection.execute(
        select(records.c.id).where(records.c.conversation_id == talk.id, records.c.matter_no == document["matter_no"])
    ).one_or_none()
    if known is not None:
        return None
    filed_at = datetime.fromisoformat(document["filed_at"])
    inserted = connection.execute(
        records.insert().values(
            receipt=document["receipt"],
            conversation_id=talk.id,
            matter_no=document["matter_no"],
            follows=_link(connection, document),
            status=document["status"],
            filed_at=filed_at,
            **record_columns(document),
            document=dict(document),
        )
    )
    record_id = int(inserted.inserted_primary_key[0])
    sent = (attachments.c.conversation_id == talk.id, attachments.c.record_id.is_(None))
    connection.execute(attachments.update().where(*sent).values(record_id=record_id))
    write_parts(connection, record_id, document)
    for consent in document["consents"]:
        connection.execute(
            consents.insert().values(
                record_id=record_id,
                kind=consent["kind"],
                given=consent["given"],
                version=consent["version"],
                at=datetime.fromisoformat(consent["at"]),
                body_id=consent["to"],
            )
        )
    connection.execute(
        acts.insert().values(record_id=record_id, at=filed_at, who="citizen", act="file", status=document["status"])
    )
    return record_id


def _link(connection: Connection, document: Mapping[str, Any]) -> str | None:
    """Name this record in the one it follows, so that each leads to the other. Returns that one's receipt."""
    before = next((link["receipt"] for link in document["linked"] if link["how"] == "before"), None)
    row = connection.execute(select(records.c.document).where(records.c.receipt == before)).one_or_none()
    if row is not None:
        links = [*row.document.get("linked", []), {"receipt": document["receipt"], "how": "after"}]
        changed = {**row.document, "linked": links}
        connection.execute(records.update().where(records.c.receipt == before).values(document=changed))
    return before


__all__ = ["OPEN", "IntegrityError", "Message", "Store", "StoreError", "Talk"]
