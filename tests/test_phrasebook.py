"""Claims about the phrasebook: examples are found as people look for them, and files change by no line too many."""

from __future__ import annotations

import difflib
import random
import shutil
import subprocess
import sys
import threading
import time
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.commands.checking import examples
from bot.knowledge import read_yaml
from bot.phrasebook import BrokenFile, Gone, Phrasebook, Unfit, as_example
from bot.phrasebook_lines import applied, towards
from bot.settings import ROOT
from bot.sounds import near_pairs, plains, sound
from bot.wordbook import KINDS

WAGES = """# 管：工资。
version: "3.1"
nlu:
# —— 拖欠 ——
- intent: dispute_wages
  metadata:
    subtype: wage_arrears  # 拖欠
  examples: |
    - 老板欠我工资不给
    # 下面是口语
    - 干了三个月没拿到钱

- intent: dispute_wages
  examples: |
      - 公司不给我交社保
      - 被辞退了没有补偿
"""
SMALL = """version: "3.1"
nlu:
- intent: thanks
  examples: |
    - 谢谢
    - 多谢了
- intent: faq/cost
  examples: |
    - 调解收费吗
responses:
  utter_faq/cost:
    - text: 不收。"""


@pytest.fixture()
def root(tmp_path: Path) -> Path:
    return a_small_root(tmp_path)


def a_small_root(folder: Path) -> Path:
    (folder / "nlu_data" / "disputes").mkdir(parents=True)
    (folder / "nlu_data" / "disputes" / "wages.yml").write_text(WAGES, encoding="utf-8")
    (folder / "nlu_data" / "small_talk.yml").write_text(SMALL, encoding="utf-8")
    return folder


def bytes_of(root: Path) -> dict[str, bytes]:
    return {str(path): path.read_bytes() for path in sorted((root / "nlu_data").rglob("*.yml"))}


def key(book: Phrasebook, text: str) -> str:
    return next(e.key for e in book.examples() if e.text == text)


def changed(before: str, after: str) -> tuple[list[str], list[str]]:
    """Lines that went and lines that came."""
    diff = list(difflib.ndiff(before.splitlines(), after.splitlines()))
    return [d[2:] for d in diff if d.startswith("- ")], [d[2:] for d in diff if d.startswith("+ ")]


def test_every_example_of_the_project_is_listed_with_its_label_and_its_line() -> None:
    book = Phrasebook(ROOT)
    assert [e.text for e in book.examples()] == [text for _, _, _, text in examples()]
    assert book.broken() == [] and book.stray() == []
    for example in random.Random(1).sample(book.examples(), 50):
        line = (ROOT / "nlu_data" / example.file).read_text(encoding="utf-8").split("\n")[example.line - 1]
        assert line.strip() == f"- {example.text}"
    assert len({e.key for e in book.examples()}) == len(book.examples())


def test_an_added_example_is_one_line_at_the_end_of_its_block(root: Path) -> None:
    book, path = Phrasebook(root), root / "nlu_data" / "disputes" / "wages.yml"
    book.add("wages/wage_arrears", "包工头跑了")
    assert changed(WAGES, path.read_text(encoding="utf-8")) == ([], ["    - 包工头跑了"])
    book.add("wages", "加班费一分没有")
    assert "      - 加班费一分没有" in path.read_text(encoding="utf-8").split("\n")
    assert [e.label for e in book.search("包工头")] == ["wages/wage_arrears"]


def test_the_first_example_of_a_label_brings_its_own_block(root: Path) -> None:
    book = Phrasebook(root)
    book.add("wages/labour_other", "怀孕了被调岗")
    content: Any = read_yaml(root / "nlu_data" / "disputes" / "wages.yml")
    assert content["nlu"][-1] == {
        "intent": "dispute_wages",
        "metadata": {"subtype": "labour_other"},
        "examples": "- 怀孕了被调岗\n",
    }


@pytest.mark.parametrize("label", ["land", "nobody/knows", "../../etc", "thanks\n- intent: x", ""])
def test_a_label_that_has_no_place_is_refused(root: Path, label: str) -> None:
    before = bytes_of(root)
    with pytest.raises(Unfit):
        Phrasebook(root).add(label, "一句话")
    assert bytes_of(root) == before


