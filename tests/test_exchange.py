"""Claims about examples that come in and go out: nothing is lost, nothing goes in twice, every bad line is named."""

from __future__ import annotations

import csv
import io
import time
import zipfile
from pathlib import Path

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from test_lessons import School, school  # noqa: F401
from test_phrasebook import a_small_root, bytes_of

from bot import knowledge
from bot.exchange import Parcel, Unreadable, doccano, label_studio, parcel, rasa_yaml
from bot.exchange_sorting import Load, sort
from bot.labels import DISPUTES, Label, Labels
from bot.lessons import PORTION, NotTaught
from bot.phrasebook import Phrasebook, Unfit, as_example
from bot.settings import ROOT
from bot.web.tables_out import csv_rows

TYPES = frozenset({"wages", "debt"})
KEYS = ("wages", "wages/wage_arrears", "debt", "affirm", "faq/cost", "danger_violence", "danger_violence+minor")


def an_example(text: str) -> str:
    try:
        return as_example(text)
    except Unfit:
        return ""


WORDS = st.text(max_size=60).map(an_example).filter(bool)
ROWS = st.lists(st.tuples(WORDS, st.sampled_from(KEYS)), min_size=1, max_size=12)
FORMS = {
    "rasa": lambda rows: "".join(rasa_yaml(rows, TYPES)).encode(),
    "csv": lambda rows: b"".join(csv_rows([("text", "label"), *rows])),
    "doccano": lambda rows: "".join(doccano(rows)).encode(),
    "label-studio": lambda rows: "".join(label_studio(rows)).encode(),
}


def told(read: Parcel) -> list[tuple[str, str]]:
    return [(row.text, row.label) for row in read.rows]


@pytest.mark.parametrize("form", FORMS)
@given(rows=ROWS)
def test_what_goes_out_comes_back_the_same_and_in_order(form: str, rows: list[tuple[str, str]]) -> None:
    assume(not any(text.startswith("'") for text, _ in rows))  # to a spreadsheet that is no part of the words
    read = parcel(FORMS[form](rows))
    assert told(read) == rows and read.faults == ()


@pytest.mark.parametrize("form", FORMS)
def test_the_projects_own_examples_come_back_whole(form: str) -> None:
    book = Phrasebook(ROOT)
    labels = Labels(book, knowledge.taxonomy(), knowledge.labels()).all()
    types = {key for key, label in labels.items() if label.group == DISPUTES}
    rows = [(e.text, e.label) for e in book.examples()]
    raw = "".join(rasa_yaml(rows, types)).encode() if form == "rasa" else FORMS[form](rows)
    assert told(parcel(raw)) == rows


def test_every_file_of_the_project_is_read_as_the_phrasebook_reads_it() -> None:
    book = Phrasebook(ROOT)
    for path in sorted(book.folder.rglob("*.yml")):
        own = [(e.text, e.label) for e in book.examples() if e.file == str(path.relative_to(book.folder))]
        assert told(parcel(path.read_bytes(), path.name)) == own


# —— what other tools write ——


@pytest.mark.parametrize(
    ("raw", "name", "rows"),
    [
        ('{"id":1,"text":"老板欠我工资","label":["wages"]}\n', "", [("老板欠我工资", "wages")]),
        ('[{"text":"老板欠我工资","label":"wages"},{"text":"借钱不还","label":"debt"}]', "",
         [("老板欠我工资", "wages"), ("借钱不还", "debt")]),
        ('[{"data":{"text":"借钱不还"},"annotations":[{"was_cancelled":true,"result":[]},'
         '{"result":[{"type":"labels","value":{"labels":["X"]}},{"type":"choices","value":{"choices":["debt"]}}]}]}]',
         "", [("借钱不还", "debt")]),
        ("句子;类别\n老板欠我工资;wages\n", "", [("老板欠我工资", "wages")]),
        ('label,text\nwages,"老板，欠我\n工资"\n', "x.csv", [("老板，欠我\n工资", "wages")]),
        ('text\tlabel\n"我说""不""行"\tdebt\n', "", [('我说"不"行', "debt")]),
        ("老板欠我工资\n\n  借钱不还 \n", "", [("老板欠我工资", ""), ("借钱不还", "")]),
        ('version: "3.1"\nnlu:\n- intent: greet\n  examples:\n  - text: |\n      你好\n  - text: 早上好\n'
         "- synonym: 钱\n  examples: |\n    - 款\n", "", [("你好", "greet"), ("早上好", "greet")]),
        ('nlu:\n- intent: pay\n  examples: |\n    - 欠我[三万](amount)在[杭州]{"entity": "city"}\n', "",
         [("欠我三万在杭州", "pay")]),
    ],
)  # fmt: skip
def test_other_tools_files_are_read(raw: str, name: str, rows: list[tuple[str, str]]) -> None:
    assert told(parcel(raw.encode(), name)) == rows


