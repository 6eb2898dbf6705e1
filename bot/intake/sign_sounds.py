"""Danger written as it sounds: voice input and haste put other characters in the place of the right ones.

Hides pinyin: "不想火了", "掐我波子" and "断水断店" sound like what was meant. Only phrases of three syllables and more are
heard this way, and none that is the sound of something harmless: 家宝, 紫砂, 我去试了, 孩子大了我管不了. Called by
`bot.intake.sign_senses` only; the result is as long as the text.
"""

from __future__ import annotations

import functools
import re

from bot.intake.syllables import sound_of

PHRASES = (
    "活不下去 撑不下去 活着没意思 死给你看 想自杀 要自杀 割手腕 喝农药 安眠药 敌敌畏 百草枯 "
    "跳楼自杀 想跳楼 从楼上跳 被家暴 家暴我 家庭暴力 打我一顿 动手打我 又动手了 扇我耳光 扇耳光 "
    "掐我脖子 掐脖子 拳打脚踢 鼻青脸肿 殴打我 弄死我 砍死我 捅死我 杀我全家 同归于尽 鱼死网破 "
    "泼硫酸 泼油漆 不放过我 打断我腿 威胁我 断水断电 停水停电 掐了电 停暖气 抢救无效 没抢救过来 "
    "拉横幅 堵大门 集体上访 保护令 不想活了"
)


@functools.cache
def _heard() -> tuple[re.Pattern[str], dict[str, str]]:
    """One pattern over syllables, each ended by a space, and the phrase of each sound."""
    meant = {"".join(f"{sound_of(char)} " for char in phrase): phrase for phrase in PHRASES.split()}
    longest_first = sorted(meant, key=len, reverse=True)
    return re.compile("(?<![^ ])(?:" + "|".join(map(re.escape, longest_first)) + ")"), meant


def as_meant(text: str) -> str:
    """`text` with phrases of danger written right that only sound right; same length, linear in it."""
    pattern, meant = _heard()
    sounds = "".join(f"{sound_of(char)} " if char != " " else "_ " for char in text)
    written = list(text)
    at = done = 0  # syllables and characters of `sounds` counted so far
    for match in pattern.finditer(sounds):
        at += sounds.count(" ", done, match.start())
        done = match.start()
        phrase = meant[match.group()]
        original = text[at : at + len(phrase)]
        # Half of the characters must be right: sounds alone are no evidence.
        if sum(one == two for one, two in zip(original, phrase)) * 2 >= len(phrase):
            written[at : at + len(phrase)] = phrase
    return "".join(written)
