"""`bench --examples N --rows M`: how fast the trainers' pages are over N examples and M rows of the inbox.

Fills a copy of the language data and a database of its own, and times each page as the console draws it (without the
network and without the model, which `bench` times).
"""

from __future__ import annotations

import dataclasses
import random
import shutil
import statistics
import tempfile
import time
from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

from starlette.requests import Request

from bot.classroom import Classroom
from bot.intake.record import Record
from bot.opening import open_classroom, open_desk, open_staff, open_store
from bot.permissions import Scope
from bot.phrasebook import Phrasebook
from bot.settings import ROOT, Settings
from bot.store import Store
from bot.store_staff import Session
from bot.tables import conversations, lessons, messages, puzzle_groups, puzzles
from bot.web.review import Console
from bot.web.review_visit import Visit

ROUNDS, TURNS = 20, 50
#: Puzzles of a group, and those that no group has yet.
TOGETHER, FRESH = 5, 1_000
#: A page may take so long (issue 6).
LIMIT_MS = 200


async def _deaf(_: str) -> Mapping[str, Any]:
    return {}


async def _mute(named: list[tuple[str, dict[str, str]]]) -> list[str]:
    return [name for name, _ in named]


def bench_training(many: int, rows: int) -> None:
    """Fill, measure, print."""
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder)
        shutil.copytree(ROOT / "nlu_data", root / "nlu_data")
        _lengthened(root, many)
        database = f"sqlite:///{root / 'bench.db'}"
        settings = dataclasses.replace(Settings.from_environment({}), database=database, key_file=root / "keys")
        desk, store, draw = open_desk(settings), open_store(settings), random.Random(7)
        room = open_classroom(settings, _deaf, root)
        began = time.perf_counter()
        print(f"{len(room.book.examples())} 句例子，第一次读 {time.perf_counter() - began:.1f} 秒")
        began = time.perf_counter()
        found = len(room.watch.wait())
        print(f"第一次找毛病（在旁边）{time.perf_counter() - began:.1f} 秒，{found} 处")
        began = time.perf_counter()
        _said(store, rows, [e.text for e in draw.sample(room.book.examples(), 5_000)])
        print(f"没听懂的 {rows} 句，写入 {time.perf_counter() - began:.0f} 秒，{room.inbox.count()} 堆")
        began = time.perf_counter()
        while room.inbox.sort():
            pass
        print(f"新来的 {FRESH} 句分堆（在旁边）{time.perf_counter() - began:.1f} 秒")
        console = Console(desk, open_staff(settings), _mute, "量速度", room)
        session = _session(store)
        for name, path, query in _questions(room, draw):
            taken = [_timed(console, session, path, query) for _ in range(ROUNDS)]
            times, own = sorted(wall for wall, _ in taken), statistics.median(cpu for _, cpu in taken)
            p95 = times[int(len(times) * 0.95)]
            late = "　超了" if p95 > LIMIT_MS else ""
            print(f"{name:<20}中位 {statistics.median(times):6.1f} ms　p95 {p95:6.1f} ms　处理器 {own:6.1f} ms{late}")
        _after_a_change(room)
        store.close()


def _after_a_change(room: Classroom) -> None:
    began = time.perf_counter()
    room.book.add("chatter", "今天晚上的月亮真是又大又圆呀")
    print(f"写进一句 {(time.perf_counter() - began) * 1000:.0f} ms")
    began = time.perf_counter()
    room.watch.wait()
    print(f"改了一句以后再找毛病（在旁边）{(time.perf_counter() - began) * 1000:.0f} ms")


def _questions(room: Classroom, draw: random.Random) -> list[tuple[str, str, dict[str, str]]]:
    groups, _ = room.inbox.groups()
    number, key = groups[0].said[0].id, draw.choice(room.book.examples()).key
    return [
        ("没听懂的，第一页", "/inbox", {}),
        ("没听懂的，第三十页", "/inbox", {"page": "30"}),
        ("一句和它的谈话", "/inbox/{puzzle}", {"puzzle": str(number)}),
        ("例子：各类有几句", "", {}),
        ("例子：一类", "", {"label": "wages/wage_arrears"}),
        ("例子：找“工资”", "", {"q": "工资"}),
        ("例子：找拼音 gongzi", "", {"q": "gongzi"}),
        ("例子：找没有的话", "", {"q": "没有这样的话"}),
        ("改一句", "/examples/{key}", {"key": key}),
        ("词", "/words", {}),
        ("教一句", "/teach", {}),
        ("等人看的", "/lessons", {}),
        ("毛病", "/findings", {}),
    ]


