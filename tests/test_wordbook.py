"""Claims about the wordbook: what a trainer marks becomes a word of the right list, by two people and back to the byte."""

from __future__ import annotations

from pathlib import Path

import pytest
from test_lessons import School
from test_phrasebook import a_small_root, bytes_of

from bot.desk import Desk
from bot.lessons import NotTaught
from bot.phrasebook import Phrasebook, Unfit
from bot.settings import ROOT
from bot.store import Store
from bot.understanding.chinese import WORDS, words_in
from bot.wordbook import KINDS, Wordbook

LISTS = {
    "roles.txt": "# 管：对方常是什么人。\n包工头\n老板  # 到处都有\n",
    "relations.txt": "婆婆\n前夫\n",
    "evidence.txt": "欠条\n",
    "dictionary.txt": "# —— 调解 ——\n调解协议\n一审 100\n",
    "slips.txt": "# —— 看到别动 ——\n办公资 办公资\n公资 工资\n",
}


@pytest.fixture()
def root(tmp_path: Path) -> Path:
    made = a_small_root(tmp_path / "language")
    (made / "nlu_data" / "words").mkdir()
    for name, content in LISTS.items():
        (made / "nlu_data" / "words" / name).write_text(content, encoding="utf-8", newline="")
    return made


@pytest.fixture()
def words(root: Path) -> Wordbook:
    return Wordbook(Phrasebook(root))


@pytest.fixture()
def school(store: Store, desk: Desk, root: Path) -> School:
    return School(store, desk, root)


def test_the_desk_reads_every_list_as_the_wordbook_does() -> None:
    book = Wordbook(Phrasebook(ROOT))
    for kind, about in KINDS.items():
        told = [line.split() for line in words_in(about.file, WORDS)]
        assert told and [one.text.split()[0] for one in book.words(kind)] == [parts[0] for parts in told]
    assert book.broken() == []


@pytest.mark.parametrize(
    ("kind", "word", "line"),
    [
        ("word/role", "村会计", "村会计"),
        ("word/relation", "小叔子", "小叔子"),
        ("word/evidence", "考勤表", "考勤表"),
        ("word/term", "加装电梯", "加装电梯"),
        ("word/term", "交房", "交房 100"),  # a light one, or 交房租 would be cut 交房|租
        ("word/slip", "包公头 包工头", "包公头 包工头"),
    ],
)
def test_a_word_is_one_line_of_its_list_and_goes_to_the_byte(
    root: Path, words: Wordbook, kind: str, word: str, line: str
) -> None:
    before, path = bytes_of(root), root / "nlu_data" / "words" / KINDS[kind].file
    patches = words.add(kind, word)
    assert path.read_text(encoding="utf-8") == LISTS[path.name] + line + "\n"
    assert words.words(kind)[-1].text == word
    Phrasebook(root).undo(patches)
    assert bytes_of(root) == before


def test_a_word_taken_out_comes_back_where_it_was_with_its_comment(root: Path, words: Wordbook) -> None:
    before = bytes_of(root)
    key = next(one.key for one in words.words("word/role") if one.text == "老板")
    patches = words.delete(key)
    assert [one.text for one in words.words("word/role")] == ["包工头"]
    Phrasebook(root).undo(patches)
    assert bytes_of(root) == before


@pytest.mark.parametrize(
    ("kind", "word"),
    [
        ("word/role", "包工头"),  # there already
        ("word/relation", "老板"),  # a role: one word names one thing
        ("word/term", "欠条"),  # cut as one word already
        ("word/slip", "老板 老班"),  # a word, and no slip
        ("word/slip", "公姿"),
        ("word/slip", "公资 公司"),
        ("word/role", "包 工"),
        ("word/role", "头"),
        ("word/role", "包工头，老王"),
        ("word/role", "# 包工头"),
        ("word/role", "长" * 13),
        ("word/nothing", "包工头子"),
    ],
)
def test_what_is_no_word_or_would_turn_another_is_refused(root: Path, words: Wordbook, kind: str, word: str) -> None:
    before = bytes_of(root)
    with pytest.raises(Unfit):
        words.add(kind, word)
    assert bytes_of(root) == before


def test_a_term_of_the_trade_may_be_a_role_as_well(words: Wordbook) -> None:
    words.add("word/term", "带班长")
    assert words.add("word/role", "带班长")


def test_a_line_that_is_no_word_is_named_and_changes_nothing_else(root: Path, words: Wordbook) -> None:
    path = root / "nlu_data" / "words" / "slips.txt"
    path.write_text("公资\n仲载 仲裁\n", encoding="utf-8")
    (error,) = words.broken()
    assert (error.file, error.line) == ("words/slips.txt", 1)
    path.write_bytes("公资 工资\n".encode("gb18030"))
    (error,) = words.broken()
    assert "UTF-8" in str(error)


def test_a_word_needs_two_people_like_an_example(school: School) -> None:
    before = bytes_of(school.root)
    number = school.lessons.propose_word(school.one, "word/role", "村会计", "常有人说")
    with pytest.raises(NotTaught):
        school.lessons.approve(school.one, number)
    assert bytes_of(school.root) == before
    school.lessons.approve(school.two, number)
    word = school.lessons.words.words("word/role")[-1]
    assert word.text == "村会计"
    away = school.lessons.propose_word_away(school.two, word.key, "太少见")
    with pytest.raises(NotTaught):
        school.lessons.propose_word_away(school.one, word.key, "再来一次")
    school.lessons.approve(school.one, away)
    school.lessons.undo(school.one, away, "还是要")
    school.lessons.undo(school.one, number, "试一试")
    assert bytes_of(school.root) == before


def test_words_marked_in_a_sentence_are_proposed_with_it_all_or_none(school: School) -> None:
    with pytest.raises(NotTaught):
        marked = [("word/role", "村会计"), ("word/role", "包工头")]
        school.lessons.propose_new(school.one, ["村会计把钱扣了"], "wages/wage_arrears", "没听懂", marked=marked)
    assert school.lessons.waiting() == []
    school.lessons.propose_new(
        school.one, ["村会计把钱扣了"], "wages/wage_arrears", "没听懂", marked=[("word/role", "村会计")]
    )
    assert [one.label for one in school.lessons.waiting()] == ["wages/wage_arrears", "word/role"]


def test_who_comes_second_with_a_word_is_told(school: School) -> None:
    numbers = [school.lessons.propose_word(school.one, "word/role", "村会计", "常有人说") for _ in range(2)]
    school.lessons.approve(school.two, numbers[0])
    with pytest.raises(NotTaught):
        school.lessons.approve(school.two, numbers[1])


def test_examples_that_a_word_would_cut_otherwise_are_shown(words: Wordbook) -> None:
    assert [one.text for one in words.touched("工资 薪水")] == ["老板欠我工资不给"]
