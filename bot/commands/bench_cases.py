"""`bench --cases N`: how fast the console's lists, searches and case pages are over N made-up cases.

Fills a database of its own (SQLite in a temporary file, or an empty one by URL) and times each kind of question.
"""

from __future__ import annotations

import random
import statistics
import tempfile
import time
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from bot import knowledge
from bot.desk import Desk
from bot.keys import Keyring
from bot.opening import known
from bot.permissions import Scope
from bot.settings import Settings
from bot.store import Store
from bot.store_queue import Wanted
from bot.store_staff import Account
from bot.store_tallies import Counted
from bot.tables import acts, conversations, messages, records

BATCH = 1_000
ROUNDS = 40
#: Bubbles of one long talk.
LONG = 2_000
SURNAMES, GIVEN = "王李张刘陈杨黄赵周吴徐孙马朱胡郭何林高罗", "伟芳娜敏静丽强磊军洋勇艳杰娟涛明超秀英霞平刚桂兰"
STORIES = (
    "我在{place}的工地干了{n}个月，包工头{other}欠我工资{sum}元一直不给，电话也不接",
    "楼上{other}家漏水泡了我家的天花板，要{sum}元才修得好，说了{n}次都不理",
    "我和{other}结婚{n}年了，现在想离婚，孩子归谁抚养谈不拢，他要{sum}元",
    "承包地租给{other}{n}年了，租金{sum}元拖着不给，还把地挖了鱼塘",
    "物业{other}乱收费，{n}个月收了{sum}元，电梯坏了也不修",
    "在{place}的医院做手术，{other}大夫说没事，后来又花了{sum}元，住院{n}天",
)
TYPES = ("wages", "neighbour", "family", "land", "property", "medical")


def bench_cases(many: int, url: str | None = None) -> None:
    """Fill, measure, print. `url`: an empty database; None: SQLite in a temporary folder."""
    with tempfile.TemporaryDirectory() as folder:
        store = Store.open(url or f"sqlite:///{Path(folder) / 'bench.db'}", Keyring.fresh())
        desk = Desk(store, known())
        table = Settings.from_environment({}).directory.read_text(encoding="utf-8-sig")
        desk.committees.replace(desk.committees.read(table))
        began = time.perf_counter()
        receipts = _fill(store, desk, many)
        _lengthened(store, receipts[0].split("|")[0])
        print(f"{many} 件案件、每件 20 句话，写入用了 {time.perf_counter() - began:.0f} 秒")
        began = time.perf_counter()
        store.tally_changed()
        print(f"统计第一次合计用了 {time.perf_counter() - began:.0f} 秒（以后只补动过的）")
        for name, ask in _questions(desk, receipts):
            times = sorted(_timed(ask) for _ in range(ROUNDS))
            p95 = times[int(len(times) * 0.95)]
            print(f"{name:<24}中位 {statistics.median(times):6.1f} ms　p95 {p95:6.1f} ms")
        began = time.perf_counter()
        rows = sum(1 for _ in desk.export.rows(_account(1, "浙江省"), Wanted(type="land"), "list")) - 1
        print(f"导出一个省的一类：{rows} 行用了 {time.perf_counter() - began:.0f} 秒，边读边送")
        store.close()


def _timed(ask: Callable[[], object]) -> float:
    began = time.perf_counter()
    ask()
    return (time.perf_counter() - began) * 1_000


