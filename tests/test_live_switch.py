"""Claims about putting another model in place while people talk: nobody is lost, each goes on.

How long the slowest turn takes meanwhile is measured by `make bench`.
"""

from __future__ import annotations

import asyncio
import dataclasses
import shutil
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from system import settings_on

from actions.intake import ValidateIntakeForm
from bot.agent import AgentError, Host
from bot.commands.serving import ensure_model, open_host
from bot.live import NAME, RELEASES, live, model_file, put_live, trained_file
from bot.opening import open_desk
from bot.settings import Settings
from bot.training import fingerprint
from bot.understanding import chinese

pytestmark = pytest.mark.running

CONSENT = {"title": "同意，开始说", "step": "privacy_consent", "value": "yes"}
STORY = "我在晋城高平一个工地干了四个月，包工头老赵欠我们六个人三万二工资"
ANSWERS = ("不在那儿干了，六月底走的", "没签合同，有他打的欠条", "还没找过别的地方", "就想把钱要回来")


@pytest.fixture()
def own(tmp_path: Path, running: Any) -> Iterator[Settings]:
    """Settings with a release beside the model that was trained by hand: the same model, with a dictionary of its own."""
    settings = dataclasses.replace(settings_on(tmp_path), models=tmp_path / "models")
    settings.models.mkdir()
    shutil.copyfile(running.settings.models / f"{NAME}.tar.gz", trained_file(settings.models))
    (settings.models / f"{NAME}.sources").write_text(fingerprint())
    folder = settings.models / RELEASES / "r1"
    folder.mkdir(parents=True)
    shutil.copyfile(trained_file(settings.models), folder / f"{NAME}.tar.gz")
    shutil.copytree(chinese.WORDS, folder / "words")
    with (folder / "words" / "dictionary.txt").open("a", encoding="utf-8") as words:
        words.write("\n塔吊司机费\n")
    yield settings
    ValidateIntakeForm.desk = running.host.desk
    chinese.use_words(chinese.WORDS)


def test_talks_go_on_while_another_model_is_put_in_place(own: Settings) -> None:
    host, switched = Host.open(own.models, open_desk(own)), threading.Event()
    first = host._agent

    def publish() -> None:
        host.prepared(own.models / RELEASES / "r1" / f"{NAME}.tar.gz", 7)()
        switched.set()

    async def talk(models: list[int]) -> int | None:
        """One talk; returns as which release the model heard it."""
        key, _ = host.desk.open_conversation()
        await host.hear(key, CONSENT["title"], choice=CONSENT)
        for text in (STORY, *ANSWERS):
            reply = await host.hear(key, text)
            models.append(id(host._agent))
            assert reply.state["ask"] and reply.bubbles
        kept = host.desk.conversation_by_key(key)
        assert kept is not None and kept.draft["type"] == "wages" and kept.draft["facts"]["amount"]["value"] == 32000
        release: int | None = kept.draft["release"]
        return release

    async def everybody() -> list[int]:
        await host.warm()
        models: list[int] = []
        assert await talk(models) is None  # the model was trained by hand
        publishing = threading.Thread(target=publish)
        publishing.start()
        while not switched.is_set():
            await talk(models)
        assert await talk(models) == 7
        publishing.join()
        return models

    models = asyncio.run(everybody())
    assert len(set(models)) == 2 and models[0] == id(first) and models[-1] == id(host._agent)
    assert "塔吊司机费" in chinese.segmenter().lcut("我要塔吊司机费")


def test_a_damaged_model_leaves_the_live_one_as_it_is(own: Settings) -> None:
    host = Host.open(own.models, open_desk(own))
    before = host._agent
    damaged = own.models / RELEASES / "r1" / "half.tar.gz"
    damaged.write_bytes(trained_file(own.models).read_bytes()[:100_000])
    with pytest.raises(AgentError):
        host.prepared(damaged)
    assert host._agent is before and "塔吊司机费" not in chinese.segmenter().lcut("我要塔吊司机费")


def test_serving_opens_the_published_release_and_does_not_train_because_examples_are_newer(own: Settings) -> None:
    put_live(own.models, 1, "r1")
    (own.models / RELEASES / "r1" / f"{NAME}.sources").write_text("older")
    before = {path: path.stat().st_mtime_ns for path in own.models.rglob("*.tar.gz")}
    ensure_model(own)
    assert {path: path.stat().st_mtime_ns for path in own.models.rglob("*.tar.gz")} == before
    assert model_file(own.models).parent.name == "r1"
    assert Host.open(own.models, open_desk(own))._agent.release == 1


def test_a_published_release_that_cannot_be_opened_does_not_keep_the_door_shut(own: Settings) -> None:
    put_live(own.models, 1, "r1")
    model_file(own.models).write_bytes(b"nothing that can be read")
    host = open_host(own)
    assert live(own.models) is None
    key, _ = host.desk.open_conversation()
    reply = asyncio.run(host.hear(key, CONSENT["title"], choice=CONSENT))
    assert reply.state["ask"] == "story"
