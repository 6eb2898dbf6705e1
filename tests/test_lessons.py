"""Claims about lessons: two people, nothing personal, all or nothing, and always a way back."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

import pytest
from builders import QUICK, an_account
from test_phrasebook import a_small_root, bytes_of, key

from bot import knowledge
from bot.desk import Desk
from bot.intake.masking import left_in, mask
from bot.labels import Labels
from bot.lessons import Lessons, NotTaught
from bot.phrasebook import Phrasebook
from bot.staff import Staff
from bot.store import Store
from bot.store_staff import Account

NOW = datetime(2026, 11, 20, 9, 30)


class School:
    """Lessons over a small phrasebook, with two trainers."""

    def __init__(self, store: Store, desk: Desk, root: Path) -> None:
        staff = Staff(store, hasher=QUICK)
        self.store, self.root, self.book = store, root, Phrasebook(root)
        self.labels = Labels(self.book, knowledge.taxonomy(), knowledge.labels())
        self.lessons = Lessons(store, self.book, self.labels, lambda: NOW)
        an_account(staff, desk, "one.trainer", "trainer")
        an_account(staff, desk, "two.trainer", "trainer")
        self.one, self.two = self.account("one.trainer"), self.account("two.trainer")

    def account(self, name: str) -> Account:
        found = self.store.account(name)
        assert found is not None
        return found

    def proposed(self, text: str = "包工头卷款跑了", label: str = "wages/wage_arrears") -> int:
        return self.lessons.propose_new(self.one, [text], label, "没听懂")[0]


@pytest.fixture()
def school(store: Store, desk: Desk, tmp_path: Path) -> School:
    return School(store, desk, a_small_root(tmp_path / "language"))


def test_a_proposal_changes_nothing_until_another_person_approves(school: School) -> None:
    before = bytes_of(school.root)
    number = school.proposed()
    assert bytes_of(school.root) == before
    with pytest.raises(NotTaught):
        school.lessons.approve(school.one, number)
    assert bytes_of(school.root) == before
    school.lessons.approve(school.two, number)
    assert [e.label for e in school.book.search("包工头卷款跑了")] == ["wages/wage_arrears"]
    (lesson,) = school.lessons.decided()
    assert (lesson.author_id, lesson.decider_id, lesson.state) == (school.one.id, school.two.id, "approved")


def test_what_was_approved_is_undone_to_the_byte(school: School) -> None:
    before, book = bytes_of(school.root), school.book
    made = [school.proposed()]
    made.append(school.lessons.propose_edit(school.one, key(book, "谢谢"), "谢谢你呀", "thanks", "多一种说法"))
    moved = key(book, "被辞退了没有补偿")
    made.append(school.lessons.propose_edit(school.one, moved, "被辞退了没有补偿", "wages/labour_other", "是劳动别的"))
    made.append(school.lessons.propose_delete(school.one, key(book, "老板欠我工资不给"), "太多了"))
    for number in made:
        school.lessons.approve(school.two, number)
    assert bytes_of(school.root) != before
    for number in reversed(made):
        school.lessons.undo(school.one, number, "试一试")
    assert bytes_of(school.root) == before
    with pytest.raises(NotTaught):
        school.lessons.undo(school.one, made[0], "再撤一次")


def test_approving_twice_writes_once(school: School) -> None:
    number = school.proposed()
    school.lessons.approve(school.two, number)
    after = bytes_of(school.root)
    with pytest.raises(NotTaught):
        school.lessons.approve(school.two, number)
    assert bytes_of(school.root) == after


def test_a_proposal_that_can_no_longer_be_written_stays_open_and_says_why(school: School) -> None:
    number = school.lessons.propose_delete(school.one, key(school.book, "公司不给我交社保"), "重复")
    Phrasebook(school.root).rewrite(key(school.book, "公司不给我交社保"), "厂里不给我交社保")
    before = bytes_of(school.root)
    with pytest.raises(NotTaught):
        school.lessons.approve(school.two, number)
    assert bytes_of(school.root) == before
    assert [lesson.id for lesson in school.lessons.waiting()] == [number]


def test_a_broken_file_stops_the_approval_and_not_the_proposal(school: School) -> None:
    number = school.proposed()
    path = school.root / "nlu_data" / "disputes" / "wages.yml"
    path.write_text(path.read_text(encoding="utf-8").replace("nlu:", "nlu", 1), encoding="utf-8")
    with pytest.raises(NotTaught):
        school.lessons.approve(school.two, number)
    assert len(school.lessons.waiting()) == 1


def test_one_example_waits_for_one_decision_at_a_time(school: School) -> None:
    school.lessons.propose_delete(school.one, key(school.book, "谢谢"), "重复")
    with pytest.raises(NotTaught):
        school.lessons.propose_edit(school.two, key(school.book, "谢谢"), "谢谢您", "thanks", "客气些")


def test_only_the_author_withdraws_and_only_while_nobody_decided(school: School) -> None:
    number = school.proposed()
    with pytest.raises(NotTaught):
        school.lessons.withdraw(school.two, number)
    school.lessons.withdraw(school.one, number)
    with pytest.raises(NotTaught):
        school.lessons.approve(school.two, number)


def test_several_sentences_are_proposed_all_or_none(school: School) -> None:
    with pytest.raises(NotTaught):
        school.lessons.propose_new(school.one, ["年终奖没发", "公司不给我交社保"], "wages", "一起教")
    assert school.lessons.waiting() == []
    assert len(school.lessons.propose_new(school.one, ["年终奖没发", "高温费没给"], "wages", "一起教")) == 2


@pytest.mark.parametrize("label", ["", "nobody", "wages/none"])
def test_a_label_that_nobody_knows_is_refused(school: School, label: str) -> None:
    with pytest.raises(NotTaught):
        school.proposed(label=label)


def test_a_reason_is_needed_for_every_step(school: School) -> None:
    with pytest.raises(NotTaught):
        school.lessons.propose_new(school.one, ["年终奖没发"], "wages", "  ")
    number = school.proposed()
    with pytest.raises(NotTaught):
        school.lessons.refuse(school.two, number, "")


def test_agreement_is_counted_for_each_pair(school: School) -> None:
    for number in range(4):
        lesson = school.proposed(f"{'甲乙丙丁'[number]}厂押着工资")
        if number:
            school.lessons.approve(school.two, lesson)
        else:
            school.lessons.refuse(school.two, lesson, "说的是货款", "debt")
    (pair,) = school.lessons.agreements()
    assert (pair.agreed, pair.decided) == (3, 4)
    (refused,) = school.lessons.decided("refused")
    assert refused.other_label == "debt"


@pytest.mark.parametrize(
    "text", ["找他要钱电话15927364581", "身份证330102197503127346", "卡号6222021234567890123", "加微信wx_abc123"]
)
def test_nothing_that_finds_a_person_is_kept(school: School, text: str) -> None:
    assert left_in(text)
    with pytest.raises(NotTaught):
        school.proposed(text)
    assert left_in(mask(text).text) == []


@pytest.mark.parametrize(
    ("text", "gone"),
    [
        ("我叫李小梅，老板欠我工资", "李小梅"),
        ("老板名叫张大强，跑了", "张大强"),
        ("我住在幸福路12号3栋2单元501室，楼上漏水", "12号"),
        ("刘桂英 电话13712345678", "刘桂英"),
        ("我在南浔区千金镇住", "千金镇"),
    ],
)
def test_names_and_addresses_are_masked(text: str, gone: str) -> None:
    assert gone not in mask(text).text


def test_a_name_that_the_record_knows_is_masked_wherever_it_stands() -> None:
    assert "万元寺" not in mask("万元寺说不给，我问过万元寺了", known=["万元寺"]).text


def test_masking_again_changes_nothing() -> None:
    once = mask("我叫李小梅，身份证330102197503127346，电话15927364581，住和平路3号").text
    assert mask(once).text == once


def test_most_of_the_projects_own_examples_need_no_mask() -> None:
    told = [e.text for e in Phrasebook(Path(__file__).resolve().parents[1]).examples()]
    assert sum(mask(text).text != text for text in told) < len(told) / 50


def test_every_label_of_the_examples_has_a_name() -> None:
    book = Phrasebook(Path(__file__).resolve().parents[1])
    labels = Labels(book, knowledge.taxonomy(), knowledge.labels()).all()
    assert set(book.labels()) <= set(labels)
    assert [key for key, label in labels.items() if label.name == key] == []


@pytest.mark.parametrize("text", ["血汗全叫包头卷走了", "东西叫房东扔了出来", "我叫石头砸了脚", "腿叫车撞了"])
def test_who_did_it_is_no_name_to_be_covered(text: str) -> None:
    assert mask(text).text == text
    assert mask(f"我叫李小梅，{text}").text == f"我叫某某，{text}"