def _questions(desk: Desk, receipts: list[str]) -> list[tuple[str, Callable[[], object]]]:
    province, county = _account(1, "浙江省"), _account(1, "浙江省/湖州市/南浔区")
    village = Account(1, "v", "v", "mediator", "v330503-11", None, False, False, True)
    draw = random.Random(3)
    found: list[tuple[str, Callable[[], object]]] = []
    for name, account in (("省", province), ("县", county), ("村", village)):
        found.append((f"{name}：第一页和计数", lambda a=account: desk.cases.queue(a, Wanted())))  # type: ignore[misc]
    week = datetime.now() - timedelta(days=7)
    narrowed = {
        "省：没人理的": Wanted(waiting_before=week),
        "省：类型加颜色加状态": Wanted(type="wages", colour="red", status="filed"),
        "省：特殊群体加逾期": Wanted(group="migrant", overdue_at=datetime.now()),
        "省：七天内有到期的": Wanted(ending=(datetime.now(), datetime.now() + timedelta(days=7))),
        "省：找两个字的姓名": Wanted(words="王芳"),
        "省：找常见词“工资”": Wanted(words="工资"),
        "省：找一个字": Wanted(words="王"),
        "省：找电话": Wanted(words="13800001234"),
        "省：两个词": Wanted(words="工地 工资 王"),
    }
    for name, wanted in narrowed.items():
        found.append((name, lambda w=wanted: desk.cases.queue(province, w)))  # type: ignore[misc]
    found.append(("省：危险没人理", lambda: desk.cases.first_to_see(province)))
    found.append(("省：有没有新的（轮询）", lambda: desk.cases.newest(province, f"{week.isoformat()}#0")))
    year = {"since": f"{datetime.now().year - 1}-01", "until": f"{datetime.now():%Y-%m}"}
    for name, account in (("省", province), ("县", county), ("村", village)):
        asked = desk.statistics.asked(year)
        found.append((f"{name}：统计", lambda a=account, s=asked: desk.statistics.report(a, s)))  # type: ignore[misc]
    behind = Wanted(counted=Counted("agreed", **year))
    found.append(("省：统计里的一个数点进去", lambda: desk.cases.queue(province, behind)))
    owner = dict(r.split("|") for r in receipts)
    names = list(owner)

    def page() -> object:
        receipt = draw.choice(names)
        return desk.cases.open(_account(1, owner[receipt].split("/")[0]), receipt)

    found.append(("打开一件案件", page))
    long, ground = receipts[0].split("|")
    bench = _account(1, ground.split("/")[0])
    found.append((f"打开一件 {LONG} 句的，最新一页", lambda: desk.cases.open(bench, long)))
    found.append((f"打开一件 {LONG} 句的，往前翻", lambda: desk.cases.open(bench, long, LONG // 2)))
    return found


def _lengthened(store: Store, receipt: str) -> None:
    """Let one talk have LONG bubbles."""
    case = store.case(receipt)
    assert case is not None
    at = datetime.now() - timedelta(days=1)
    with store._writing() as connection:
        connection.execute(
            messages.insert(),
            [
                {
                    "conversation_id": case.conversation_id,
                    "seq": seq,
                    "client_id": f"c{seq}",
                    "who": "citizen" if seq % 2 else "desk",
                    "at": at + timedelta(seconds=seq),
                    "turn": seq // 2,
                    "text": f"第{seq}句：工地上的事还没有完，他说下个月给两千块，又说没钱。",
                }
                for seq in range(21, LONG + 1)
            ],
        )


def _account(id_: int, area: str) -> Account:
    return Account(id_, "bench", "bench", "head", None, area, False, False, True)


def _fill(store: Store, desk: Desk, many: int) -> list[str]:
    draw = random.Random(7)
    bodies = list(desk.committees.directory())
    taxonomy = knowledge.taxonomy()
    store.add_account("bench", "bench", "head", Scope(area="浙江省"), "-", datetime.now())
    made: list[str] = []
    now = datetime.now()
    for start in range(0, many, BATCH):
        with store._writing() as connection:
            for n in range(start, min(start + BATCH, many)):
                body = draw.choice(bodies)
                filed = now - timedelta(minutes=draw.randrange(1, 400 * 24 * 60))
                document, said = _document(draw, n, body, filed, taxonomy)
                talk = connection.execute(
                    conversations.insert().values(
                        key=f"k{n}",
                        token_hash=f"t{n}",
                        opened_at=filed,
                        last_at=filed,
                        draft={},
                        matters=1,
                        matter_from=0,
                    )
                ).inserted_primary_key[0]
                connection.execute(messages.insert(), [{"conversation_id": talk, **m} for m in said])
                record = connection.execute(
                    records.insert().values(
                        receipt=document["receipt"],
                        conversation_id=talk,
                        matter_no=1,
                        status="filed",
                        type=document["matter"]["type"],
                        colour=document["colour"]["grade"],
                        body_id=body.id,
                        filed_at=filed,
                        document=document,
                    )
                ).inserted_primary_key[0]
                store.open_case(connection, record, document)
                done = _acts(draw, record, filed)
                if done:
                    connection.execute(acts.insert(), done)
                made.append(f"{document['receipt']}|{body.area}")
    return made


def _acts(draw: random.Random, record: int, filed: datetime) -> list[dict[str, Any]]:
    """What became of a case: most are accepted, most of these agreed and kept."""
    ended = draw.choices(("agree", "fail"), (85, 15))[0]
    kept = draw.choices(("performed", "reneged"), (95, 5))[0]
    paid = {"amount": 10_000.0}
    done: list[tuple[str, dict[str, Any] | None]] = [
        ("accept", None),
        (ended, paid),
        ("perform", {"result": kept, **paid}),
    ]
    shown = done[: draw.choices((0, 1, 2, 3), (10, 20, 30, 40))[0]]
    return [
        {
            "record_id": record,
            "at": filed + timedelta(hours=draw.randrange(1, 40) * (n + 1)),
            "who": "量速度",
            "act": act,
            "status": "accepted",
            "particulars": told,
        }
        for n, (act, told) in enumerate(shown)
    ]


def _document(
    draw: random.Random, n: int, body: Any, filed: datetime, taxonomy: Any
) -> tuple[dict[str, Any], list[dict[str, Any]]]:
    kind = draw.randrange(len(STORIES))
    name = draw.choice(SURNAMES) + "".join(draw.choices(GIVEN, k=draw.choice((1, 2))))
    other = draw.choice(SURNAMES) + "".join(draw.choices(GIVEN, k=2))
    amount, place = draw.randrange(1, 2_000) * 100, body.area.split("/")[-1]
    story = STORIES[kind].format(place=place, other=other, n=draw.randrange(1, 20), sum=amount)
    phone = f"138{draw.randrange(10**8):08d}"
    at = filed.isoformat(timespec="seconds")

    def fact(value: Any, shown: str, words: str, turn: int) -> dict[str, Any]:
        return {"value": value, "shown": shown, "words": words, "turn": turn, "source": "answer", "at": at, "approx": False, "earlier": []}  # fmt: skip

    facts = {
        "story": fact(story, story, story, 2),
        "amount": fact(amount, f"{amount:,}元", f"{amount}元", 2),
        "counterpart": fact({"name": other, "kind": "person"}, other, other, 3),
        "applicant_name": fact(name, name, name, 4),
        "phone": fact(phone, phone, phone, 5),
    }
    if kind == 0:
        facts["migrant_worker"] = fact("yes", "是", "打工", 2)
    answers = [
        "同意",
        story,
        other,
        name,
        phone,
        "没找过别的地方",
        "有聊天记录和照片",
        "就想尽快解决",
        "都对",
        "同意交给它",
    ]
    said = []
    for turn, words in enumerate(answers, 1):
        said.append({"who": "citizen", "turn": turn, "text": words})
        said.append({"who": "desk", "turn": turn, "text": "好的，记下了。请接着说下一件事，不清楚就说不清楚。"})
    rows = [
        {**m, "seq": seq, "at": filed + timedelta(seconds=seq), "client_id": f"c{seq}"} for seq, m in enumerate(said, 1)
    ]
    matter = taxonomy.matter(TYPES[kind], None)
    colour = draw.choices(("green", "blue", "yellow", "orange", "red"), (50, 25, 15, 7, 3))[0]
    document = {
        "receipt": f"FZ{filed:%Y%m%d}-{n:06d}",
        "status": "filed",
        "filed_at": at,
        "matter": {"type": matter.type, "subtype": None, "name": matter.name},
        "parties": [
            {"role": "applicant", "kind": "person", "name": name, "phone": phone},
            {"role": "respondent", "kind": "person", "name": other, "phone": None},
        ],
        "place": {"code": "", "names": body.area.split("/"), "path": body.area},
        "facts": facts,
        "blanks": {"since": "unknown"},
        "unread": {},
        "signs": [{"kind": "threat", "words": "要打我", "turn": 2, "when": "now"}]
        if colour in ("red", "orange")
        else [],
        "colour": {"grade": colour, "reasons": ["量速度用的"]},
        "committee": {"id": body.id, "name": body.name, "area": body.area},
        "flags": [],
        "rules": list(matter.rules),
        "routing_reasons": [],
        "consents": [],
        "transcript": [{"turn": m["turn"], "who": m["who"], "at": at, "text": m["text"]} for m in said],
    }
    return document, rows
