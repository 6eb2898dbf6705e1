"""Claims about the papers of a case: what is filled in, what stays empty, what a damaged template stops."""

from __future__ import annotations

import io
import shutil
import zipfile
from collections.abc import Callable
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from builders import Talking
from docx import Document
from house import House, a_house

from bot import documents
from bot.casework import NoCase, NotDone
from bot.documents.sheets import as_html
from bot.intake.case_papers import FORMS, told_by_her
from bot.intake.course import Done, course
from bot.intake.working_days import is_working_day

STORY = "我在湖州市南浔区练市镇的工地干活，包工头周建业欠我三万二工资一直不给"
BEATEN = "我在湖州市南浔区，我老公昨晚又打我了，拿着刀说要杀了我"
AT = datetime(2026, 11, 20, 9, 30)
A_SESSION = {
    "day": next(d for n in range(2, 30) if is_working_day(d := date.today() + timedelta(days=n))[0]).isoformat(),
    "time": "09:00",
}
#: Two tiny files of a kind: what citizens sent is opened elsewhere.
PAPER = b"%PDF-1.4 made up"


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> House:
    return a_house(tmp_path_factory.mktemp("casefile"))


@pytest.fixture()
def templates(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A copy of the templates, to be damaged."""
    copied = tmp_path / "templates"
    shutil.copytree(documents.TEMPLATES, copied)
    monkeypatch.setattr(documents, "TEMPLATES", copied)
    return copied


def filed(house: House, story: str = STORY, matter: str = "wages/wage_arrears", **answers: str) -> str:
    return Talking(house.desk).consented().filed(story, matter, **answers)


def printed(house: House, receipt: str, form: str, name: str = "head.one") -> str:
    _, content = house.desk.papers.word(house.staff.account(name), receipt, form)
    return text_of(content)


def text_of(content: bytes) -> str:
    document = Document(io.BytesIO(content))
    cells = [cell.text for table in document.tables for row in table.rows for cell in row.cells]
    return "\n".join([*(paragraph.text for paragraph in document.paragraphs), *cells])


def the_zip(house: House, receipt: str) -> zipfile.ZipFile:
    with house.desk.papers.packed(house.staff.account("head.one"), receipt) as packed:
        return zipfile.ZipFile(io.BytesIO(packed.read()))


def did(act: str, told: dict[str, Any] | None = None, who: str = "王芳") -> Done:
    """An act as the history keeps it."""
    return Done(AT, who, act, "accepted", None, None, told)


# —— forms ——


def test_every_form_has_a_template_and_every_template_a_form() -> None:
    assert set(documents.names()) == set(FORMS)


@pytest.mark.parametrize("form", FORMS)
def test_every_form_fills_and_leaves_no_brace(house: House, form: str) -> None:
    said = printed(house, filed(house, counterpart="周建业"), form)
    assert FORMS[form].title.removeprefix("人民调解") in said.replace("人民调解权利", "权利")
    assert "{{" not in said and "{%" not in said and "None" not in said


def test_the_registration_form_holds_what_was_told_and_who_accepted_it(house: House) -> None:
    receipt = filed(house, counterpart="周建业")
    assert "年　　月　　日" in printed(house, receipt, "acceptance")
    house.desk.cases.accept(house.staff.account("mediator.one"), receipt, 1)
    house.desk.cases.unmask(house.staff.account("head.one"), receipt, "要打印受理登记表")
    said = printed(house, receipt, "acceptance")
    for told in ("李四", "13800001234", "周建业", "拖欠工资（10 劳动争议）", "☑当事人申请", "32,000元", "mediator.one"):
        assert told in said


def test_what_was_not_said_is_an_empty_field(house: House) -> None:
    receipt = filed(house, counterpart="不知道叫什么")
    said = printed(house, receipt, "session")
    assert "＿＿＿＿年" in said and "＿＿＿＿＿＿" in said


def test_an_agreement_takes_nothing_over_from_one_sides_telling(house: House) -> None:
    said = printed(house, filed(house, wanted="把三万二一次给清", counterpart="周建业"), "agreement")
    assert "三万二" not in said and "32,000" not in said


def test_where_somebody_was_hurt_the_other_side_does_not_read_her_number(house: House) -> None:
    receipt = filed(house, BEATEN, "family/domestic_violence")
    for form in ("agreement", "confirmation", "session", "rights_notice", "return_visit"):
        assert "13800001234" not in printed(house, receipt, form), form
    assert "别发短信" not in printed(house, receipt, "application")
    assert "13800001234" in printed(house, receipt, "acceptance")
    assert house.desk.papers.folder(house.staff.account("head.one"), receipt).shielded


# —— what the acts say ——


def test_terms_performance_and_a_return_visit_are_read_from_the_acts() -> None:
    done = course(
        [
            did("file", who="citizen"),
            did("note"),
            did("accept"),
            did("appoint", {"at": "2026-11-25T09:00", "way": "here", "where": "练市镇调解室"}),
            did("meet", {"on": "2026-11-25", "came": "双方", "words": "差两千"}),
            did("agree", {"terms": "分两次付清", "amount": 30_000, "form": "written"}),
            did("perform", {"result": "partly", "amount": 10_000}),
            did("perform", {"result": "performed", "amount": 20_000}),
            did("visit", {"satisfied": "yes", "words": "钱都收到了"}),
        ]
    )
    assert done.answered_at == done.accepted_at == AT and done.accepted_by == "王芳"
    assert done.meetings[0]["session"]["where"] == "练市镇调解室"
    assert done.agreement and done.agreement["terms"] == "分两次付清"
    assert (done.performance, done.paid, done.visits[0].told["satisfied"]) == ("performed", 30_000, "yes")


def test_a_reopened_case_has_no_outcome_any_more() -> None:
    done = course([did("accept"), did("agree"), did("reopen")])
    assert (done.outcome, done.agreement, done.performance) == (None, None, None)
    assert done.accepted_at == AT


def test_who_spoke_with_her_in_her_talk_has_answered() -> None:
    assert course([did("file", who="citizen"), did("take_over")]).answered_at == AT


@pytest.mark.parametrize("told", [None, {}, {"amount": "很多"}, {"amount": -1}])
def test_an_act_that_says_too_little_is_read_as_little(told: dict[str, Any] | None) -> None:
    assert course([did("agree", told), did("perform", told), did("visit", told)]).paid is None


def walked(house: House, receipt: str, act: str, **form: str) -> None:
    head = house.staff.account("head.one")
    house.desk.cases.do(head, receipt, house.desk.cases.find(head, receipt).version, act, form)


def test_the_record_of_a_session_says_where_when_who_came_and_what_was_said(house: House) -> None:
    receipt = filed(house, counterpart="周建业")
    walked(house, receipt, "accept")
    walked(house, receipt, "appoint", **A_SESSION, way="online", where="会议号 318 442 907")
    before = printed(house, receipt, "session")
    assert "远程（视频、电话）：会议号 318 442 907" in before and "时00分" in before
    today = date.today().isoformat()
    walked(house, receipt, "meet", day=today, where="练市镇调委会二楼", came="周建业和他儿子", why="还差两千，回去想想")
    after = printed(house, receipt, "session")
    for told in ("练市镇调委会二楼", "周建业和他儿子", "还差两千"):
        assert told in after and told not in before
    assert "318 442 907" not in after  # held elsewhere and on another day than was appointed


def test_each_session_has_a_sheet_in_the_file(house: House) -> None:
    receipt = filed(house, counterpart="周建业")
    walked(house, receipt, "accept")
    today = date.today().isoformat()
    for said in ("头一次没谈拢", "第二次谈好了"):
        walked(house, receipt, "meet", day=today, came="双方", why=said)
    packed = the_zip(house, receipt)
    sheets = [text_of(packed.read(name)) for name in packed.namelist() if "人民调解记录" in name]
    assert len(sheets) == 2
    assert "头一次没谈拢" in sheets[0] and "第二次谈好了" in sheets[1] and "头一次" not in sheets[1]


def test_the_agreement_prints_the_facts_that_the_mediator_kept_and_no_others(house: House) -> None:
    receipt = filed(house, counterpart="周建业", wanted="把三万二一次给清")
    walked(house, receipt, "accept")
    today = date.today().isoformat()
    terms = {"form": "written", "terms": "月底前付两万八", "day": today, "performed": "1"}
    walked(house, receipt, "agree", **terms, facts="周建业认欠工资两万八千元", disputed="")
    said = printed(house, receipt, "agreement")
    assert "周建业认欠工资两万八千元" in said and "三万二" not in said


def test_parts_are_printed_with_their_last_day_as_the_deadline_and_no_word_twice(house: House) -> None:
    receipt = filed(house, STORY, "debt", counterpart="周建业")
    walked(house, receipt, "accept")
    parts = {"on1": "2030-01-05", "sum1": "8000", "on2": "2030-02-05", "sum2": "20000"}
    walked(house, receipt, "agree", form="written", terms="两次付清", day=date.today().isoformat(), **parts)
    said = printed(house, receipt, "agreement")
    assert "2030年1月5日给 8,000.00 元" in said and "履行时限：2030年2月5日" in said
    for form in ("inquiry", "confirmation", "return_visit", "rights_notice", "contents"):
        assert "纠纷纠纷" not in printed(house, receipt, form), form


def test_where_somebody_was_hurt_no_telling_is_offered_for_both_sides_to_sign(house: House) -> None:
    def telling(receipt: str) -> str:
        document = house.desk.record(receipt)
        assert document is not None
        return told_by_her(document)

    assert "三万二" in telling(filed(house)) and telling(filed(house)).startswith("申请人说：")
    assert telling(filed(house, BEATEN, "family/domestic_violence")) == ""


# —— templates that a clerk damaged ——


def half_a_brace(template: Path) -> None:
    document = Document(str(template))
    document.add_paragraph("{{ number")
    document.add_paragraph("{% if number %}")
    document.save(str(template))


def a_wrong_name(template: Path) -> None:
    document = Document(str(template))
    document.add_paragraph("{{ shoujihao }}")
    document.save(str(template))


def cut_short(template: Path) -> None:
    template.write_bytes(template.read_bytes()[:3_000])


@pytest.mark.parametrize(
    ("damage", "reason"),
    [(half_a_brace, "大括号"), (a_wrong_name, "shoujihao"), (cut_short, "Word 文件"), (Path.unlink, "没有")],
)
def test_a_damaged_template_is_named_with_its_reason_and_the_others_still_work(
    house: House, templates: Path, damage: Callable[[Path], None], reason: str
) -> None:
    receipt = filed(house)
    damage(templates / "agreement.docx")
    with pytest.raises(documents.DocumentError, match=f"agreement.docx.*{reason}|{reason}.*agreement.docx"):
        printed(house, receipt, "agreement")
    assert "受理登记表" in printed(house, receipt, "acceptance")
    sheets = house.desk.papers.folder(house.staff.account("head.one"), receipt).sheets
    assert [sheet.form.name for sheet in sheets if sheet.trouble] == ["agreement"]


def test_the_file_comes_without_the_damaged_form_and_says_so(house: House, templates: Path) -> None:
    receipt = filed(house)
    cut_short(templates / "inquiry.docx")
    packed = the_zip(house, receipt)
    assert not [name for name in packed.namelist() if "调查记录" in name]
    assert [name for name in packed.namelist() if "受理登记表" in name]
    assert "（缺）人民调解调查记录：模板 inquiry.docx" in packed.read("目录.txt").decode("utf-8-sig")


# —— the whole file ——


def test_the_zip_holds_forms_talk_history_and_a_list_of_contents_that_is_true(house: House) -> None:
    receipt = filed(house)
    account = house.staff.account("head.one")
    house.desk.cases.accept(account, receipt, 1)
    house.desk.cases.note(account, receipt, 2, "只给自己人看的话")
    packed = the_zip(house, receipt)
    listed = packed.read("目录.txt").decode("utf-8-sig")
    names = [name for name in packed.namelist() if name != "目录.txt"]
    assert all(name in listed for name in names)
    assert "周建业" in packed.read("谈话记录.txt").decode("utf-8-sig")
    history = packed.read("办理经过.txt").decode("utf-8-sig")
    assert "受理" in history and "只给自己人看的话" not in history
    contents = text_of(packed.read(next(name for name in names if "目录" in name)))
    assert all(title in contents for title in ("人民调解申请书", "谈话记录", "办理经过"))


def test_what_she_sent_lies_in_the_zip_under_a_name_that_stays_in_its_folder(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    from bot.attachments import Attachment

    receipt = filed(house)
    sent = [
        Attachment("0" * 32, "../../欠条.pdf", "pdf", len(PAPER), 1, "x", AT, True),
        Attachment("1" * 32, "丢了的.pdf", "pdf", 5, 1, "x", AT, True),
    ]
    kept = house.desk.attachments
    assert kept is not None
    monkeypatch.setattr(kept, "of_record", lambda _: sent)
    monkeypatch.setattr(kept, "content", lambda one: PAPER if one.id[0] == "0" else None)
    packed = the_zip(house, receipt)
    held = [name for name in packed.namelist() if name.startswith("当事人交的/")]
    assert len(held) == 1 and ".." not in held[0] and packed.read(held[0]) == PAPER
    assert "丢了的.pdf" in packed.read("目录.txt").decode("utf-8-sig")


def test_printing_and_packing_are_noted_in_the_log_of_the_case(house: House) -> None:
    receipt = filed(house)
    printed(house, receipt, "acceptance", "mediator.one")
    the_zip(house, receipt)
    seen = house.desk.cases.open(house.staff.account("head.one"), receipt).seen_by
    assert [(sight.act, sight.who) for sight in seen][1:3] == [("pack", "head.one"), ("print", "mediator.one")]


def test_another_bodys_case_has_no_papers(house: House) -> None:
    there = filed(house, "我在山西省晋城市高平市的工地干活，老板欠我两万工资一直不给")
    for ask in (house.desk.papers.folder, house.desk.papers.packed):
        with pytest.raises(NoCase):
            ask(house.staff.account("head.one"), there)


def test_what_may_only_be_stored_is_neither_printed_nor_packed(house: House) -> None:
    receipt = filed(house)
    house.desk.cases.accept(house.staff.account("head.one"), receipt, 1)
    standing = house.desk.rights._store.filed.standing(receipt)
    assert standing is not None
    house.desk.rights._store.filed.hold(standing.id, AT)
    with pytest.raises(NotDone):
        printed(house, receipt, "acceptance")
    with pytest.raises(NotDone):
        the_zip(house, receipt)


# —— the sheet on the screen ——


def test_the_sheet_on_the_screen_says_what_the_word_file_says_and_escapes_it(house: House) -> None:
    receipt = filed(house, STORY + "<script>alert(1)</script>")
    _, content = house.desk.papers.word(house.staff.account("head.one"), receipt, "acceptance")
    page = as_html(content)
    assert "<h1" in page and "李四" in page and "周建业" in page
    assert "<script" not in page and "&lt;script&gt;" in page and "style=" not in page
