"""Negation pairs: where the examples say that something happened and never that it did not, so that a model hears only
the word and not the 没 before it (他没打我 heard as violence).

Hides which verbs are turned, and how. Called by `phrasebook_findings`. The verbs are the commonest of each danger's
examples; a twin is a first wording for a trainer, who mends it before it is taught.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator

from bot.phrasebook import Example

#: What is no danger though it sounds like one is taught under this label.
HARMLESS = "danger_none"
#: Danger → (how the twin begins to be worded, the verbs).
TURNED = {
    "danger_violence": (
        "他没{}过我",
        ["打", "踢", "踹", "扇", "抽", "掐", "拧", "砸", "拽", "揪", "捶", "捅", "砍", "摔", "推"],
    ),
    "danger_self_harm": (
        "我没有{}，就是心里烦",
        ["想死", "想不开", "自杀", "轻生", "跳楼", "跳河", "跳下去", "喝农药", "割腕"],
    ),
    "danger_threat": ("他没{}过我，就是嗓门大", ["威胁", "恐吓", "吓唬", "报复"]),
    "danger_group": ("我们没{}，就两个人去问问", ["堵门", "堵路", "围", "拉横幅", "上访", "静坐", "聚集"]),
    "danger_utility_cut": ("家里没{}，就是费用算错了", ["断水", "断电", "断气", "停水", "停电", "停气", "拉闸"]),
    "danger_death": ("人没{}，已经出院了", ["死", "去世", "断气"]),
}
#: A verb in fewer examples of its danger is too rare to mislead; so far before it may a negation stand.
OFTEN, NEAR = 4, 4
_NO = "(?:没有?|不|未|别|莫|无)"
#: Answers that are a verb and what tells that it is done; longer ones are sentences.
_DONE, _NOT_DONE = re.compile(r"([一-鿿]{1,3}?)([了过])"), re.compile(r"没([一-鿿]{1,3}?)(过?)")


def missing_twins(examples: list[Example]) -> Iterator[tuple[Example, str, str]]:
    """Examples whose twin is missing, as (example, label of the twin, first wording of it)."""
    told: defaultdict[str, list[Example]] = defaultdict(list)
    for one in examples:
        told[one.label].append(one)
    yield from _dangers(told)
    yield from _answers(told)


def _dangers(told: dict[str, list[Example]]) -> Iterator[tuple[Example, str, str]]:
    harmless = [one.text for one in told.get(HARMLESS, ())]
    for label, (wording, verbs) in TURNED.items():
        own = [one for under, some in told.items() if under.split("+")[0] == label for one in some]
        for verb in verbs:
            turned = re.compile(f"{_NO}[^，。！？,. ]{{0,{NEAR}}}{verb}")
            holding = [one for one in own if verb in one.text and not turned.search(one.text)]
            if len(holding) < OFTEN or any(turned.search(text) for text in harmless):
                continue
            yield min(holding, key=lambda one: (len(one.text), one.text)), HARMLESS, wording.format(verb)


def _answers(told: dict[str, list[Example]]) -> Iterator[tuple[Example, str, str]]:
    """签了 wants 没签, and 没签 wants 签了."""
    yes, no = told.get("affirm", []), told.get("deny", [])
    done = {match[1] for one in yes if (match := _DONE.fullmatch(one.plain))}
    undone = {match[1] for one in no if (match := _NOT_DONE.fullmatch(one.plain))}
    for one in yes:
        match = _DONE.fullmatch(one.plain)
        if match and match[1] not in undone:
            yield one, "deny", f"没{match[1]}{match[2] if match[2] == '过' else ''}"
    for one in no:
        match = _NOT_DONE.fullmatch(one.plain)
        if match and match[2] and match[1] not in done:
            yield one, "affirm", f"{match[1]}过"
