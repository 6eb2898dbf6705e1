"""Listening: what is said while somebody's safety is open, and how the talk goes on at her pace.

Hides when she has said that she can go on, when words are despair and when they are her story, and what she is told
who asks whether somebody will learn of it. People trained for it acknowledge, stay, ask about safety and company,
and do not question or lecture; so after words of suicide the interview waits until she goes on herself. Called by
`words` and `commands`.
"""

from __future__ import annotations

import re

from bot.intake.reading.answers import read_yes_no
from bot.intake.record import Record
from bot.intake.safety import at_risk
from bot.intake.turn import Turn

SAFE = re.compile(r"(?<!不)安全|没事|好些|好多|好一点|好点了|接着说|继续|缓过来|冷静|说吧|你问吧|您问吧")
UNSAFE = re.compile(
    r"不安全|不太安全|安全不了|害怕|还在|门外|救|怕|别问|桥上|楼顶|天台|窗边|药|没人(?:能)?帮|想死|不想活|睡着|小声|别发|"
    r"不好|没好|撑不|熬不|活|绝望|刀|绳"
)
#: Short words between two people, no part of a story: they never count as going on.
SHORTEST_STORY = 8
_PEOPLE = r"爸|妈|家长|父母|爷爷|奶奶|老师|学校|班主任|家里|家人|监护人|老公|丈夫|老婆|婆婆|公公|对方|男朋友|前夫|孩子|单位|他们|他|她"
_ASKS_WHO_LEARNS = re.compile(
    rf"(?:会不会|是不是|要不要|不会|会|别|不要|千万|可不可以|能不能|可以|能)[^。！？\n]{{0,6}}?"
    rf"(?:告诉|通知|联系|找|打(?:电话)?给|叫|喊|告知|跟|和|同|向)[^。！？\n]{{0,3}}?(?:{_PEOPLE})[^。！？\n]{{0,3}}(?:吗|么|嘛|吧|不|说|讲|来|[?？]|$)|"
    rf"(?:会不会|会|别|不要|千万|不想|不能|怕|能不能不|可不可以不|可以不)[^。！？\n]{{0,4}}?(?:让|被|叫)?(?:我|我们)?(?:{_PEOPLE})[^。！？\n]{{0,3}}(?:知道|发现|晓得|看到|看见)|"
    rf"(?:{_PEOPLE})[^。！？\n]{{0,3}}(?:会不会|会|能)(?:知道|发现|晓得|看到)"
)
_I_AM_A_CHILD = re.compile(
    r"我(?:今年|才|刚满?|现在|只有|是)?(?:1[0-7]|[6-9]|十[一二三四五六七]?|[六七八九])(?:岁|周岁|多岁|$|[，。,. ])|"
    r"我(?:今年|现在|才|在|还在|是|刚)?(?:上|读|念)?(?:小学|初中|高中|中学|职高|中专|初[一二三]|高[一二三]|[一二三四五六]年级)|我(?:是个?|还是)?(?:未成年|小学生|初中生|高中生|中学生)|我还?没(?:满|到)?(?:18|十八)"
)


def is_a_child(record: Record, text: str = "") -> bool:
    """Whether she who writes is under age, by her own words or the age she gave."""
    age = record.value("age")
    story = record.facts.get("story")
    told = f"{story.value}\n{text}" if story is not None else text
    return (isinstance(age, int) and age < 18) or _I_AM_A_CHILD.search(told) is not None


def who_learns(record: Record, text: str) -> str | None:
    """The answer's name when she asks whether parents, husband or school will be told; None when she does not ask."""
    if len(text) > 60 or not _ASKS_WHO_LEARNS.search(text):
        return None
    if is_a_child(record, text):
        return "utter_who_learns_child"
    return "utter_who_learns" if at_risk(record) or re.search(r"知道|告诉|通知", text) else None


def says_safe(record: Record, text: str) -> bool:
    """Whether she says that she is safe and can go on. After words of suicide a mere "嗯" does not say it."""
    if SAFE.search(text) and not UNSAFE.search(text):
        return True
    return read_yes_no(text) == "yes" and "self_harm" not in record.sign_kinds()


def goes_on(turn: Turn, text: str) -> bool:
    """Whether these words, no answer to "are you safe?", show that she goes on by herself (R40: the second time).

    After words of suicide only her own story counts, however often she writes a short cry.
    """
    record = turn.record
    if read_yes_no(text) == "no" or UNSAFE.search(text) or any(s["turn"] == record.turn for s in record.signs):
        return False
    if "self_harm" in record.sign_kinds():
        best = turn.heard.types[0] if turn.heard.types else None
        han = len(re.findall(r"[\u4e00-\u9fff]", text))
        if han < SHORTEST_STORY or best is None or best.type == "not_a_dispute" or best.confidence < 0.6:
            return False
    record.misses["safe_now"] = record.misses.get("safe_now", 0) + 1
    return record.misses["safe_now"] >= 2


def listens(turn: Turn) -> str:
    """What is said to stay with her: other words each time, and after words of suicide others than after a blow."""
    turn.record.misses["listening"] = turn.record.misses.get("listening", 0) + 1
    grave = "self_harm" in turn.record.sign_kinds()
    return "utter_listening_to_despair" if grave else "utter_safe_listening"
