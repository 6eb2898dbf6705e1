"""Rows of the attachments, for `bot.attachments`. Part of the store: hides SQL, every method is one transaction."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.engine import Connection

from bot.tables import attachments, conversations, messages, records

Opened = Callable[[], AbstractContextManager[Connection]]
COLUMNS = ("id", "title", "kind", "size", "pages", "sha256", "at")


class AttachmentRows:
    """Reading and writing of `attachments` over the store's connections. Rows are mappings with COLUMNS and filed."""

    def __init__(self, writing: Opened, reading: Opened) -> None:
        self._writing = writing
        self._reading = reading

    def enter(self, talk_id: int, bubble: Any, columns: dict[str, Any], client_id: str | None, filed: bool) -> None:
        """Add a row and her bubble; what is sent after filing goes to the record filed last."""
        with self._writing() as connection:
            highest = select(func.max(messages.c.seq)).where(messages.c.conversation_id == talk_id)
            seq = (connection.execute(highest).scalar_one() or 0) + 1
            connection.execute(
                messages.insert().values(
                    conversation_id=talk_id,
                    seq=seq,
                    who=bubble.who,
                    at=bubble.at,
                    turn=bubble.turn,
                    text=bubble.text,
                    show=bubble.show,
                )
            )
            last = select(func.max(records.c.id)).where(records.c.conversation_id == talk_id)
            record_id = connection.execute(last).scalar_one() if filed else None
            row = {"conversation_id": talk_id, "record_id": record_id, "seq": seq, "client_id": client_id, **columns}
            connection.execute(attachments.insert().values(**row))

    def known(self, talk: Any, client_id: str) -> dict[str, Any] | None:
        """The row of the page's id in a talk, or None."""
        found = self._all(attachments.c.conversation_id == talk.id, attachments.c.client_id == client_id)
        return found[0] if found else None

    def of_talk(self, talk_id: int) -> list[dict[str, Any]]:
        """Rows of a talk, oldest first."""
        return self._all(attachments.c.conversation_id == talk_id)

    def of_record(self, receipt: str) -> list[dict[str, Any]]:
        """Rows of a filed record, oldest first."""
        return self._all(attachments.c.record_id == _record(receipt))

    def _all(self, *where: Any) -> list[dict[str, Any]]:
        with self._reading() as connection:
            rows = connection.execute(select(attachments).where(*where).order_by(attachments.c.number)).all()
        return [
            {**{key: row[key] for key in COLUMNS}, "filed": row["record_id"] is not None} for row in map(_named, rows)
        ]

    def drop(self, talk: Any, id_: str, text: str) -> bool:
        """Delete one row of a talk and put `text` in place of its name in her bubble. False when there is none."""
        mine = (attachments.c.conversation_id == talk.id, attachments.c.id == id_)
        with self._writing() as connection:
            row = connection.execute(select(attachments.c.seq).where(*mine)).one_or_none()
            if row is None:
                return False
            connection.execute(attachments.delete().where(*mine))
            bubble = (messages.c.conversation_id == talk.id, messages.c.seq == row.seq)
            connection.execute(messages.update().where(*bubble).values(text=text, show=None))
        return True

    def forget(self, key: str) -> list[str]:
        """Delete the rows of a talk that were not filed; returns their ids."""
        talk = select(conversations.c.id).where(conversations.c.key == key).scalar_subquery()
        return self._delete(attachments.c.conversation_id == talk, attachments.c.record_id.is_(None))

    def forget_record(self, receipt: str) -> list[str]:
        """Delete the rows of a filed record; returns their ids."""
        return self._delete(attachments.c.record_id == _record(receipt))

    def drop_ownerless(self) -> list[str]:
        """Delete rows whose talk and record are both gone."""
        return self._delete(attachments.c.conversation_id.is_(None), attachments.c.record_id.is_(None))

    def _delete(self, *where: Any) -> list[str]:
        with self._writing() as connection:
            ids = [row.id for row in connection.execute(select(attachments.c.id).where(*where))]
            connection.execute(attachments.delete().where(attachments.c.id.in_(ids)))
        return ids

    def ids(self) -> set[str]:
        """The ids of all rows."""
        with self._reading() as connection:
            return {row.id for row in connection.execute(select(attachments.c.id))}


def _record(receipt: str) -> Any:
    return select(records.c.id).where(records.c.receipt == receipt).scalar_subquery()


def _named(row: Any) -> dict[str, Any]:
    return dict(row._mapping)
