"""Claims about accounts, sign-in and sessions: what the database keeps also on PostgreSQL."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path

import pyotp
import pytest
from builders import NOW, OWN_PASSWORD, QUICK
from sqlalchemy import select
from system import a_database

from bot import knowledge
from bot.intake.directory import Directory
from bot.permissions import Scope, below
from bot.settings import Settings
from bot.staff import IDLE, LONGEST, MISSES, WAIT, Staff, StaffError, check_password
from bot.store import Store
from bot.tables import accounts, sign_in_misses, staff_sessions

OWN = OWN_PASSWORD
NX = "浙江省/湖州市/南浔区"


class Clock:
    def __init__(self) -> None:
        self.now = NOW

    def __call__(self) -> datetime:
        return self.now

    def passes(self, by: timedelta) -> None:
        self.now += by


@pytest.fixture(scope="module")
def directory() -> Directory:
    text = Settings.from_environment({}).directory.read_text(encoding="utf-8-sig")
    return Directory.parse(text, knowledge.divisions(), knowledge.taxonomy().subtypes)


@pytest.fixture()
def clock() -> Clock:
    return Clock()


#: These claims are about what the database does, so they are tried on both.
BOTH = pytest.mark.parametrize("url", ["sqlite", "postgresql"], indirect=True)


@pytest.fixture()
def url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    yield from a_database(request, getattr(request, "param", "sqlite"), tmp_path)


@pytest.fixture()
def staff(store: Store, clock: Clock) -> Staff:
    return Staff(store, clock, QUICK)


@pytest.fixture()
def fang(staff: Staff, directory: Directory) -> str:
    """A mediator with a first password."""
    return staff.add("wang.fang", "王芳", "mediator", Scope(area=NX), directory)


def settled(staff: Staff, first: str) -> str:
    """Her own password, after the forced change."""
    admitted = staff.sign_in("wang.fang", first)
    staff.change_password(admitted.account, first, OWN)
    return OWN


@BOTH
def test_the_first_password_must_be_changed_and_the_own_one_opens(staff: Staff, fang: str) -> None:
    admitted = staff.sign_in("Wang.Fang ", fang)
    assert admitted.account.must_change
    changed = staff.change_password(admitted.account, fang, OWN)
    assert staff.session(admitted.token) is None  # every session before the change is over
    session = staff.session(changed.token)
    assert session is not None and not session.account.must_change
    with pytest.raises(StaffError):
        staff.sign_in("wang.fang", fang)
    assert staff.sign_in("wang.fang", OWN).account.shown == "王芳"


def test_no_password_and_no_token_is_stored(staff: Staff, store: Store, fang: str) -> None:
    token = staff.sign_in("wang.fang", fang).token
    with store._engine.connect() as connection:
        rows = [
            str(tuple(r))
            for table in (accounts, staff_sessions, sign_in_misses)
            for r in connection.execute(select(table))
        ]
    assert rows and not any(fang in row or token in row for row in rows)
    assert any("$argon2id$" in row for row in rows)


@BOTH
def test_after_five_failures_even_the_right_password_waits(staff: Staff, clock: Clock, fang: str) -> None:
    own = settled(staff, fang)
    for _ in range(MISSES):
        with pytest.raises(StaffError, match="不对"):
            staff.sign_in("wang.fang", "nope")
    with pytest.raises(StaffError, match="分钟"):
        staff.sign_in("wang.fang", own)
    clock.passes(WAIT + timedelta(seconds=1))
    assert staff.sign_in("wang.fang", own)


def test_a_success_forgets_the_failures_before(staff: Staff, fang: str) -> None:
    own = settled(staff, fang)
    for _ in range(3):
        for _ in range(MISSES - 1):
            with pytest.raises(StaffError, match="不对"):
                staff.sign_in("wang.fang", "nope")
        staff.sign_in("wang.fang", own)


def test_a_name_that_does_not_exist_answers_and_locks_like_one_that_does(staff: Staff, fang: str) -> None:
    def words(name: str) -> list[str]:
        said = []
        for _ in range(MISSES + 1):
            with pytest.raises(StaffError) as caught:
                staff.sign_in(name, "nope")
            said.append(str(caught.value))
        return said

    assert words("nobody.here") == words("wang.fang")


@BOTH
def test_an_idle_session_ends_and_so_does_a_long_one(staff: Staff, clock: Clock, fang: str) -> None:
    token = staff.sign_in("wang.fang", fang).token
    clock.passes(IDLE - timedelta(minutes=1))
    assert staff.session(token) is not None
    clock.passes(IDLE - timedelta(minutes=1))
    assert staff.session(token) is not None  # it was used in between
    clock.passes(IDLE + timedelta(minutes=1))
    assert staff.session(token) is None
    token = staff.sign_in("wang.fang", fang).token
    for _ in range(int(LONGEST / timedelta(hours=1)) + 1):
        clock.passes(timedelta(hours=1))
        alive = staff.session(token)
    assert alive is None


def test_a_page_that_asks_by_itself_keeps_nobody_signed_in(staff: Staff, clock: Clock, fang: str) -> None:
    token = staff.sign_in("wang.fang", fang).token
    for _ in range(5):
        clock.passes(IDLE / 4)
        staff.session(token, touch=False)
    assert staff.session(token) is None


@BOTH
def test_a_closed_account_is_out_at_once(staff: Staff, fang: str) -> None:
    token = staff.sign_in("wang.fang", fang).token
    staff.close("wang.fang")
    assert staff.session(token) is None
    with pytest.raises(StaffError):
        staff.sign_in("wang.fang", fang)
    staff.close("wang.fang", active=True)
    assert staff.sign_in("wang.fang", fang)


def test_a_renewed_password_ends_lock_out_second_factor_and_sessions(staff: Staff, clock: Clock, fang: str) -> None:
    own = settled(staff, fang)
    admitted = staff.sign_in("wang.fang", own)
    secret, _ = staff.new_secret(admitted.account)
    staff.second_factor_on(admitted.account, secret, pyotp.TOTP(secret).at(clock.now))
    for _ in range(MISSES):
        with pytest.raises(StaffError):
            staff.sign_in("wang.fang", "nope")
    first = staff.renew("wang.fang")
    assert staff.session(admitted.token) is None
    assert staff.sign_in("wang.fang", first).account.must_change


@BOTH
def test_the_second_factor_is_needed_once_it_is_on_and_a_code_opens_once(staff: Staff, clock: Clock, fang: str) -> None:
    own = settled(staff, fang)
    account = staff.sign_in("wang.fang", own).account
    secret, address = staff.new_secret(account)
    assert address.startswith("otpauth://totp/")
    with pytest.raises(StaffError):
        staff.second_factor_on(account, secret, "000000")
    staff.second_factor_on(account, secret, pyotp.TOTP(secret).at(clock.now))
    clock.passes(timedelta(minutes=2))
    with pytest.raises(StaffError):
        staff.sign_in("wang.fang", own)
    code = pyotp.TOTP(secret).at(clock.now - timedelta(seconds=30))  # her clock is half a minute behind
    assert staff.sign_in("wang.fang", own, f"{code[:3]} {code[3:]}")
    with pytest.raises(StaffError):
        staff.sign_in("wang.fang", own, code)
    with pytest.raises(StaffError):
        staff.second_factor_off(account, "nope")
    staff.second_factor_off(account, own)
    assert staff.sign_in("wang.fang", own)


@pytest.mark.parametrize("weak", ["short", "aaaaaaaaaaaa", "1234567890", "xxwang.fangxx", OWN, "a" * 300])
def test_a_weak_password_is_refused(weak: str) -> None:
    with pytest.raises(StaffError):
        check_password(weak, "wang.fang", OWN)


@pytest.mark.parametrize(
    ("name", "role", "scope"),
    [
        ("王芳", "mediator", Scope(area=NX)),
        ("wang.fang", "mediator", Scope(area=NX)),  # taken
        ("li.si", "king", Scope(area=NX)),
        ("li.si", "mediator", Scope()),
        ("li.si", "mediator", Scope(body="no-such-body")),
        ("li.si", "head", Scope(area="浙江省/没有这个市")),
    ],
)
def test_an_account_that_cannot_work_is_refused(
    staff: Staff, fang: str, directory: Directory, name: str, role: str, scope: Scope
) -> None:
    with pytest.raises(StaffError):
        staff.add(name, "某人", role, scope, directory)


def test_an_administrator_needs_no_scope(staff: Staff, directory: Directory) -> None:
    assert staff.add("root.admin", "管理员", "admin", Scope(), directory)


def test_scope_is_by_committee_or_by_steps_of_the_area() -> None:
    county = Scope(area=NX)
    assert county.covers("any", f"{NX}/练市镇/某村") and county.covers(None, NX)
    assert not county.covers("any", "浙江省/湖州市") and not county.covers("any", f"{NX}新城/某镇")
    village = Scope(body="v1")
    assert village.covers("v1", f"{NX}/练市镇") and not village.covers("v2", f"{NX}/练市镇")
    assert not Scope().covers(None, None) and not Scope().covers("v1", NX)
    assert not below("", NX)
