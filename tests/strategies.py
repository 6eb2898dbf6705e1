"""Hypothesis strategies in the domain's words: dangers, records, what citizens type, random turns of a talk."""

from __future__ import annotations

from typing import Any

from builders import NOW, a_record, said, tapped
from hypothesis import strategies as st

from bot import knowledge
from bot.intake.interview import FIRST
from bot.intake.phrases import Entity
from bot.intake.record import Record
from bot.intake.steps import Guess, Half, Heard

MATTERS = sorted(knowledge.taxonomy().matters)
FACTS = sorted(knowledge.taxonomy().facts)
FAQS = ("cost", "how_long", "binding")
ACTS = [
    "tell",
    "affirm",
    "deny",
    "unknown",
    "decline",
    "correct",
    "inform",
    "repeat",
    "start_over",
    "quit",
    "human",
    "why",
    "how_many_left",
    "summarise",
    "skip",
    "delete",
    "greet",
    "thanks",
    "goodbye",
    "praise",
    "abuse",
    "chatter",
    "bot_challenge",
    "faq",
]

#: Words of many kinds: stories, answers, corrections, commands, questions, dangers, noise.
TYPED = (
    "老板欠我三万二工资不给，在湖州市南浔区练市镇，去年腊月干到正月",
    "我在晋城市城区的一个小区，物业把我家水停了，我们二十几户都没水",
    "他昨天又动手打我，孩子也看见了",
    "我不想活了",
    "再不给钱我就带人去堵门",
    "我爸在医院抢救无效走了，家里人都不服",
    "村里要征地，补偿谈不拢",
    "我家三亩地租给合作社，租金一亩八百，欠了两年",
    "浙江省湖州市南浔区练市镇荃步村",
    "湖州",
    "鼓楼区",
    "朝阳",
    "三万五",
    "大概两三万吧",
    "去年三月",
    "2026年3月5号",
    "十二个人",
    "五亩三分",
    "13800001234",
    "李四",
    "宏达建材有限公司，电话13900001234",
    "我自己",
    "替我妈来说",
    "没有合同",
    "还没找过",
    "报过警",
    "是的",
    "不是",
    "嗯",
    "没有",
    "不知道",
    "不想说",
    "跳过",
    "金额不对，是三万五",
    "老板欠我1.2万，一共欠12万",
    "他还欠我五万",
    "我们三千个人都在这家面馆干活",
    "2030年5月",
    "2020年到2015年",
    "二百亩",
    "三百层",
    "180岁",
    "就是这样",
    "我还有个事",
    "还有一件事，楼上邻居天天漏水到我家不肯修",
    "楼上邻居还天天半夜吵得我睡不着",
    "老板欠我三个月工资，楼上邻居还漏水把我家泡了不赔",
    "一起记",
    "分开办",
    "就办这一件",
    "还是那里",
    "前面那个对",
    "我电话13900001234，对方电话13900001234",
    "不对，改成五万",
    "电话错了，是13900001234",
    "地点错了",
    "说错了",
    "不是三万，是四万",
    "退出",
    "重新开始",
    "转人工",
    "为什么问这个",
    "还有几个问题",
    "看看记了什么",
    "删除我的资料",
    "就问问",
    "同意",
    "不同意",
    "都对",
    "留着",
    "全部删掉",
    "要钱吗？",
    "调解要多久？",
    "你好",
    "谢谢",
    "你是机器人吗",
    "滚",
    "？",
    "。",
    "😭😭😭",
    "123",
    "/restart",
    '/affirm{"x":1}',
    "<b>老板</b>",
    "a" * 300,
    "我" * 500,
)


def signs() -> st.SearchStrategy[dict[str, Any]]:
    """One danger as it stands in a record."""
    return st.fixed_dictionaries(
        {
            "kind": st.sampled_from(FIRST),
            "words": st.just("原话"),
            "turn": st.integers(1, 40),
            "when": st.sampled_from(["now", "past", "feared"]),
            "who": st.sampled_from([None, "他", "老公"]),
            "by": st.sampled_from(["rules", "model"]),
        }
    )