def _timed(console: Console, session: Session, path: str, query: dict[str, str]) -> tuple[float, float]:
    page = next(one for one in console.pages if one.path == f"/review/training{path}" and one.method == "GET")
    named = {name: query[name] for name in query if f"{{{name}}}" in path}
    asked = urlencode({name: words for name, words in query.items() if name not in named})
    scope = {"type": "http", "method": "GET", "path": page.path, "query_string": asked.encode(), "headers": []}
    request = Request({**scope, "path_params": named})
    began, worked = time.perf_counter(), time.thread_time()
    visit = Visit(request, session, console.desk, console.staff, console.voice, console.draw, {}, console.classroom)
    assert page.show(visit).status_code == 200
    return (time.perf_counter() - began) * 1_000, (time.thread_time() - worked) * 1_000


def _session(store: Store) -> Session:
    now = datetime.now()
    store.add_account("bench", "量速度", "trainer", Scope(), "-", now)
    account = store.account("bench")
    assert account is not None
    proposed = {"kind": "add", "label": "word/role", "reason": "量速度", "author_id": account.id, "at": now}
    with store._writing() as connection:
        rows = [{**proposed, "text": f"第{n}个老板", "state": "proposed"} for n in range(60)]
        connection.execute(lessons.insert(), rows)
    return Session(1, account, "key", now, now, None)


def _lengthened(root: Path, many: int) -> None:
    """Let there be so many examples: halves of own ones put together, under the labels of the first."""
    told, draw = Phrasebook(root).examples(), random.Random(3)
    types = [one for one in told if one.file.startswith("disputes/")]
    made: dict[str, list[str]] = {}
    for _ in range(max(0, many - len(told))):
        one, other = draw.choice(types), draw.choice(types)
        text = one.text[: len(one.text) // 2] + other.text[len(other.text) // 2 :]
        made.setdefault(one.label, []).append(text)
    blocks = []
    for label, texts in made.items():
        type_, _, subtype = label.partition("/")
        head = f"- intent: dispute_{type_}\n" + (f"  metadata:\n    subtype: {subtype}\n" if subtype else "")
        blocks.append(head + "  examples: |\n" + "".join(f"    - {text}\n" for text in texts))
    (root / "nlu_data" / "more.yml").write_text('version: "3.1"\nnlu:\n' + "".join(blocks), encoding="utf-8")


def _said(store: Store, rows: int, told: list[str]) -> None:
    """So many turns that were not understood, in talks of fifty."""
    now, draw = datetime.now(), random.Random(5)
    opened = {"opened_at": now, "last_at": now, "draft": Record().to_dict(), "matters": 0, "matter_from": 0}
    for begin in range(0, rows, 5_000):
        turns = [(n // TURNS + 1, n % TURNS + 1) for n in range(begin, min(rows, begin + 5_000))]
        with store._writing() as connection:
            talks = sorted({talk for talk, turn in turns if turn == 1})
            if talks:
                connection.execute(conversations.insert(), [{"id": t, "key": str(t), **opened} for t in talks])
            said = [
                {"conversation_id": t, "seq": n, "turn": n, "who": "citizen", "at": now, "text": draw.choice(told)}
                for t, n in turns
            ]
            connection.execute(messages.insert(), said)
            # All but the last are in groups of five: sorting a heap is done beside, and no page waits for it.
            found = [
                {"conversation_id": t, "turn": n, "why": "unsure", "at": now, "weight": 1.0 + draw.random()}
                | {"state": "open", "guess": draw.choice(("wages/wage_arrears", "debt", "property"))}
                | {"group_id": None if at >= rows - FRESH else at // TOGETHER + 1}
                for at, (t, n) in enumerate(turns, begin)
            ]
            connection.execute(puzzles.insert(), found)
    with store._writing() as connection:
        groups = range(1, (rows - FRESH) // TOGETHER + 1)
        connection.execute(
            puzzle_groups.insert(), [{"id": n, "many": TOGETHER, "weight": 5.0 + draw.random()} for n in groups]
        )
