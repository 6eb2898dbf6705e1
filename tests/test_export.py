"""Claims about lists that leave the house: which rows, which columns, what is covered, how long they may be."""

from __future__ import annotations

import tracemalloc
from pathlib import Path
from typing import Any

import pytest
from builders import Talking
from house import AREA, House, a_house

from bot.intake.ministry import LIST, MINISTRY
from bot.store_queue import Wanted

STORY = "我在湖州市南浔区练市镇的工地干活，包工头周建业欠我三万二工资一直不给，他的电话是13900005678"
THERE = "我在山西省晋城市高平市的工地干活，老板欠我两万工资一直不给"


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> House:
    return a_house(tmp_path_factory.mktemp("export"))


def filed(house: House, story: str = STORY, matter: str = "wages/wage_arrears", **answers: str) -> str:
    return Talking(house.desk).consented().filed(story, matter, **answers)


def table(house: House, name: str, sheet: str = "list", **wanted: Any) -> list[dict[str, Any]]:
    heading, *rows = house.desk.export.rows(house.staff.account(name), Wanted(**wanted), sheet)
    return [dict(zip(heading, row, strict=True)) for row in rows]


def of(rows: list[dict[str, Any]], receipt: str) -> dict[str, Any]:
    found = [row for row in rows if receipt in row.values()]
    assert len(found) == 1
    return found[0]


def test_the_ministrys_columns_are_those_of_its_statistics() -> None:
    assert set(MINISTRY) == {
        "纠纷类型",
        "来源",
        "行政区划",
        "受理日期",
        "发生日期",
        "涉案金额",
        "特殊群体",
        "农民工",
        "编号",
        "受理单位",
        "受理人",
        "调解员",
        "结果",
        "难度",
        "转化情况",
        "协议类型",
        "履行情况",
        "是否司法确认",
        "是否满意",
        "回访日期",
        "状态",
        "简介",
        "协议内容",
    }


def test_a_row_says_what_was_told_and_leaves_the_rest_empty(house: House) -> None:
    receipt = filed(house)
    row = of(table(house, "head.one", "ministry"), receipt)
    assert row["纠纷类型"] == "10 劳动争议" and row["涉案金额"] == 32_000 and row["来源"] == "申请"
    assert row["行政区划"] == "浙江省湖州市南浔区练市镇"
    for empty in (
        "受理日期",
        "受理人",
        "结果",
        "难度",
        "转化情况",
        "协议类型",
        "履行情况",
        "是否司法确认",
        "是否满意",
        "协议内容",
    ):
        assert row[empty] == "", empty
    house.desk.cases.accept(house.staff.account("head.one"), receipt, 1)
    assert of(table(house, "head.one", "ministry"), receipt)["受理人"] == "head.one"


def test_the_list_is_the_queue_as_it_is_narrowed_and_nobody_elses(house: House) -> None:
    here, there = filed(house), filed(house, THERE)
    beaten = filed(house, "我在湖州市南浔区，我老公昨晚又打我了", "family/domestic_violence")
    everything = {row["回执号"] for row in table(house, "mediator.one")}
    assert {here, beaten} <= everything and there not in everything
    assert {row["回执号"] for row in table(house, "mediator.one", type="family")} & {here, beaten} == {beaten}


def test_a_supervisor_reads_no_name_and_no_number(house: House) -> None:
    receipt = filed(house, applicant_name="张桂芳", counterpart="周建业", phone="13800001234")
    for sheet in ("list", "ministry"):
        told = str(of(table(house, "supervisor.one", sheet), receipt))
        for secret in ("张桂芳", "周建业", "13800001234", "13900005678"):
            assert secret not in told, (sheet, secret)
    assert of(table(house, "mediator.one"), receipt)["申请人"] == "张桂芳"


def test_a_mediator_reads_the_numbers_of_her_own_cases_only(house: House) -> None:
    receipt = filed(house, phone="13800001234")
    assert of(table(house, "mediator.one"), receipt)["申请人电话"] != "13800001234"
    mediator = house.staff.account("mediator.one")
    house.desk.cases.assign(mediator, receipt, 1, mediator.id)
    assert of(table(house, "mediator.one"), receipt)["申请人电话"] == "13800001234"
    assert of(table(house, "head.one"), receipt)["申请人电话"] != "13800001234"


def test_what_may_only_be_stored_does_not_leave(house: House) -> None:
    from datetime import datetime

    receipt = filed(house)
    standing = house.desk.rights._store.filed.standing(receipt)
    assert standing is not None
    house.desk.rights._store.filed.hold(standing.id, datetime.now())
    assert receipt not in {row["回执号"] for row in table(house, "head.one")}


def test_a_long_list_is_read_by_pages_and_not_held(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    house = a_house(tmp_path)
    filed(house)
    account = house.staff.account("head.one")
    case = house.desk.export._store.queue(account.scope, Wanted(), 1)[0]
    pages = {"left": 50}

    def queue(_: Any, __: Any, limit: int, ___: Any = None) -> list[Any]:
        pages["left"] -= 1
        return [case] * (limit if pages["left"] else 1)

    monkeypatch.setattr(house.desk.export._store, "queue", queue)
    tracemalloc.start()
    many = sum(1 for _ in house.desk.export.rows(account, Wanted(), "list"))
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert many > 9_000 and peak < 20_000_000
    assert set(LIST) and AREA