def test_moving_rewriting_and_deleting_touch_only_their_lines(root: Path) -> None:
    book, path = Phrasebook(root), root / "nlu_data" / "disputes" / "wages.yml"
    book.move(key(book, "被辞退了没有补偿"), "wages/wage_arrears")
    book.rewrite(key(book, "公司不给我交社保"), "厂里不给我交社保")
    book.delete(key(book, "老板欠我工资不给"))
    gone, come = changed(WAGES, path.read_text(encoding="utf-8"))
    assert sorted(gone) == ["      - 公司不给我交社保", "      - 被辞退了没有补偿", "    - 老板欠我工资不给"]
    assert sorted(come) == ["      - 厂里不给我交社保", "    - 被辞退了没有补偿"]


def test_the_last_example_of_a_block_stays(root: Path) -> None:
    book = Phrasebook(root)
    with pytest.raises(Unfit):
        book.delete(key(book, "调解收费吗"))


def test_what_stands_there_already_is_not_added_again(root: Path) -> None:
    with pytest.raises(Unfit, match="已经有了"):
        Phrasebook(root).add("wages/wage_arrears", "老闆欠我工资，不给！")


CHANGES = st.lists(
    st.tuples(
        st.sampled_from(["add", "rewrite", "move", "delete"]),
        st.integers(0, 30),
        st.sampled_from(["wages", "wages/wage_arrears", "wages/labour_other", "thanks", "faq/cost"]),
        st.text("甲乙丙丁：- '\"#[]{}\t", min_size=2, max_size=12),
    ),
    max_size=8,
)


FULL = """
import resource, sys
from pathlib import Path
from bot.phrasebook import Phrasebook, Unfit
from bot.wordbook import Wordbook
book = Phrasebook(Path(sys.argv[1]))
book.examples()
resource.setrlimit(resource.RLIMIT_FSIZE, (20, 20))
for write in (lambda: book.add("wages", "包工头跑了"), lambda: Wordbook(book).add("word/role", "村会计")):
    try:
        write()
    except Unfit as error:
        print(error)
"""


def test_a_disk_that_is_really_full_leaves_every_file_as_it_was(root: Path) -> None:
    (root / "nlu_data" / "words").mkdir()
    for kind in KINDS.values():
        (root / "nlu_data" / "words" / kind.file).write_text("包工头 老板\n" * 9, encoding="utf-8")
    before = bytes_of(root)
    told = subprocess.run([sys.executable, "-c", FULL, str(root)], capture_output=True, text=True, cwd=ROOT, check=True)
    assert told.stdout.count("磁盘满") == 2 and bytes_of(root) == before


@given(changes=CHANGES, ends=st.sampled_from(["\n", "\r\n"]))
def test_changes_taken_back_in_turn_leave_the_same_bytes(
    tmp_path_factory: pytest.TempPathFactory, changes: list[tuple[str, int, str, str]], ends: str
) -> None:
    root = a_small_root(tmp_path_factory.mktemp("book"))
    for path in (root / "nlu_data").rglob("*.yml"):
        path.write_bytes(path.read_bytes().replace(b"\n", ends.encode()))
    before, book, made = bytes_of(root), Phrasebook(root), []
    for kind, which, label, text in changes:
        told = book.examples()
        try:
            one = told[which % len(told)].key
            if kind == "add":
                made.append(book.add(label, text))
            elif kind == "rewrite":
                made.append(book.rewrite(one, text))
            elif kind == "move":
                made.append(book.move(one, label))
            else:
                made.append(book.delete(one))
        except Unfit:
            continue
        assert book.broken() == []
        for path in (root / "nlu_data").rglob("*.yml"):
            read_yaml(path)
    for patches in reversed(made):
        book.undo(patches)
    assert bytes_of(root) == before


def test_a_change_is_undone_although_the_lines_around_it_moved(root: Path) -> None:
    book, path = Phrasebook(root), root / "nlu_data" / "disputes" / "wages.yml"
    patches = book.delete(key(book, "被辞退了没有补偿"))
    path.write_text(path.read_text(encoding="utf-8").replace("nlu:\n", "nlu:\n# 新写的一行\n\n", 1), encoding="utf-8")
    book.undo(patches)
    assert path.read_text(encoding="utf-8").replace("# 新写的一行\n\n", "", 1) == WAGES


def test_what_changed_again_cannot_be_undone_blindly(root: Path) -> None:
    book = Phrasebook(root)
    patches = book.rewrite(key(book, "公司不给我交社保"), "厂里不给我交社保")
    book.rewrite(key(book, "厂里不给我交社保"), "店里不给我交社保")
    before = bytes_of(root)
    with pytest.raises(Gone):
        book.undo(patches)
    assert bytes_of(root) == before


