"""The store's part on what staff keep at hand: saved views of the queue, canned replies. Called by `shelf`."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.exc import IntegrityError

from bot.database import Database, drawn
from bot.tables import canned_replies, saved_views


@dataclass(frozen=True, slots=True)
class View:
    """A saved view: its name and the filters as they stand in the queue's address."""

    id: int
    name: str
    query: str


@dataclass(frozen=True, slots=True)
class Reply:
    """A canned reply of a committee: its words, who wrote it and when."""

    id: int
    words: str
    by: str
    at: datetime


class ShelfRows(Database):
    """Rows of saved views and canned replies."""

    def views(self, account: int) -> list[View]:
        """Somebody's saved views in the order of saving."""
        query = select(saved_views).where(saved_views.c.account_id == account).order_by(saved_views.c.id)
        with self._reading() as connection:
            return [drawn(View, row) for row in connection.execute(query)]

    def keep_view(self, account: int, name: str, query: str, most: int) -> bool:
        """Save a view; one of the same name is replaced. False when there are `most` already."""
        mine = (saved_views.c.account_id == account, saved_views.c.name == name)
        try:
            with self._writing() as connection:
                if connection.execute(saved_views.update().where(*mine).values(query=query)).rowcount:
                    return True
                count = select(func.count()).where(saved_views.c.account_id == account)
                if connection.execute(count).scalar_one() >= most:
                    return False
                connection.execute(saved_views.insert().values(account_id=account, name=name, query=query))
        except IntegrityError:
            return True  # a double click: the other has saved it
        return True

    def drop_view(self, account: int, id_: int) -> None:
        """Forget a view, if it is hers."""
        with self._writing() as connection:
            connection.execute(saved_views.delete().where(saved_views.c.id == id_, saved_views.c.account_id == account))

    def replies(self, owner: str) -> list[Reply]:
        """Canned replies of an owner, oldest first."""
        query = select(canned_replies).where(canned_replies.c.owner == owner).order_by(canned_replies.c.id)
        with self._reading() as connection:
            return [drawn(Reply, row) for row in connection.execute(query)]

    def keep_reply(self, owner: str, words: str, by: str, at: datetime) -> None:
        """Add a canned reply; the same words twice are one."""
        same = (canned_replies.c.owner == owner, canned_replies.c.words == words)
        with self._writing() as connection:
            if connection.execute(select(canned_replies.c.id).where(*same)).first() is None:
                connection.execute(canned_replies.insert().values(owner=owner, words=words, by=by, at=at))

    def drop_reply(self, owner: str, id_: int) -> None:
        """Forget a canned reply of an owner."""
        with self._writing() as connection:
            connection.execute(
                canned_replies.delete().where(canned_replies.c.id == id_, canned_replies.c.owner == owner)
            )
