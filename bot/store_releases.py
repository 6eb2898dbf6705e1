"""The store's part on releases of the model: their course, their figures, who did what. Called by `workshop`."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select

from bot.database import Database, drawn
from bot.tables import accounts, lessons
from bot.tables_releases import release_acts, releases


@dataclass(frozen=True, slots=True)
class Release:
    """A training with what came of it; fields as in `tables_releases`. `figures`: {"before", "after", "objections",
    "changed"}; `before` and `after` hold `types`, `safety`, `reading`, `routing` by `bot.quality.figures`."""

    id: int
    folder: str
    state: str
    author_id: int | None
    author: str | None
    begun_at: datetime
    ended_at: datetime | None
    crossed: bool
    sources: str
    lessons: int
    proposers: list[int]
    version: str | None
    base: str | None
    trouble: str | None
    figures: dict[str, Any] | None
    publisher_id: int | None
    publisher: str | None
    published_at: datetime | None


@dataclass(frozen=True, slots=True)
class ReleaseAct:
    """Something that somebody did with a release."""

    release_id: int
    at: datetime
    act: str
    who: str | None
    why: str | None


class ReleaseRows(Database):
    """Rows of releases."""

    def add_release(self, values: Mapping[str, Any], act: str | None = None) -> int:
        """Keep a new release. Returns its number."""
        with self._writing() as connection:
            number = int(connection.execute(releases.insert().values(**values)).inserted_primary_key[0])
            if act is not None:
                did = {"account_id": values["author_id"], "at": values["begun_at"], "act": act}
                connection.execute(release_acts.insert().values(release_id=number, **did))
        return number

    def release(self, id_: int) -> Release | None:
        """A release by its number."""
        with self._reading() as connection:
            row = connection.execute(_rows().where(releases.c.id == id_)).one_or_none()
        return drawn(Release, row) if row else None

    def releases(self, states: Sequence[str] = (), limit: int = 50, offset: int = 0) -> list[Release]:
        """Releases, newest first; in some states only."""
        query = _rows().order_by(releases.c.id.desc()).limit(limit).offset(offset)
        if states:
            query = query.where(releases.c.state.in_(states))
        with self._reading() as connection:
            return [drawn(Release, row) for row in connection.execute(query)]

    def published_releases(self) -> list[Release]:
        """Every release that was ever live, in the order in which they were published last."""
        query = _rows().where(releases.c.published_at.isnot(None)).order_by(releases.c.published_at, releases.c.id)
        with self._reading() as connection:
            return [drawn(Release, row) for row in connection.execute(query)]

    def settle_release(self, id_: int, before: str, after: str, values: Mapping[str, Any]) -> bool:
        """Bring a release from one state to another. False when it is no longer in the state `before`."""
        mine = releases.update().where(releases.c.id == id_, releases.c.state == before)
        with self._writing() as connection:
            return bool(connection.execute(mine.values(state=after, **values)).rowcount)

    def publish_release(
        self, release: Release, account: int, at: datetime, act: str, why: str | None, write: Callable[[], None]
    ) -> bool:
        """Make a release the live one; the one that was is kept, what was compared with that is outdated. `write` puts
        the model in place within the same transaction. False when the release left its state meanwhile."""
        rows = select(releases.c.id).where(releases.c.state.in_(("ready", "published", "kept"))).order_by(releases.c.id)
        mine = releases.update().where(releases.c.id == release.id, releases.c.state == release.state)
        others = releases.update().where(releases.c.id != release.id)
        with self._writing() as connection:
            connection.execute(rows.with_for_update()).all()  # two publishers wait for each other here, in one order
            fresh = {"state": "published", "publisher_id": account, "published_at": at}
            if not connection.execute(mine.values(fresh)).rowcount:
                return False
            connection.execute(others.where(releases.c.state == "published").values(state="kept"))
            connection.execute(others.where(releases.c.state == "ready").values(state="outdated"))
            did = {"release_id": release.id, "account_id": account, "at": at, "act": act, "why": why}
            connection.execute(release_acts.insert().values(**did))
            write()
        return True

    def add_release_act(self, id_: int, account: int, at: datetime, act: str) -> None:
        """Note what somebody did with a release."""
        with self._writing() as connection:
            did = {"release_id": id_, "account_id": account, "at": at, "act": act}
            connection.execute(release_acts.insert().values(**did))

    def release_acts(self, id_: int | None = None, limit: int = 50) -> list[ReleaseAct]:
        """What was done with a release, or with any, newest first."""
        query = (
            select(release_acts, accounts.c.shown.label("who"))
            .outerjoin(accounts, accounts.c.id == release_acts.c.account_id)
            .order_by(release_acts.c.id.desc())
            .limit(limit)
        )
        if id_ is not None:
            query = query.where(release_acts.c.release_id == id_)
        with self._reading() as connection:
            return [drawn(ReleaseAct, row) for row in connection.execute(query)]

    def taught_since(self, at: datetime | None) -> list[int]:
        """Who proposed each lesson that was approved after a time (since ever: None) and still stands."""
        query = select(lessons.c.author_id).where(lessons.c.state == "approved").order_by(lessons.c.id)
        if at is not None:
            query = query.where(lessons.c.decided_at > at)
        with self._reading() as connection:
            return [int(row[0]) for row in connection.execute(query)]


def _rows() -> Any:
    publishers = accounts.alias()
    return (
        select(releases, accounts.c.shown.label("author"), publishers.c.shown.label("publisher"))
        .outerjoin(accounts, accounts.c.id == releases.c.author_id)
        .outerjoin(publishers, publishers.c.id == releases.c.publisher_id)
    )
