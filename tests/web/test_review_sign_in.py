"""Claims about the console's door over HTTP: sign-in, sessions, forms, and the permission table cell by cell.

The pages run over a real desk and a real database; only the model is not needed.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from builders import OWN_PASSWORD as OWN
from house import AREA, House, a_house, key_of, sign_in
from starlette.testclient import TestClient
from system import settings_on

from bot.opening import open_staff
from bot.permissions import PERMISSIONS, ROLES, Scope
from bot.staff import MISSES
from bot.web.review_visit import COOKIE, LARGEST, Page

SCOPE = Scope(area=AREA)


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> House:
    return a_house(tmp_path_factory.mktemp("console"))


@pytest.fixture()
def browser(house: House) -> Iterator[TestClient]:
    yield house.browser()


# —— the table of permissions ——


def address(page: Page) -> str:
    return re.sub(r"\{\w+(:\w+)?\}", "0", page.path)


def test_every_page_names_an_act_of_the_table_and_every_act_has_a_page(house: House) -> None:
    named = {(page.page, page.act) for page in house.console.pages}
    assert named == {(page, act) for page, acts in PERMISSIONS.items() for act in acts}


@pytest.mark.parametrize("role", ROLES)
def test_a_role_reaches_exactly_the_pages_of_the_table(house: House, role: str) -> None:
    browser = house.signed_in(f"{role}.one")
    for page in house.console.pages:
        if page.act == "sign_out":
            continue
        if page.method == "GET":
            answer = browser.get(address(page))
        else:
            key = key_of(browser.get("/review/password").text)
            answer = browser.post(address(page), data={"form_key": key})
        allowed = role in PERMISSIONS[page.page][page.act]
        assert (answer.status_code != 403) == allowed, (role, page.page, page.act, answer.status_code)
        assert answer.status_code < 500


def test_without_a_session_no_page_shows_and_no_form_works(house: House, browser: TestClient) -> None:
    for page in house.console.pages:
        answer = browser.request(page.method, address(page))
        assert answer.status_code in (303, 401)
        assert answer.headers.get("location", "/review/sign-in").startswith("/review/sign-in")


def test_every_form_is_refused_without_its_key_or_with_another_sessions(house: House) -> None:
    other = key_of(house.signed_in("mediator.one").get("/review/password").text)
    for page in house.console.pages:
        if page.method == "POST":
            browser = house.signed_in("admin.one" if page.page == "staff" else "head.one")
            for sent in ({}, {"form_key": ""}, {"form_key": other}):
                assert browser.post(address(page), data=sent).status_code == 403, page.path
            assert browser.get("/review/me").status_code == 200  # nothing happened, not even a signing out


# —— sessions ——


def test_the_cookie_is_kept_from_scripts_other_sites_and_plain_http(browser: TestClient) -> None:
    answer = sign_in(browser, "mediator.one", OWN)
    cookie = next(c for c in answer.headers.get_list("set-cookie") if c.startswith(COOKIE))
    assert "HttpOnly" in cookie and "Secure" in cookie and "samesite=lax" in cookie.lower()


def test_a_planted_session_is_never_taken_over(house: House) -> None:
    """Session fixation: neither an invented token nor somebody else's open session survives the sign-in."""
    planted = house.staff.sign_in("trainer.one", OWN).token
    for token in ("a" * 43, planted):
        browser = house.browser()
        browser.cookies.set(COOKIE, token, domain="desk.example", path="/")
        sign_in(browser, "mediator.one", OWN)
        fresh = [c.value for c in browser.cookies.jar if c.name == COOKIE]
        assert token not in fresh[-1:]
        assert house.staff.session(token) is None


def test_a_cookie_carried_off_to_another_browser_opens_nothing_and_ends_the_session(
    house: House, caplog: pytest.LogCaptureFixture
) -> None:
    hers, thief = house.signed_in("mediator.one"), house.browser()
    thief.cookies.set(COOKIE, hers.cookies[COOKIE])
    assert thief.get("/review/me", headers={"User-Agent": "somebody else's"}).status_code == 303
    assert hers.get("/review/me").status_code == 303, "she signs in anew, and what was stolen is worthless"
    assert "another browser" in caplog.text and "mediator.one" not in caplog.text


def test_signing_out_ends_the_session_on_the_server(house: House) -> None:
    browser = house.signed_in("mediator.one")
    token = browser.cookies[COOKIE]
    browser.post("/review/sign-out", data={"form_key": key_of(browser.get("/review/me").text)})
    again = house.browser()
    again.cookies.set(COOKIE, token)
    assert again.get("/review/me").status_code == 303