@pytest.mark.parametrize("encoding", ["gb18030", "utf-16", "utf-16-le", "utf-16-be", "utf-8-sig"])
def test_a_spreadsheet_of_another_encoding_is_read_and_said_so(encoding: str) -> None:
    raw = "text,label\r\n老板欠我工资不给,wages\r\n借给他三万块不还,debt\r\n".encode(encoding)
    read = parcel(raw, "x.csv")
    assert told(read) == [("老板欠我工资不给", "wages"), ("借给他三万块不还", "debt")]
    assert bool(read.note) == (encoding != "utf-8-sig")


@pytest.mark.parametrize(
    ("raw", "where"),
    [
        ("老板欠我工资\n借钱不还\n".encode() + "房东不退押金\n".encode("gb18030") + "邻居漏水\n".encode(), "第 3 行"),
        (b"\x81\xff\xff\xfe nothing", "第 1 行"),
        (b"\xff\xfe\x00\xd8\x00", "第 1 行"),
        (b"\x00\x01\x02\x03\xff\xfe\x00\xd8", "第 1 行"),
        ("nlu:\n- intent: wages\n  examples: |\n    - 欠\n  bad: [\n".encode(), "第 "),
        ("nlu:\n- intent: a\n\texamples: |\n    - 欠我\n".encode(), "第 3 行"),
        (b"nlu: 5\n", "第 1 行"),
        ('[{"text": "欠我工资"},\n{"text": }]'.encode(), "第 2 行"),
        ("姓名,电话\n某某,123\n".encode(), "第 1 行"),
        (b"", "一句话也没有"),
        (b"PK\x03\x04 not a zip", "压缩包"),
    ],
)
def test_what_cannot_be_read_is_refused_with_line_and_reason(raw: bytes, where: str) -> None:
    with pytest.raises(Unreadable, match=where):
        parcel(raw, "x.csv" if raw.startswith("姓名".encode()) else "")


@pytest.mark.parametrize(
    ("raw", "line"),
    [
        ('{"text":"欠我工资","label":["wages"]}\n{"text":"没写完\n{"text":"借钱不还","label":["debt"]}\n', 2),
        ('{"text":"欠我工资","label":["wages","debt"]}\n', 1),
        ('{"text":"欠我工资","label":[[0,2,"人"]]}\n', 1),
        ('{"id":3,"label":["wages"]}\n', 1),
        ('{"data":{"text":"欠我工资"},"annotations":[]}\n', 1),
        ('{"text":"欠我工资","label":["wages"]}\n"就一句"\n', 2),
        ("text,label\n欠我工资,wages\n只有一列\n", 3),
        ('text,label\n欠我工资,wages\n"没有收尾,debt\n', 3),
        ("nlu:\n- intent: pay\n  examples: |\n    - 欠我工资\n    少了横线\n", 5),
        ("nlu:\n- examples: |\n    - 欠我工资\n- intent: pay\n  examples: |\n    - 欠我工资\n", 2),
        ('{"text":' + "[" * 100_000 + "\n", 1),
    ],
)
def test_a_bad_line_is_named_and_the_others_are_read(raw: str, line: int) -> None:
    read = parcel(raw.encode())
    assert [fault.line for fault in read.faults] == [line] and read.faults[0].why
    assert all(text in ("欠我工资", "借钱不还") for text, _ in told(read))


def test_a_zip_of_the_files_names_the_broken_one_and_reads_the_others() -> None:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as packed:
        packed.writestr("a.yml", "nlu:\n- intent: pay\n  examples: |\n    - 欠我工资\n")
        packed.writestr("b.yml", "nlu:\n- intent pay\n")
    read = parcel(out.getvalue())
    assert told(read) == [("欠我工资", "pay")] and [fault.file for fault in read.faults] == ["b.yml"]


@given(st.binary(max_size=400))
def test_no_bytes_break_the_reading(raw: bytes) -> None:
    try:
        read = parcel(raw)
    except Unreadable as error:
        assert str(error)
    else:
        assert read.rows or read.faults


# —— sorting ——


def sorted_from(raw: str, root: Path, default: str = "", **chosen: str) -> Load:
    book = Phrasebook(root)
    labels: dict[str, Label] = Labels(book, knowledge.taxonomy(), knowledge.labels()).all()
    return sort(parcel(raw.encode()), book.examples(), labels, chosen, default)


def test_each_row_is_sorted_for_what_it_is(tmp_path: Path) -> None:
    root = a_small_root(tmp_path)
    name = Labels(Phrasebook(root), knowledge.taxonomy(), knowledge.labels()).all()["wages/wage_arrears"].name
    load = sorted_from(
        f"text,label\n老板卷款跑了,{name}\n老板欠我工资，不给！,wages/wage_arrears\n老板欠我公资不给呀,wages/wage_arrears\n"
        "谢谢,debt\n我叫李小梅，老板不发钱,dispute_wages\n唱个歌,sing\n老板卷款跑了,wages/wage_arrears\n，,debt\n",
        root,
    )
    kinds = {kind: [row.text for row in rows] for kind, rows in load.kinds.items() if rows}
    assert kinds["there"] == ["老板欠我工资，不给！", "老板卷款跑了"]
    assert kinds["near"] == ["老板欠我公资不给呀"] and kinds["elsewhere"] == ["谢谢"]
    assert kinds["personal"] == ["我叫某某，老板不发钱"]
    assert kinds["new"] == ["老板卷款跑了"] and kinds["unknown"] == ["唱个歌"]
    assert [fault.line for fault in load.faults] == [9]


