"""Sentence vectors and the model over them: the same data give the same answers, vectors are computed once."""

from pathlib import Path

import numpy as np
import pytest

from bot.understanding import meaning
from bot.understanding.meaning import clipped, quick_vectors, remembered, sampled, vectors_of
from bot.understanding.model import DeskModel, Example

TOLD = {
    "dispute_wages/wage_arrears": [
        "老板拖着工钱不给",
        "干完活三个月没见到工资",
        "包工头跑了工钱没结",
        "厂里欠我两万块工资",
    ],
    "dispute_family/marriage": ["他天天喝酒我想离婚", "老公在外面有人了要离", "彩礼钱他们家不退", "分居三年了怎么离婚"],
    "dispute_neighbour": ["楼上漏水泡了我家", "隔壁的狗整夜叫", "他家的树挡了我家光", "邻居把杂物堆在楼道"],
    "greet": ["你好", "您好啊", "在吗", "有人吗"],
    "faq/cost": ["调解要钱吗", "收费不", "要交多少钱", "免费的吗"],
    "danger_violence": ["他又动手打我", "被他打得鼻青脸肿", "他拿皮带抽我", "昨晚他掐我脖子"],
}
EXAMPLES = [Example(text, label) for label, texts in TOLD.items() for text in texts]


def test_training_twice_from_the_same_examples_gives_the_same_answers() -> None:
    first, second = DeskModel.train(EXAMPLES), DeskModel.train(EXAMPLES)
    texts = ["工资一直不发怎么办", "我要跟他离婚，孩子归谁", "楼上半夜吵得睡不着"]
    assert first.version == second.version
    assert first.topics_of(texts) == second.topics_of(texts)


def test_what_is_meant_decides_where_no_word_was_learned() -> None:
    model = DeskModel.train(EXAMPLES)
    assert model.topics_of(["拖欠薪水好几个月的公司不肯付款给劳动者"])[0][0].type == "wages"


def test_probabilities_of_a_text_add_up_to_one() -> None:
    for text in ("漏水", "楼上漏水把我家天花板泡坏了，物业也不管"):
        (topics,) = DeskModel.train(EXAMPLES).topics_of([text])
        assert sum(topic.confidence for topic in topics) == pytest.approx(1.0, abs=0.001)
        assert [t.confidence for t in topics] == sorted((t.confidence for t in topics), reverse=True)


def test_vectors_computed_once_are_read_back_the_next_time(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    memory, texts = tmp_path / "vectors.npz", ["工钱没结", "要离婚"]
    first = remembered(texts, memory)
    asked: list[str] = []
    monkeypatch.setattr(meaning, "vectors_of", lambda new: (asked.extend(new), vectors_of(new))[1])
    again = remembered([*texts, "漏水"], memory)
    assert asked == ["漏水"]
    assert np.array_equal(first, again[:2])


def test_the_faster_vectors_are_kept_beside_the_joined_ones(tmp_path: Path) -> None:
    memory = tmp_path / "vectors.npz"
    whole = remembered(["包工头跑了，工钱到现在没结清"], memory)
    texts = ["包工头跑了，工钱到现在没结清", "他把我按在墙上掐我的脖子", "没"]
    quick = quick_vectors(texts, memory)
    assert np.allclose(quick[0], whole[0, : quick.shape[1]], atol=1e-5) and not quick[2].any()
    assert np.array_equal(quick_vectors(texts, memory), quick)
    assert np.array_equal(remembered(texts[:1], memory), whole)
    with np.load(memory) as kept:
        assert len(kept["marks"]) == 1 and len(kept["quick_marks"]) == 1  # nothing twice, a few characters not at all


def test_an_example_more_or_less_changes_at_most_one_other_in_the_sample() -> None:
    texts = [f"第{number}次去要工钱" for number in range(300)]
    before = {texts[at] for at in sampled(texts, 100)}
    for new in ("楼上漏水", "他打我", "村里占了我的地"):
        more = [new, *texts]  # at the front, where every position behind it moves
        after = {more[at] for at in sampled(more, 100)}
        assert len(after) == 100
        assert len(before - after) <= 1
    assert sampled(texts, 100) == sorted(sampled(texts, 100))
    assert sampled(texts[:5], 100) == [0, 1, 2, 3, 4]


def test_talk_without_any_trouble_is_told_from_troubles_by_its_meaning() -> None:
    idle = ["今天天气真好啊", "讲个笑话给我听听", "你吃饭了没有呀", "你唱首歌给我听", "明天会不会下雨", "你今年多大了"]
    model = DeskModel.train([*EXAMPLES, *(Example(text, "chatter") for text in idle)])
    told = model.understand("老板欠了我三个月工资一直拖着不给").idle
    assert model.understand("外面天气怎么样，给我讲个故事吧").idle > 0.5 > told
    assert DeskModel.train(EXAMPLES).understand("今天天气真好，讲个笑话吧").idle == 0.0  # nothing learned of it


def test_a_damaged_file_of_vectors_is_made_anew(tmp_path: Path) -> None:
    memory = tmp_path / "vectors.npz"
    memory.write_bytes(b"PK\x03\x04 half a file")
    assert np.array_equal(remembered(["工钱没结"], memory), vectors_of(["工钱没结"]))
    assert np.load(memory)["marks"].shape == (1,)


def test_a_long_letter_keeps_its_opening_and_its_end() -> None:
    letter = "标题：讨薪。" + "情况是这样的，" * 60 + "求你们帮我要回工钱"
    assert clipped(letter).startswith("标题：讨薪。")
    assert clipped(letter).endswith("求你们帮我要回工钱")
    assert len(clipped(letter)) < len(letter)