def test_a_stolen_form_of_the_sign_in_page_is_refused(house: House, browser: TestClient) -> None:
    browser.get("/review/sign-in")
    for sent in ({}, {"form_key": "x"}):
        answer = browser.post("/review/sign-in", data={"name": "mediator.one", "password": OWN, **sent})
        assert answer.status_code == 403
        assert COOKIE not in browser.cookies


def test_signing_in_leads_on_to_the_page_that_was_wanted_and_nowhere_else(house: House) -> None:
    def leads(to: str) -> str:
        answer = sign_in(house.browser(), "mediator.one", OWN, next=to)
        return str(answer.headers["location"])

    assert leads("/review/me?x=1") == "/review/me?x=1"
    for elsewhere in ("https://evil.example/review/", "//evil.example", "/reviewer", "/", "javascript:alert(1)", ""):
        assert leads(elsewhere) == "/review"


def test_lock_out_is_told_over_http_too(house: House) -> None:
    first = house.staff.add("locked.one", "某人", "clerk", SCOPE, house.desk.committees.directory())
    browser = house.browser()
    for _ in range(MISSES):
        assert sign_in(browser, "locked.one", "nope").status_code == 403
    answer = sign_in(browser, "locked.one", first)
    assert answer.status_code == 403 and COOKIE not in browser.cookies


def test_the_first_password_opens_only_the_page_that_changes_it(house: House) -> None:
    first = house.staff.add("fresh.one", "新来的", "head", SCOPE, house.desk.committees.directory())
    browser = house.browser()
    assert sign_in(browser, "fresh.one", first).headers["location"] == "/review/password"
    for page in house.console.pages:
        if page.path != "/review/password" and page.act != "sign_out":
            assert browser.request(page.method, address(page)).headers["location"] == "/review/password"
    key = key_of(browser.get("/review/password").text)
    change = {"form_key": key, "old": first, "new": OWN, "again": OWN}
    assert browser.post("/review/password", data={**change, "again": "另一个密码0000"}).status_code == 422
    assert browser.post("/review/password", data=change).status_code == 303
    assert browser.get("/review/me").status_code == 200


def test_an_oversized_form_is_told_and_not_read(house: House) -> None:
    browser = house.signed_in("mediator.one")
    key = key_of(browser.get("/review/password").text)
    answer = browser.post("/review/password", data={"form_key": key, "new": "x" * (LARGEST + 1)})
    assert answer.status_code == 413


def test_what_the_console_logs_names_nobody(house: House, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level("DEBUG", logger="fenzhen"):
        sign_in(house.browser(), "mediator.one", "some-wrong-password")
    assert "mediator.one" not in caplog.text and "some-wrong-password" not in caplog.text


# —— the verb ——


@pytest.fixture()
def verb(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Callable[..., str]:
    from bot.__main__ import main

    monkeypatch.setenv("FENZHEN_DATABASE", f"sqlite:///{tmp_path / 'verb.db'}")

    def run(*arguments: str, status: int = 0) -> str:
        assert main(["user", *arguments]) == status
        said = capsys.readouterr()
        return said.out if status == 0 else said.err

    return run


def test_the_verb_makes_a_user_and_says_the_password_once(verb: Callable[..., str], tmp_path: Path) -> None:
    said = verb("add", "wang.fang", "--shown", "王芳", "--role", "head", "--area", SCOPE.area or "")
    first = re.findall(r"[a-z0-9]{4}(?:-[a-z0-9]{4}){3}", said)
    assert len(first) == 1
    staff = open_staff(settings_on_verb(tmp_path))
    assert staff.sign_in("wang.fang", first[0]).account.must_change
    assert first[0] not in verb("list") and "王芳" in verb("list")
    renewed = re.findall(r"[a-z0-9]{4}(?:-[a-z0-9]{4}){3}", verb("renew", "wang.fang"))
    assert renewed != first and staff.sign_in("wang.fang", renewed[0])
    verb("close", "wang.fang")
    assert "停用" in verb("list")


def settings_on_verb(folder: Path):  # type: ignore[no-untyped-def]
    import dataclasses

    return dataclasses.replace(settings_on(folder), database=f"sqlite:///{folder / 'verb.db'}")


def test_the_verb_says_what_is_wrong(verb: Callable[..., str]) -> None:
    assert "body" in verb("add", "li.si", "--role", "mediator", status=1)
    assert "没有" in verb("close", "nobody", status=1)
