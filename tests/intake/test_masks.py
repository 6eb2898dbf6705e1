"""Claims about covering: what is covered is covered everywhere, what is public or said by nobody stays."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.intake.masks import CONTACTS, NAMES, Veil, covered_name

BOTH = frozenset({NAMES, CONTACTS})


def a_document(**facts: str) -> dict[str, Any]:
    shown = {"applicant_name": "李小梅", "phone": "13900005678", "address": "环城西路8号3栋2单元501室", **facts}
    return {
        "facts": {key: {"shown": text, "words": text, "earlier": []} for key, text in shown.items()},
        "parties": [
            {"role": "applicant", "kind": "person", "name": shown["applicant_name"], "phone": shown["phone"]},
            {"role": "respondent", "kind": "organisation", "name": "宏达建材有限公司", "phone": None},
        ],
        "committee": {"name": "南浔区人民调解委员会（示例）", "phone": "0572-1234567"},
        "transcript": [{"text": "我叫李小梅，139 0000 5678，住环城西路8号3栋2单元501室，宏达建材有限公司欠我钱"}],
    }


def test_a_name_a_phone_and_a_home_are_covered_wherever_they_stand() -> None:
    document = a_document()
    seen = str(Veil.of(document, BOTH).over_all(document))
    assert not [word for word in ("李小梅", "小梅", "13900005678", "0000", "5678", "环城西路", "501") if word in seen]
    assert "李**" in seen and "宏达建材有限公司" in seen and "0572-1234567" in seen


def test_contacts_alone_leave_the_names() -> None:
    document = a_document()
    seen = str(Veil.of(document, {CONTACTS}).over_all(document))
    assert "李小梅" in seen and "13900005678" not in seen and "环城西路" not in seen


def test_without_anything_to_cover_a_page_is_the_same_object() -> None:
    document = a_document()
    assert Veil.of(document, ()).over_all(document) is document


def test_a_name_of_before_is_covered_too() -> None:
    document = a_document()
    document["facts"]["applicant_name"]["earlier"] = [{"shown": "李晓梅"}]
    document["amendments"] = [{"fact": "applicant_name", "old": {"shown": "李小妹"}, "new": None}]
    veil = Veil.of(document, BOTH)
    assert veil.over("李晓梅就是李小妹") == "李**就是李**"


@pytest.mark.parametrize(
    ("told", "seen"),
    [
        ("老板周建业欠我三万二", "老板周**欠我三万二"),
        ("包工头王强不给钱", "包工头王*不给钱"),
        ("我叫欧阳小梅，住在南浔", "我叫欧阳**，住在南浔"),
        ("老板不给工资，房东涨价", "老板不给工资，房东涨价"),
        ("老板说没钱", "老板说没钱"),
    ],
)
def test_somebody_named_only_in_the_telling_is_covered(told: str, seen: str) -> None:
    assert Veil(BOTH).over(told) == seen


def test_dates_sums_and_receipts_are_not_taken_for_numbers_of_somebody() -> None:
    veil = Veil(BOTH)
    for text in ("2026年6月3号给的", "32,000元", "FZ20261123-7CT7MD", "110、12348", "3号楼停电", "十月12号到15号"):
        assert veil.over(text) == text


def test_an_identity_number_in_a_note_is_covered() -> None:
    assert "19491231" not in Veil({CONTACTS}).over("身份证110105194912310021")


@dataclass(frozen=True)
class Inner:
    key: str
    shown: str


@dataclass(frozen=True)
class Outer:
    rows: list[Inner]
    pairs: tuple[tuple[str, tuple[str, ...]], ...]
    at: int


def test_rows_inside_rows_are_covered_and_keep_their_shape() -> None:
    page = Outer([Inner("phone", "13900005678")], (("打13900005678", ("phone",)),), 3)
    seen = Veil({CONTACTS}).over_all(page)
    assert seen == Outer([Inner("phone", "139********")], (("打139********", ("phone",)),), 3)


@given(st.text(alphabet="李小梅王欠我工资，。 13905678", max_size=40))
def test_covering_twice_is_covering_once_and_no_length_is_lost(text: str) -> None:
    veil = Veil(BOTH, ["李小梅", "王小"])
    assert veil.over(veil.over(text)) == veil.over(text) and len(veil.over(text)) == len(text)


@given(st.text(alphabet="赵钱孙李欧阳锋小梅", min_size=2, max_size=4))
def test_a_covered_name_shows_the_surname_only(name: str) -> None:
    assert set(covered_name(name)[2:]) <= {"*"} and covered_name(name)[0] == name[0]
