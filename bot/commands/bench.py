"""`make bench`: speed and memory of the desk on this machine, as figures. Never a timed test.

A turn is measured through the whole system (Rasa agent, actions, desk, SQLite on disk), one citizen and ten at once;
the readers and the model on the project's own language data; training from scratch in a folder of its own.
"""

from __future__ import annotations

import asyncio
import dataclasses
import os
import platform
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from datetime import date
from pathlib import Path

from bot.live import model_file
from bot.settings import ROOT, Settings
from bot.training import fingerprint, train

TALK: tuple[tuple[str, str] | str, ...] = (
    ("privacy_consent", "yes"),
    "我在湖州市南浔区练市镇一个工地干木工，包工头老王欠我三万二，从今年三月干到八月，人也找不到了",
    "调解要收钱吗",
    "王建国，电话13800001111",
    "不在了，八月底走的",
    "没签合同，有微信聊天记录",
    "找过劳动局",
    "把工资要回来",
    "李四，13900002222",
    "我自己的事",
    "晚上七点以后",
    "男，四十五岁",
    "金额不对，是三万五",
    ("card", "ok"),
    ("handover_consent", "yes"),
)


def bench(settings: Settings) -> None:
    """Print the figures as a Markdown table."""
    rows: list[tuple[str, str]] = [
        ("机器", f"{os.cpu_count()} 核，{platform.system()}，Python {platform.python_version()}")
    ]
    with tempfile.TemporaryDirectory() as folder:
        own = dataclasses.replace(settings, database=f"sqlite:///{Path(folder) / 'bench.db'}")
        begun = time.perf_counter()
        host = _open(own)
        rows.append(("打开（导入、模型、名录、词典）", f"{time.perf_counter() - begun:.1f} 秒"))
        loop = asyncio.new_event_loop()
        alone = [ms for _ in range(8) for ms in loop.run_until_complete(_talk(host))]
        rows.append(("一轮，一个人说", _spread(alone)))
        begun = time.perf_counter()
        crowd = loop.run_until_complete(_crowd(host, 10))
        taken = time.perf_counter() - begun
        rows.append(("一轮，十个人同时说", f"{_spread(crowd)}，每秒 {len(crowd) / taken:.0f} 轮"))
        rows.append(("第 1000 轮（同一次谈话）", _spread(loop.run_until_complete(_long(host)))))
        switching = loop.run_until_complete(_switching(host, model_file(settings.models)))
        rows.append(
            (
                "一轮，正在换上另一个模型（issue 6：没有人等一秒以上）",
                f"{_spread(switching)}，最慢 {max(switching):.0f} ms",
            )
        )
        rows.append(("进程内存（最高）", f"{resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024:.0f} MB"))
        rows += _lines(settings)
        begun = time.perf_counter()
        train(Path(folder) / "models", lambda _: None)
        rows.append(("从头训练", f"{time.perf_counter() - begun:.0f} 秒"))
        rows.append(("模型文件", f"{model_file(settings.models).stat().st_size / 1e6:.0f} MB"))
    rows.append(("源文件指纹", fingerprint()[:12]))
    print("| 项目 | 数字 |\n|---|---|")
    for name, figure in rows:
        print(f"| {name} | {figure} |")


def _open(settings: Settings):  # type: ignore[no-untyped-def]
    from bot.agent import Host
    from bot.opening import open_desk

    host = Host.open(settings.models, open_desk(settings))
    asyncio.new_event_loop().run_until_complete(host.warm())
    return host


async def _talk(host, pause: bool = False) -> list[float]:  # type: ignore[no-untyped-def]
    key, _ = host.desk.open_conversation()
    taken = []
    for turn in TALK:
        text = turn if isinstance(turn, str) else "按钮"
        choice = None if isinstance(turn, str) else {"title": text, "step": turn[0], "value": turn[1]}
        begun = time.perf_counter()
        await host.hear(key, text, choice=choice)
        taken.append((time.perf_counter() - begun) * 1000)
        if pause:
            await asyncio.sleep(0)
    return taken


async def _crowd(host, people: int) -> list[float]:  # type: ignore[no-untyped-def]
    talks = await asyncio.gather(*(_talk(host, pause=True) for _ in range(people)))
    return [ms for talk in talks for ms in talk]


async def _switching(host, model: Path) -> list[float]:  # type: ignore[no-untyped-def]
    """Turns taken while a model is loaded beside the live one and put in its place."""
    putting = asyncio.get_running_loop().run_in_executor(None, lambda: host.prepared(model)())
    taken: list[float] = []
    while not putting.done():
        taken += await _talk(host, pause=True)
    await putting
    return taken


async def _long(host) -> list[float]:  # type: ignore[no-untyped-def]
    key, _ = host.desk.open_conversation()
    await host.hear(key, "同意", choice={"title": "同意", "step": "privacy_consent", "value": "yes"})
    taken = []
    for number in range(1000):
        begun = time.perf_counter()
        await host.hear(key, "调解要收钱吗")
        if number >= 950:
            taken.append((time.perf_counter() - begun) * 1000)
    return taken


def _lines(settings: Settings) -> list[tuple[str, str]]:
    """The measured verbs on the project's own examples, and their start."""
    from bot import knowledge
    from bot.commands.checking import examples
    from bot.commands.lines import load_model, signs_in
    from bot.intake.places import read_places
    from bot.intake.reading import read

    texts = [text for _, intent, _, text in examples() if intent.startswith("dispute_")][::20]
    model, divisions = load_model(model_file(settings.models)), knowledge.divisions()
    taken = []
    for text in texts:
        begun = time.perf_counter()
        model.topics_of([text])
        signs_in(text, model)
        read(text, date(2026, 11, 20))
        read_places(text, divisions)
        taken.append((time.perf_counter() - begun) * 1000)
    begun = time.perf_counter()
    line = '{"id":1,"text":"老板欠我三万二"}\n'
    subprocess.run(
        [sys.executable, "-m", "bot", "classify"], input=line, text=True, cwd=ROOT, capture_output=True, check=True
    )
    start = time.perf_counter() - begun
    return [
        (f"classify 加 read，一句（{len(texts)} 句自己的例句）", _spread(taken)),
        ("classify 启动到第一句", f"{start:.1f} 秒"),
    ]


def _spread(taken: Sequence[float]) -> str:
    ordered = sorted(taken)
    return f"中位 {statistics.median(ordered):.0f} ms，p95 {ordered[int(len(ordered) * 0.95)]:.0f} ms"