def test_an_unknown_label_is_named_once_for_all_its_rows(tmp_path: Path) -> None:
    root, raw = a_small_root(tmp_path), "text,label\n厂里三个月不发钱,Salary\n扣着我的奖金,Salary\n欠条到期了,\n"
    assert sorted_from(raw, root).unknown == {"Salary": 2, "": 1}
    load = sorted_from(raw, root, default="debt", Salary="wages")
    assert load.wanted() == {"wages": ["厂里三个月不发钱", "扣着我的奖金"], "debt": ["欠条到期了"]}


def test_a_number_that_cannot_be_masked_away_is_never_proposed(tmp_path: Path) -> None:
    load = sorted_from("text,label\n找他要钱电话15927364581,debt\n", a_small_root(tmp_path))
    assert load.wanted() == {} and load.wanted(near=True, personal=True) == {"debt": ["找他要钱电话【电话】"]}


def test_the_same_row_twice_in_a_file_is_taught_once(tmp_path: Path) -> None:
    load = sorted_from("text,label\n欠条到期了,debt\n欠条，到期了！,debt\n", a_small_root(tmp_path))
    assert load.wanted(near=True) == {"debt": ["欠条到期了"]}


def test_exported_and_brought_back_there_is_nothing_new() -> None:
    book = Phrasebook(ROOT)
    rows = ((e.text, e.label) for e in book.examples())
    labels = Labels(book, knowledge.taxonomy(), knowledge.labels()).all()
    load = sort(parcel("".join(doccano(rows)).encode()), book.examples(), labels, {})
    assert load.wanted(near=True, personal=True) == {} and load.faults == []


def test_ten_thousand_rows_are_sorted_in_seconds() -> None:
    book = Phrasebook(ROOT)
    labels = Labels(book, knowledge.taxonomy(), knowledge.labels()).all()
    known = book.examples()
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow(("text", "label"))
    for n in range(10_000):
        writer.writerow((f"{known[n].text[:20]}{known[-n].text[-15:]}第{n}", "debt"))
    begun = time.process_time()
    load = sort(parcel(out.getvalue().encode()), known, labels, {})
    assert sum(map(len, load.kinds.values())) + len(load.faults) == 10_000
    assert time.process_time() - begun < 20


# —— the way through two people ——


def test_many_sentences_wait_in_portions_and_are_written_in_one_patch_that_is_undone(school: School) -> None:  # noqa: F811
    before = bytes_of(school.root)
    texts = [f"第{n}号厂房的工钱压着" for n in range(PORTION + 5)]
    one, two = school.lessons.propose_many(school.one, {"wages/wage_arrears": texts}, "镇上整理的")
    assert bytes_of(school.root) == before
    with pytest.raises(NotTaught):
        school.lessons.approve(school.one, one)
    school.lessons.approve(school.two, one, without={0, 7})
    standing = {e.text for e in school.book.examples()}
    assert texts[0] not in standing and texts[7] not in standing and texts[1] in standing
    assert b"# \xe4\xb8\x8b\xe9\x9d\xa2\xe6\x98\xaf\xe5\x8f\xa3\xe8\xaf\xad" in b"".join(bytes_of(school.root).values())
    school.lessons.approve(school.two, two)
    for number in (two, one):
        school.lessons.undo(school.one, number, "试一试")
    assert bytes_of(school.root) == before


def test_leaving_out_every_sentence_is_no_approval(school: School) -> None:  # noqa: F811
    (number,) = school.lessons.propose_many(school.one, {"debt": ["欠条到期了"]}, "镇上整理的")
    with pytest.raises(NotTaught):
        school.lessons.approve(school.two, number, without={0})


def test_a_sentence_taught_meanwhile_is_not_written_twice(school: School) -> None:  # noqa: F811
    told_ = {"wages": ["年终奖没发", "高温费没给"]}
    (number,) = school.lessons.propose_many(school.one, told_, "镇上整理的")
    school.book.add("wages", "年终奖没发")
    school.lessons.approve(school.two, number)
    assert [e.text for e in school.book.examples()].count("年终奖没发") == 1


def test_nothing_personal_comes_in_by_a_file(school: School) -> None:  # noqa: F811
    with pytest.raises(NotTaught):
        school.lessons.propose_many(school.one, {"debt": ["找他要钱电话15927364581"]}, "镇上整理的")
    assert school.lessons.waiting() == []
