"""Staff: accounts, sign-in, sessions. The only place that sees a password.

Hides argon2id, lock-out, rotation of sessions and the second factor (TOTP, RFC 6238). Sessions live in the database,
with the SHA-256 of their token; the token itself is only in the cookie. Called by the console's pages and by
`python -m bot user`.
"""

from __future__ import annotations

import hmac
import logging
import re
import secrets
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

import pyotp
from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from bot.database import hashed
from bot.intake.directory import Directory
from bot.permissions import ROLES, Scope
from bot.store import Store
from bot.store_staff import Account, Session

#: Failures in a row after which a name waits, and for how long. The wait is the same for names that do not exist.
MISSES = 5
WAIT = timedelta(minutes=15)
#: A session ends so long after its last use, and so long after it began, whatever happens.
IDLE = timedelta(hours=2)
LONGEST = timedelta(hours=12)
SHORTEST_PASSWORD = 10
LONGEST_PASSWORD = 200
#: Letters of a first password: none that is read for another.
FIRST_LETTERS = "34679acdefghjkmnpqrtuvwxy"
NAME = re.compile(r"[a-z0-9][a-z0-9._-]{1,62}")
STEP_SECONDS = 30
log = logging.getLogger("fenzhen.staff")


class StaffError(ValueError):
    """What was asked cannot be done; the message says why in plain Chinese."""


@dataclass(frozen=True, slots=True)
class Admitted:
    """A fresh session: the cookie's token, the account, the key for its forms."""

    token: str
    account: Account
    form_key: str


