"""A page as a browser meets it: an application behind a real port, and somebody of the staff signed in to it.

Called by `conftest` and the browser tests; the stand-in without a port is `house.House.browser`.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import uvicorn
from builders import OWN_PASSWORD

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

#: Seconds until a server listens and until it has ended; milliseconds that a page may take, on a machine with much to do.
BEGIN, END, WAIT_MS = 30, 10, 30_000


def served(app: Any) -> Iterator[str]:
    """The address of an ASGI application on a port of its own, until the generator is closed."""
    serving = uvicorn.Server(uvicorn.Config(app, port=0, log_level="error", ws="none", access_log=False))
    thread = threading.Thread(target=serving.run, daemon=True)
    thread.start()
    deadline = time.monotonic() + BEGIN
    while not serving.started and time.monotonic() < deadline:
        time.sleep(0.05)
    assert serving.started
    yield f"http://127.0.0.1:{serving.servers[0].sockets[0].getsockname()[1]}"
    serving.should_exit = True
    thread.join(END)


def signed_in(browser: Browser, address: str, name: str, width: int = 1280) -> Page:
    """A page of the console where somebody has signed in; paths alone may be opened on it."""
    viewport = {"width": width, "height": 844 if width < 500 else 900}
    page = browser.new_context(viewport=viewport, locale="zh-CN", base_url=address).new_page()  # type: ignore[arg-type]
    page.set_default_timeout(WAIT_MS)
    page.goto("/review")
    page.fill("[name=name]", name)
    page.fill("[name=password]", OWN_PASSWORD)
    page.click("main .button")
    page.locator("[name=password]").wait_for(state="detached")
    page.locator("h1").wait_for()
    return page
