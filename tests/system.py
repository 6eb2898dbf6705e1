"""The system under test: settings and databases of its own, and the whole of it running in this process.

A module of its own, because a `conftest` of one folder hides that of another from whoever imports it by name.
"""

from __future__ import annotations

import asyncio
import dataclasses
from collections.abc import Coroutine, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from sqlalchemy import create_engine, text
from sqlalchemy.engine.url import make_url

from bot.opening import open_desk
from bot.settings import Settings


def settings_on(folder: Path) -> Settings:
    """Settings with a database of its own."""
    own = {"database": f"sqlite:///{folder / 'desk.db'}", "attachments": folder / "attachments"}
    return dataclasses.replace(Settings.from_environment({}), **own)  # type: ignore[arg-type]


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


class Running:
    """The whole system in this process: agent with the trained model, actions, desk, database on disk."""

    def __init__(self, folder: Path) -> None:
        from bot.agent import Host

        self.settings = settings_on(folder)
        self.loop = asyncio.new_event_loop()
        self.host = Host.open(self.settings.models, open_desk(self.settings))

    def hear(self, key: str, text: str, **more: Any) -> Any:
        """One turn."""
        return self.wait(self.host.hear(key, text, **more))

    def wait(self, coming: Coroutine[Any, Any, Any]) -> Any:
        """What a coroutine gives, run in a thread of its own: in this one a browser's loop may be running."""
        with ThreadPoolExecutor(max_workers=1) as beside:
            return beside.submit(self.loop.run_until_complete, coming).result()