class Staff:
    """Accounts and sessions over a store. Thread-safe."""

    def __init__(
        self, store: Store, clock: Callable[[], datetime] = datetime.now, hasher: PasswordHasher | None = None
    ) -> None:
        self._store = store
        self._clock = clock
        self._hasher = hasher or PasswordHasher()  # argon2id by the library's own (RFC 9106) figures
        # Checked when the name is unknown, so that the time of an answer tells nobody which names exist.
        self._nobody = self._hasher.hash(secrets.token_hex(8))

    # —— accounts ——

    def add(self, name: str, shown: str, role: str, scope: Scope, directory: Directory) -> str:
        """Add an account. Returns its first password, which opens only the page that changes it.

        Raises StaffError for a name that is taken or cannot be typed, an unknown role, a committee that is not in the
        directory, or a role that works on cases without any scope.
        """
        name = _plain(name)
        if not NAME.fullmatch(name):
            raise StaffError("登录名要用小写字母、数字、点或横线，两个字以上，比如 wang.fang。")
        if role not in ROLES:
            raise StaffError(f"没有“{role}”这个角色。可以选：{'、'.join(ROLES)}。")
        if scope.body and scope.body not in directory:
            raise StaffError(f"名录里没有编号是 {scope.body} 的调委会。")
        if role not in ("admin", "trainer") and not (scope.body or scope.area):
            raise StaffError("要写明是哪个调委会（--body）或者管哪一片（--area）。")
        if scope.area and not any(
            body.area == scope.area or body.area.startswith(f"{scope.area}/") for body in directory
        ):
            raise StaffError(f"名录里“{scope.area}”没有调委会。请从省写起，用 / 分开，比如 浙江省/湖州市。")
        first = _first_password()
        if not self._store.add_account(
            name, shown.strip() or name, role, scope, self._hasher.hash(first), self._clock()
        ):
            raise StaffError(f"登录名 {name} 已经有人用了。")
        return first

    def account(self, name: str) -> Account:
        """An account by name. Raises StaffError when there is none."""
        found = self._store.account(_plain(name))
        if found is None:
            raise StaffError(f"没有叫 {name} 的用户。")
        return found

    def accounts(self) -> list[Account]:
        """All accounts."""
        return self._store.accounts()

    def renew(self, name: str) -> str:
        """A new first password for somebody who forgot hers; her sessions end, her lock-out too."""
        account, first = self.account(name), _first_password()
        self._store.set_password(account.id, self._hasher.hash(first), must_change=True)
        self._store.set_second_factor(account.id, None)
        self._store.clear_misses(account.name)
        return first

    def close(self, name: str, active: bool = False) -> None:
        """Close an account, or open it again."""
        self._store.set_active(self.account(name).id, active)

    # —— sign-in ——

    def sign_in(self, name: str, password: str, code: str = "", browser: str = "") -> Admitted:
        """Check name, password and, where it is on, the second factor; open a session with a new token, bound to a
        browser as it names itself.

        Raises StaffError, with the same words whatever was wrong.
        """
        name, now = _plain(name)[:64], self._clock()
        if self._store.misses(name, now - WAIT) >= MISSES:
            raise StaffError(f"试错的次数太多了，请等 {int(WAIT.total_seconds() // 60)} 分钟再试，或者找管理员。")
        account = self._store.account(name)
        secret = self._store.account_secrets(account.id) if account else None
        right = self._matches(secret.password_hash if secret else self._nobody, password)
        if right and account and secret and secret.totp_secret:
            right = self._code_opens(account.id, secret.totp_secret, code)
        if not right or account is None or not account.active:
            self._store.add_miss(name, now, WAIT)
            raise StaffError("登录名、密码或动态口令不对。")
        self._store.clear_misses(name)
        self._store.end_old_sessions(now - LONGEST, now - IDLE)
        if secret and self._hasher.check_needs_rehash(secret.password_hash) and not account.must_change:
            self._store.set_password(account.id, self._hasher.hash(password), must_change=False)
        return self._admit(account, browser)

    def _admit(self, account: Account, browser: str) -> Admitted:
        token, form_key = secrets.token_urlsafe(32), secrets.token_urlsafe(24)
        self._store.open_session(account.id, token, form_key, self._clock(), browser)
        return Admitted(token, account, form_key)

    def session(self, token: str, touch: bool = True, browser: str = "") -> Session | None:
        """The open session of a cookie, or None. `touch` False: a page that asks by itself keeps nobody signed in.

        A cookie that comes from another browser than it was given to ends its session for both.
        """
        if not 20 <= len(token) <= 100:
            return None
        found, now = self._store.session(token), self._clock()
        if found is None or now - found.seen_at > IDLE or now - found.opened_at > LONGEST:
            return None
        if found.browser_hash is not None and not hmac.compare_digest(found.browser_hash, hashed(browser)):
            log.warning("the session of account %d came from another browser: ended", found.account.id)
            self._store.end_session(token)
            return None
        if touch and now - found.seen_at > timedelta(minutes=1):
            self._store.touch_session(found.id, now)
        return found

    def sign_out(self, token: str) -> None:
        """End a session."""
        self._store.end_session(token)

    # —— her own account ——

    def change_password(self, account: Account, old: str, new: str, browser: str = "") -> Admitted:
        """Change the password. All sessions of the account end; the one returned is new.

        Raises StaffError when the old one is wrong or the new one is too weak.
        """
        if self._store.misses(account.name, self._clock() - WAIT) >= MISSES:
            raise StaffError("试错的次数太多了，请过一会儿再试。")
        if not self._matches(self._store.account_secrets(account.id).password_hash, old):
            self._store.add_miss(account.name, self._clock(), WAIT)
            raise StaffError("现在用的密码不对。")
        check_password(new, account.name, old)
        self._store.set_password(account.id, self._hasher.hash(new), must_change=False)
        return self._admit(account, browser)

    @staticmethod
    def new_secret(account: Account) -> tuple[str, str]:
        """A secret for an authenticator app and the address that carries it; nothing is stored yet."""
        secret = pyotp.random_base32()
        return secret, pyotp.TOTP(secret).provisioning_uri(name=account.name, issuer_name="分诊台")

    def second_factor_on(self, account: Account, secret: str, code: str) -> None:
        """Switch the second factor on, once the app shows a right code. Raises StaffError."""
        if not re.fullmatch(r"[A-Z2-7]{32}", secret) or self._step_of(secret, code) is None:
            raise StaffError("六位口令不对，看看手机上的时间准不准，再试一次。")
        self._store.set_second_factor(account.id, secret)

    def second_factor_off(self, account: Account, password: str) -> None:
        """Switch it off; the password is asked again. Raises StaffError."""
        if not self._matches(self._store.account_secrets(account.id).password_hash, password):
            raise StaffError("现在用的密码不对。")
        self._store.set_second_factor(account.id, None)

    def _matches(self, hashed: str, password: str) -> bool:
        if len(password) > LONGEST_PASSWORD:
            return False
        try:
            return bool(self._hasher.verify(hashed, password))
        except (VerificationError, InvalidHashError):
            return False

    def _code_opens(self, account: int, secret: str, code: str) -> bool:
        step = self._step_of(secret, code)
        return step is not None and self._store.use_code(account, step)

    def _step_of(self, secret: str, code: str) -> int | None:
        """The 30-second step whose code this is: now, the one before or the one after (clocks differ)."""
        code, now = re.sub(r"\s", "", code), int(self._clock().timestamp()) // STEP_SECONDS
        totp = pyotp.TOTP(secret)
        steps = (now, now - 1, now + 1)
        return next((s for s in steps if secrets.compare_digest(totp.generate_otp(s).encode(), code.encode())), None)


def check_password(new: str, name: str, old: str) -> None:
    """Raise StaffError when a password is too short, too long, the old one, or too easy to guess."""
    if len(new) < SHORTEST_PASSWORD:
        raise StaffError(f"新密码至少 {SHORTEST_PASSWORD} 个字。可以用一句自己记得住的话。")
    if len(new) > LONGEST_PASSWORD:
        raise StaffError(f"新密码最多 {LONGEST_PASSWORD} 个字。")
    if new == old:
        raise StaffError("新密码要和原来的不一样。")
    rows = ("01234567890123456789", "abcdefghijklmnopqrstuvwxyz", "qwertyuiopasdfghjklzxcvbnm")
    if len(set(new)) < 5 or name in new.lower() or any(new.lower() in row for row in rows):
        raise StaffError("这个密码太好猜了，换一个。可以用一句自己记得住的话。")


def _plain(name: str) -> str:
    return name.strip().lower()


def _first_password() -> str:
    return "-".join("".join(secrets.choice(FIRST_LETTERS) for _ in range(4)) for _ in range(4))
