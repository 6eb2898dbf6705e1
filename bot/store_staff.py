"""The store's part on staff: accounts, their sessions, failed sign-ins. Called by `staff` through the store."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import select
from sqlalchemy.engine import Connection
from sqlalchemy.exc import IntegrityError

from bot.database import Database, hashed
from bot.permissions import Scope
from bot.tables import accounts, sign_in_misses, staff_sessions


@dataclass(frozen=True, slots=True)
class Account:
    """Somebody of the staff. `name` is typed at sign-in, `shown` is what people read."""

    id: int
    name: str
    shown: str
    role: str
    body_id: str | None
    area: str | None
    must_change: bool
    second_factor: bool
    active: bool

    @property
    def scope(self) -> Scope:
        """The cases within reach."""
        return Scope(self.body_id, self.area)


@dataclass(frozen=True, slots=True)
class Session:
    """An open session: whose, the key that its forms carry, when it began and was last used."""

    id: int
    account: Account
    form_key: str
    opened_at: datetime
    seen_at: datetime
    browser_hash: str | None


@dataclass(frozen=True, slots=True)
class Secrets:
    """What a sign-in is checked against. Never leaves `staff`."""

    password_hash: str
    totp_secret: str | None
    totp_used: int | None


class StaffRows(Database):
    """Rows of accounts, sessions and misses."""

    def add_account(self, name: str, shown: str, role: str, scope: Scope, password_hash: str, at: datetime) -> bool:
        """Add an account that must change its password. False when the name is taken."""
        values = {"name": name, "shown": shown, "role": role, "body_id": scope.body, "area": scope.area}
        kept = {"password_hash": password_hash, "must_change": True, "active": True, "opened_at": at}
        try:
            with self._writing() as connection:
                connection.execute(accounts.insert().values(**values, **kept))
        except IntegrityError:
            return False
        return True

    def account(self, name: str) -> Account | None:
        """An account by its sign-in name, active or not."""
        with self._reading() as connection:
            row = connection.execute(select(accounts).where(accounts.c.name == name)).one_or_none()
        return _account(row) if row else None

    def accounts(self) -> list[Account]:
        """All accounts by name."""
        with self._reading() as connection:
            return [_account(row) for row in connection.execute(select(accounts).order_by(accounts.c.name))]

    def account_secrets(self, account: int) -> Secrets:
        """Hash and second factor of an account."""
        columns = (accounts.c.password_hash, accounts.c.second_factor, accounts.c.totp_used)
        with self._reading() as connection:
            row = connection.execute(select(*columns).where(accounts.c.id == account)).one()
        return Secrets(row.password_hash, row.second_factor, row.totp_used)

    def set_password(self, account: int, password_hash: str, must_change: bool) -> None:
        """Replace the password and end every session of the account."""
        values = {"password_hash": password_hash, "must_change": must_change}
        with self._writing() as connection:
            connection.execute(accounts.update().where(accounts.c.id == account).values(**values))
            connection.execute(staff_sessions.delete().where(staff_sessions.c.account_id == account))

    def set_second_factor(self, account: int, secret: str | None) -> None:
        """Switch the second factor on (a base32 secret) or off."""
        values = {"second_factor": secret, "totp_used": None}
        with self._writing() as connection:
            connection.execute(accounts.update().where(accounts.c.id == account).values(**values))

    def use_code(self, account: int, step: int) -> bool:
        """Note that the code of a 30-second step was used. False when it or a later one was: a code opens once."""
        fresh = (accounts.c.totp_used.is_(None)) | (accounts.c.totp_used < step)
        with self._writing() as connection:
            update = accounts.update().where(accounts.c.id == account, fresh).values(totp_used=step)
            return bool(connection.execute(update).rowcount)

    def set_active(self, account: int, active: bool) -> None:
        """Close an account (its sessions end at once) or open it again."""
        with self._writing() as connection:
            connection.execute(accounts.update().where(accounts.c.id == account).values(active=active))
            if not active:
                connection.execute(staff_sessions.delete().where(staff_sessions.c.account_id == account))

    # —— sessions ——

    def open_session(self, account: int, token: str, form_key: str, at: datetime, browser: str) -> None:
        """Begin a session; only the SHA-256 of the token and of the browser's name is stored."""
        values = {"token_hash": hashed(token), "account_id": account, "form_key": form_key}
        values["browser_hash"] = hashed(browser)
        with self._writing() as connection:
            connection.execute(staff_sessions.insert().values(**values, opened_at=at, seen_at=at))

    def session(self, token: str) -> Session | None:
        """The session of a token, whatever its age; None when unknown or its account is closed."""
        columns = [c for c in accounts.c if c.name not in ("id", "opened_at")]
        query = (
            select(staff_sessions, *columns)
            .join(accounts, accounts.c.id == staff_sessions.c.account_id)
            .where(staff_sessions.c.token_hash == hashed(token), accounts.c.active)
        )
        with self._reading() as connection:
            row = connection.execute(query).one_or_none()
        if row is None:
            return None
        return Session(
            row.id, _account(row, row.account_id), row.form_key, row.opened_at, row.seen_at, row.browser_hash
        )

    def touch_session(self, session: int, at: datetime) -> None:
        """Note that a session was used."""
        with self._writing() as connection:
            connection.execute(staff_sessions.update().where(staff_sessions.c.id == session).values(seen_at=at))

    def end_session(self, token: str) -> None:
        """End a session: the token opens nothing any more."""
        with self._writing() as connection:
            connection.execute(staff_sessions.delete().where(staff_sessions.c.token_hash == hashed(token)))

    def end_old_sessions(self, opened_before: datetime, seen_before: datetime) -> None:
        """Drop what expired."""
        old = (staff_sessions.c.opened_at < opened_before) | (staff_sessions.c.seen_at < seen_before)
        with self._writing() as connection:
            connection.execute(staff_sessions.delete().where(old))

    # —— failed sign-ins ——

    def misses(self, name: str, since: datetime) -> int:
        """How often a sign-in with this name failed in a row, if the last time was after `since`."""
        query = select(sign_in_misses.c.misses).where(
            sign_in_misses.c.name_hash == hashed(name), sign_in_misses.c.last_at > since
        )
        with self._reading() as connection:
            return int(connection.execute(query).scalar() or 0)

    def add_miss(self, name: str, at: datetime, window: timedelta) -> None:
        """Count a failed sign-in; after a quiet `window` the count begins anew."""
        try:
            with self._writing() as connection:
                if not _count_on(connection, name, at, window):
                    connection.execute(sign_in_misses.insert().values(name_hash=hashed(name), misses=1, last_at=at))
        except IntegrityError:  # two at once: the other was first
            with self._writing() as connection:
                _count_on(connection, name, at, window)

    def clear_misses(self, name: str) -> None:
        """Forget the failures of a name."""
        with self._writing() as connection:
            connection.execute(sign_in_misses.delete().where(sign_in_misses.c.name_hash == hashed(name)))


def _count_on(connection: Connection, name: str, at: datetime, window: timedelta) -> bool:
    mine = sign_in_misses.c.name_hash == hashed(name)
    stale = sign_in_misses.update().where(mine, sign_in_misses.c.last_at <= at - window).values(misses=1, last_at=at)
    going = sign_in_misses.update().where(mine).values(misses=sign_in_misses.c.misses + 1, last_at=at)
    return bool(connection.execute(stale).rowcount or connection.execute(going).rowcount)


def _account(row: Any, id_: int | None = None) -> Account:
    return Account(
        id=row.id if id_ is None else id_,
        name=row.name,
        shown=row.shown,
        role=row.role,
        body_id=row.body_id,
        area=row.area,
        must_change=row.must_change,
        second_factor=row.second_factor is not None,
        active=row.active,
    )