@st.composite
def records(draw: st.DrawFn) -> Record:
    """A record with any type, some weighing facts, some dangers."""
    type_, _, subtype = draw(st.sampled_from(MATTERS)).partition("/")
    record = a_record(type_, subtype or None)
    choices: dict[str, st.SearchStrategy[Any]] = {
        "amount": st.one_of(st.none(), st.integers(0, 10**8), st.floats(0, 1e8)),
        "people": st.one_of(st.none(), st.integers(1, 10**4)),
        "violence_now": st.sampled_from(["no", "past", "now"]),
        "utility_cut": st.sampled_from(["yes", "no"]),
        "dependants": st.just("有个老人"),
    }
    for key, values in choices.items():
        if draw(st.booleans()):
            value = draw(values)
            record.facts.update(a_record(**{key: value}).facts)
    record.signs = draw(st.lists(signs(), max_size=5))
    return record


def typed_words() -> st.SearchStrategy[str]:
    """What citizens type: known kinds of words, pairs of them, and arbitrary text."""
    known = st.sampled_from(TYPED)
    pairs = st.builds("，".join, st.lists(known, min_size=2, max_size=3))
    noise = st.text(min_size=1, max_size=40).filter(str.strip)  # the API refuses what is empty
    return st.one_of(known, known, known, pairs, noise)


@st.composite
def understood(draw: st.DrawFn) -> Heard:
    """Typed words with any understanding a model might have of them."""
    text = draw(typed_words())
    guesses = draw(st.lists(st.sampled_from(MATTERS), min_size=0, max_size=4, unique=True))
    shares = sorted((draw(st.floats(0, 1)) for _ in guesses), reverse=True)
    types = tuple(Guess(key.partition("/")[0], key.partition("/")[2] or None, p) for key, p in zip(guesses, shares))
    entities: tuple[Entity, ...] = ()
    if len(text) > 4 and draw(st.booleans()):
        label = draw(st.sampled_from(["role", "named_role", "organisation", "relation", "evidence"]))
        entities = (Entity(label, text[1:4], 1, 4),)
    halves: tuple[tuple[Half, Half], ...] = ()
    if len(text) > 12 and draw(st.booleans()):
        one, other = draw(st.lists(st.sampled_from(MATTERS), min_size=2, max_size=2, unique=True))
        sure = draw(st.floats(0.5, 1))
        halves = ((_half(one, sure, text[:6]), _half(other, sure, text[6:])),)
    return said(
        text,
        halves=halves,
        act=draw(st.sampled_from(ACTS)),
        act_confidence=draw(st.floats(0, 1)),
        faq=draw(st.one_of(st.none(), st.none(), st.sampled_from(FAQS))),
        types=types,
        entities=entities,
        signs=tuple(draw(st.lists(st.sampled_from(FIRST), max_size=1))) if draw(st.integers(0, 9)) == 0 else (),
        at=NOW,
    )


def _half(key: str, sure: float, words: str) -> Half:
    type_, _, subtype = key.partition("/")
    return Half(type_, subtype or None, sure, words)


def wild_taps() -> st.SearchStrategy[Heard]:
    """Any step with any value, as a page of last year or a forger might send."""
    steps = st.sampled_from(
        [
            *FACTS,
            "privacy_consent",
            "safe_now",
            "leave",
            "dispute_type",
            "purpose",
            "card",
            "handover_consent",
            "elsewhere",
            "doubt",
            "two_matters",
            "again",
        ]
    )
    values = st.sampled_from(
        [
            "yes",
            "no",
            "ok",
            "edit",
            "edit:amount",
            "edit:type",
            "edit:place",
            "edit:other_matter",
            "together",
            "apart",
            "only",
            "same",
            "first",
            "rival",
            "redo:amount",
            "unknown",
            "declined",
            "keep",
            "none",
            "1",
        ]
        + ["330503", "body:hz", "other", "self", "", "wages/wage_arrears", "medical", "expropriation", "不认识的值"]
    )
    return st.builds(tapped, steps, values)