def test_who_comes_second_is_told_and_overwrites_nothing(root: Path) -> None:
    first, second = Phrasebook(root), Phrasebook(root)
    one = key(second, "公司不给我交社保")
    first.rewrite(key(first, "公司不给我交社保"), "厂里不给我交社保")
    before = bytes_of(root)
    with pytest.raises(Gone):
        second.delete(one)
    assert bytes_of(root) == before


def test_many_at_once_lose_nothing(root: Path) -> None:
    books = [Phrasebook(root) for _ in range(4)]
    tens = "甲乙丙丁戊己庚辛壬癸"

    def teach(n: int) -> None:
        for ten in tens:
            books[n].add("wages", f"第{tens[n]}个人的第{ten}句")

    threads = [threading.Thread(target=teach, args=(n,)) for n in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(Phrasebook(root).search("个人的第")) == 40


BROKEN = {
    "tab": ("  examples: |\n    - 老板", "\texamples: |\n    - 老板", "Tab"),
    "colon": ("- intent: dispute_wages\n  metadata:", "- intent dispute_wages\n  metadata:", "wages.yml"),
    "no intent": ("- intent: dispute_wages\n  metadata:", "- metadata:", "wages.yml"),
    "list instead of block": ("  examples: |\n    - 老板", "  examples:\n    - 老板", "examples"),
}


@pytest.mark.parametrize("kind", BROKEN)
def test_a_file_broken_by_hand_is_named_with_its_line_and_the_last_good_examples_stay(root: Path, kind: str) -> None:
    book, path = Phrasebook(root), root / "nlu_data" / "disputes" / "wages.yml"
    before = [e.text for e in book.examples()]
    old, new, named = BROKEN[kind]
    path.write_text(WAGES.replace(old, new, 1), encoding="utf-8")
    assert [e.text for e in book.examples()] == before
    (error,) = book.broken()
    assert 4 <= error.line <= 12 and named in str(error)
    with pytest.raises((BrokenFile, Unfit)):
        book.add("wages", "再来一句话")
    path.write_text(WAGES, encoding="utf-8")
    assert book.broken() == []


def test_another_encoding_is_named_and_not_guessed(root: Path) -> None:
    (root / "nlu_data" / "old.yml").write_bytes(WAGES.encode("gb18030"))
    (error,) = Phrasebook(root).broken()
    assert "UTF-8" in str(error)


def test_a_full_disk_leaves_the_file_as_it_was(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    book, before = Phrasebook(root), bytes_of(root)

    def full(_: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("os.fsync", full)
    with pytest.raises(Unfit):
        book.add("wages", "再来一句话")
    assert bytes_of(root) == before and list((root / "nlu_data").rglob("*.new")) == []


@given(text=st.text(max_size=80))
def test_whatever_is_written_as_an_example_is_read_back_as_it_was(
    tmp_path_factory: pytest.TempPathFactory, text: str
) -> None:
    try:
        clean = as_example(text)
    except Unfit:
        return
    root = a_small_root(tmp_path_factory.mktemp("book"))
    Phrasebook(root).add("thanks", text)
    told = read_yaml(root / "nlu_data" / "small_talk.yml")["nlu"][0]["examples"]
    assert told.splitlines()[-1] == f"- {clean}"


# —— finding ——


def test_words_are_found_as_written_as_they_sound_and_in_either_script(root: Path) -> None:
    book = Phrasebook(root)
    book.add("wages", "包工头押着公资")
    assert [e.text for e in book.search("公资")][0] == "包工头押着公资"
    assert "老板欠我工资不给" in {e.text for e in book.search("公资")}
    assert [e.text for e in book.search("調解收費")] == ["调解收费吗"]
    assert [e.text for e in book.search("tiaojie")] == ["调解收费吗"]
    assert {e.label for e in book.search("", "wages")} == {"wages", "wages/wage_arrears"}
    assert book.search("没有的词语") == []


def test_near_duplicates_are_found_by_sound_and_script() -> None:
    texts = ["老板拖欠我三个月公资不给", "老闆拖欠我三個月工資，不給", "邻居的树挡着我家的光", "我想问问低保怎么办"]
    pairs = {(i, j) for i, j, _ in near_pairs([sound(one) for one in plains(texts)])}
    assert pairs == {(0, 1)}


def many() -> list[str]:
    told, chance = [e.text for e in Phrasebook(ROOT).examples()], random.Random(7)
    texts = list(told)
    while len(texts) < 50_000:
        one, other = chance.choice(told), chance.choice(told)
        texts.append(one[: len(one) // 2] + other[len(other) // 2 :])
    return texts


def test_near_duplicates_among_fifty_thousand_take_less_than_ten_seconds() -> None:
    texts = many()
    begun = time.process_time()  # other work on the machine is not ours
    pairs = sum(1 for _ in near_pairs([sound(one) for one in plains(texts)]))
    assert pairs > 100 and time.process_time() - begun < 10


def test_fifty_thousand_examples_are_searched_within_a_fifth_of_a_second(tmp_path: Path) -> None:
    root = a_small_root(tmp_path)
    lines = "".join(f"    - {text}\n" for text in many())
    (root / "nlu_data" / "many.yml").write_text(
        f'version: "3.1"\nnlu:\n- intent: inform\n  examples: |\n{lines}', encoding="utf-8"
    )
    book = Phrasebook(root)
    assert len(book.examples()) > 50_000
    for words in ("工资", "老板", "gongzi", "没有这样的话"):
        begun = time.process_time()
        book.search(words)
        assert time.process_time() - begun < 0.2, words


def test_a_copy_of_the_projects_data_comes_through_a_days_teaching_clean(tmp_path: Path) -> None:
    shutil.copytree(ROOT / "nlu_data", tmp_path / "nlu_data")
    book, before, made = Phrasebook(tmp_path), bytes_of(tmp_path), []
    at = {(e.file, e.line) for e in book.examples()}
    # The last one of a block is refused, which a claim of its own says.
    beside = [e for e in book.examples() if {(e.file, e.line - 1), (e.file, e.line + 1)} & at]
    for n, example in enumerate(random.Random(3).sample(beside, 12)):
        now = next(e for e in book.examples() if e.text == example.text and e.label == example.label)
        made.append(
            [book.delete, lambda k: book.move(k, "wages"), lambda k: book.rewrite(k, "换成这样说")][n % 3](now.key)
        )
    for patches in reversed(made):
        book.undo(patches)
    assert bytes_of(tmp_path) == before


def test_an_example_of_one_danger_is_not_put_among_those_of_two(root: Path) -> None:
    path = root / "nlu_data" / "danger.yml"
    one, two = "- intent: danger_violence\n", "- intent: danger_violence\n  metadata:\n    also: [minor]\n"
    told = "  examples: |\n    - {}\n"
    path.write_text(
        f'version: "3.1"\nnlu:\n{one}{told.format("他打我")}{two}{told.format("他打我和娃")}', encoding="utf-8"
    )
    book = Phrasebook(root)
    book.add("danger_violence", "他踹我")
    book.add("danger_violence+minor", "他踹我和娃")
    assert [(e.label, e.text) for e in book.examples() if e.file == "danger.yml"] == [
        ("danger_violence", "他打我"), ("danger_violence", "他踹我"),
        ("danger_violence+minor", "他打我和娃"), ("danger_violence+minor", "他踹我和娃"),
    ]  # fmt: skip


@given(
    st.lists(st.sampled_from("甲乙丙丁"), max_size=8), st.lists(st.sampled_from("甲乙丙丁"), max_size=8), st.booleans()
)
def test_a_file_becomes_what_it_was_and_back_to_the_byte(now: list[str], then: list[str], ended: bool) -> None:
    one, other = ("\n".join(lines) + "\n" * ended for lines in (now, then))
    patch = towards("x.txt", one, other)
    assert (patch is None) == (one == other)
    if patch is not None:
        assert applied(one, patch) == other and applied(other, patch.back()) == one


def test_restoring_changes_the_files_that_are_named_and_no_other(root: Path) -> None:
    book = Phrasebook(root)
    before = {
        str(path.relative_to(book.folder)): path.read_text(encoding="utf-8") for path in book.folder.rglob("*.yml")
    }
    book.add("wages", "年底了一分没发")
    book.delete(key(book, "谢谢"))
    patches = book.towards({**before, "gone.yml": "x"})
    assert {patch.file for patch in patches} == {"disputes/wages.yml", "small_talk.yml"}
    after = bytes_of(root)
    book.make(patches)
    assert {
        str(path.relative_to(book.folder)): path.read_text(encoding="utf-8") for path in book.folder.rglob("*.yml")
    } == before
    book.undo(patches)
    assert bytes_of(root) == after and book.towards({}) == []
