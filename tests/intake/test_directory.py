"""The directory file: what is accepted, and how a wrong row is refused."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.intake.directory import Directory, DirectoryError
from bot.intake.divisions import Divisions

KNOWLEDGE = Path(__file__).resolve().parents[2] / "bot" / "knowledge"
DIVISIONS = Divisions.load(KNOWLEDGE / "divisions.csv")
TYPES = {
    "family": ("marriage", "custody", "elder_support", "inheritance", "domestic_violence"),
    "property": ("property_service", "elevator", "housing"),
    "wages": ("wage_arrears", "labour_other"),
    "land": ("land_transfer", "homestead", "collective_membership"),
} | dict.fromkeys(
    (
        "medical",
        "neighbour",
        "consumer",
        "traffic",
        "debt",
        "finance",
        "education",
        "injury",
        "expropriation",
        "other",
        "not_a_dispute",
    ),
    (),
)
HEADER = "id,name,area,types,address,phone,hours,serves_home,url\n"
GOOD = "a,样例区人民调解委员会（示例）,浙江省/湖州市/吴兴区,,样例路1号,0572-0000001,周一至周五,,\n"


def parse(text: str, skip_bad: bool = False) -> Directory:
    return Directory.parse(text, DIVISIONS, TYPES, skip_bad=skip_bad)


def problems(rows: str) -> list[tuple[int, str]]:
    with pytest.raises(DirectoryError) as error:
        parse(HEADER + rows)
    return [(problem.line, problem.reason) for problem in error.value.problems]


@pytest.mark.parametrize("mark", ["", "\ufeff"])
@pytest.mark.parametrize("ending", ["\n", "\r\n"])
def test_a_byte_order_mark_and_line_endings_do_not_matter(mark: str, ending: str) -> None:
    directory = parse(mark + (HEADER + GOOD).replace("\n", ending))
    assert [body.id for body in directory] == ["a"]
    assert directory["a"].is_general


@pytest.mark.parametrize(
    ("row", "word"),
    [
        ("b,名,浙江省/湖州市/吴兴区,wagez,,,,,\n", "wagez"),
        ("b,,浙江省/湖州市/吴兴区,,,,,,\n", "名称"),
        ("b,名,,,,,,,\n", "管辖区域"),
        (",名,浙江省/湖州市/吴兴区,,,,,,\n", "编号"),
        ("a,名,浙江省/湖州市/吴兴区,,,,,,\n", "第2行重复"),
        ("b,名,浙江省/湖州市/吴兴区,,\n", "实际5列"),
        ("b,名,浙江省/湖州市/吴兴区,,,,,,,,\n", "实际11列"),
        ("b,名,湖州市/吴兴区,,,,,,\n", "从省写起"),
        ("b,名,浙江省/没有市/没有区,,,,,,\n", "查不到"),
        ("b,名,浙江省//吴兴区,,,,,,\n", "查不到"),
        ("b,名,浙江省/湖州市/吴兴区/一镇/二村/三组,,,,,,\n", "查不到"),
        ("b,名,北京市,wages,,,,海东,\n", "家乡"),
        ("b,名,北京市,wages,,,,青海省/没有县,\n", "家乡"),
        ("b,名,北京市,,,,,,javascript:alert(1)\n", "网址"),
    ],
)
def test_a_wrong_row_is_refused_with_its_line_and_a_reason(row: str, word: str) -> None:
    ((line, reason),) = problems(GOOD + row)
    assert line == 3
    assert word in reason


def test_all_wrong_rows_are_named_at_once() -> None:
    found = problems("b,,浙江省/湖州市/吴兴区,x,,,,,\n" + GOOD + "\nc,名,火星/一区,,,,,,\n")
    assert [line for line, _ in found] == [2, 5]
    assert "名称" in found[0][1] and "x" in found[0][1]


def test_a_quoted_line_break_does_not_shift_the_line_numbers() -> None:
    row = 'b,"名\n称",浙江省/湖州市/吴兴区,,,,,,\nc,,浙江省/湖州市/吴兴区,,,,,,\n'
    assert [line for line, _ in problems(row)] == [4]


def test_skip_bad_loads_the_others_and_remembers_what_was_left_out() -> None:
    directory = parse(HEADER + "b,,浙江省,,,,,,\n" + GOOD, skip_bad=True)
    assert [body.id for body in directory] == ["a"]
    assert [problem.line for problem in directory.problems] == [2]


def test_a_header_without_a_needed_column_is_refused_even_with_skip_bad() -> None:
    with pytest.raises(DirectoryError, match="area"):
        parse("id,name,types\n", skip_bad=True)
    with pytest.raises(DirectoryError):
        parse("", skip_bad=True)


def test_types_may_be_separated_by_a_chinese_semicolon_and_be_sub_types() -> None:
    directory = parse(HEADER + "b,名,浙江省,elevator； wages;,,,,,\n")
    assert directory["b"].types == ("elevator", "wages")
    assert directory["b"].specialises("property", "elevator")
    assert not directory["b"].specialises("property")


def test_old_names_and_the_step_of_a_municipality_meet_the_present_ones() -> None:
    rows = "b,名,湖南省/永州市/祁阳县,,,,,,\nc,名,北京市/市辖区/门头沟区,,,,,,\nd,名,浙江/湖州/南浔,,,,,,\n"
    grounds = [body.ground.code for body in parse(HEADER + rows)]
    assert grounds == ["431181", "110109", "330503"]


def test_the_demonstration_directory_is_whole() -> None:
    text = (KNOWLEDGE / "demo_directory.csv").read_text(encoding="utf-8")
    directory = parse(text)
    assert 150 <= len(directory) <= 250
    assert all("（示例）" in body.name and "样例路" in body.address for body in directory)
    assert all(body.phone.split("-")[1].startswith("00000") for body in directory)
    assert {body.ground.rank for body in directory} == {1, 2, 3, 4, 5}
    specialities = {word for body in directory for word in body.types}
    known = set(TYPES) | {subtype for subtypes in TYPES.values() for subtype in subtypes}
    assert known - specialities == {"expropriation", "not_a_dispute"}
    assert len({body.name for body in directory if body.serves_home}) >= 10


def test_areas_of_the_demonstration_directory_are_read_back_from_speech() -> None:
    from bot.intake.places import read_places

    text = (KNOWLEDGE / "demo_directory.csv").read_text(encoding="utf-8")
    for body in parse(text):
        (place,) = read_places("我在" + body.area.replace("/", ""), DIVISIONS)
        assert place.path == body.area
