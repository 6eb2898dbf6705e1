"""Laws of the trained model on texts that nobody wrote: an answer in time, lawful figures, no fault (issue: bad input)."""

from __future__ import annotations

import time
import unicodedata
from collections.abc import Iterator
from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot import knowledge
from bot.commands.lines import classify, load_model, reading, signs_in
from bot.intake.signs import read_signs
from bot.live import model_file
from bot.settings import Settings
from bot.understanding.model import DeskModel

pytestmark = pytest.mark.running
TYPES = {key.partition("/")[0] for key in knowledge.taxonomy().matters}
#: Mixed scripts, invisible characters, homoglyph digits, marks that join, what phones insert, control characters.
ODD = "\u200b\u200d\ufeff\u202e０１２３４Ⅷ①⑩㈠壹贰٣৪¥￥𝟛𝟚🏠😭👨‍👩‍👧аеоАВС工資錢이해ถนนكم\t\r\n\x00\x07·…—“”「」"
SPOKEN = "我他她老板包工头物业医院村里邻居欠打工钱三五十百千万元块去年今天没不给了的吗呢啊，。！？"
texts = st.one_of(
    st.text(max_size=200),
    st.text(alphabet=ODD + SPOKEN, max_size=300),
    st.builds(lambda piece, times: piece * times, st.text(alphabet=ODD + SPOKEN, min_size=1, max_size=6), st.integers(1, 400)),
)  # fmt: skip


@pytest.fixture(scope="module")
def model() -> Iterator[DeskModel]:
    yield load_model(model_file(Settings.from_environment({}).models))


@settings(max_examples=100)  # 40 ms each: the slower encoder
@given(text=texts)
def test_any_text_is_classified_with_lawful_figures(model: DeskModel, text: str) -> None:
    got = classify(model)({"id": "x", "text": text})
    shares = [got["confidence"], *(other["confidence"] for other in got["alternatives"])]
    assert {got["type"], *(other["type"] for other in got["alternatives"])} == TYPES
    assert shares == sorted(shares, reverse=True) and sum(shares) == pytest.approx(1, abs=0.01)
    assert got["subtype"] is None or f"{got['type']}/{got['subtype']}" in knowledge.taxonomy().matters
    assert {sign.kind for sign in read_signs(text)} <= set(got["signs"])


@settings(max_examples=100)
@given(text=texts)
def test_any_text_is_understood_and_read_without_a_fault(model: DeskModel, text: str) -> None:
    understood = model.understand(text)
    assert 0 <= understood.act_confidence <= 1
    assert sum(share for _, share in understood.intents()) <= 1.001
    got = reading()({"id": "x", "text": text, "now": date(2026, 11, 20).isoformat()})
    for found in (*got["money"], *got["dates"], *got["people"], *got["areas"], *got["places"]):
        assert found["text"] in text


@pytest.mark.parametrize("piece", ["欠", "他打我，", "1", "\u200b", "😭", "老板欠我三万二不给。", "a", "……", "\n"])
def test_twenty_thousand_characters_are_classified_about_as_fast_as_two_thousand(model: DeskModel, piece: str) -> None:
    model.understand("欠我钱")

    def cost(length: int) -> float:
        text = (piece * length)[:length]
        began = time.process_time()
        model.understand(text)
        signs_in(text, model)
        return time.process_time() - began

    # Ten times the text: linear would be ten times the time, quadratic a hundred. Room for a shared machine.
    assert cost(20_000) < 30 * max(cost(2_000), 0.1)


@pytest.mark.parametrize("form", ["NFC", "NFKD"])
def test_the_same_words_in_another_unicode_form_mean_the_same(model: DeskModel, form: str) -> None:
    plain, wide = "老板欠我三万二工资不给", "老板欠我３万２工资不给"
    said = unicodedata.normalize(form, wide)  # type: ignore[arg-type]
    assert model.topics_of([said])[0][0].type == model.topics_of([plain])[0][0].type == "wages"


def test_invisible_characters_between_the_words_change_nothing(model: DeskModel) -> None:
    plain = "他昨天又动手打我，孩子也看见了"
    hidden = "\u200b".join(plain)
    assert signs_in(hidden, model) == signs_in(plain, model) and "violence" in signs_in(plain, model)
