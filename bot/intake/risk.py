"""Colour of a case with its reasons: a first simple grade after the "五色" practice of Jincheng (DOMAIN S2).

Called by the desk when it routes. Adding a danger never lowers the colour (property-tested): each rule only proposes
a colour, the highest wins.
"""

from __future__ import annotations

from bot.intake.reading.answers import read_yes_no
from bot.intake.record import Record

#: From calm to most urgent.
COLOURS = ("green", "blue", "yellow", "orange", "red")
MANY = 10  # people: 劳动争议调解仲裁法 7 speaks of ten workers and more
LARGE = 500_000  # yuan: the floor of CONTRACT's routing rule 3
NOTABLE = 50_000


def grade(record: Record) -> tuple[str, list[str]]:
    """The colour of a record and why, in plain Chinese, most urgent reason first."""
    kinds = {sign["kind"] for sign in record.signs if sign.get("by") != "model"}
    current = {sign["kind"] for sign in record.signs if sign.get("when") != "past" and sign["kind"] in kinds}
    proposed: list[tuple[str, str]] = []
    if "self_harm" in kinds:
        proposed.append(("red", "说到不想活或伤害自己"))
    if {"violence", "minor"} <= kinds:
        proposed.append(("red", "孩子受到或看到暴力"))
    if "threat" in kinds and ({"violence", "death", "group"} & kinds):
        proposed.append(("red", "有威胁，还有暴力、死亡或多人聚集"))
    if "violence" in current or record.value("violence_now") == "now":
        proposed.append(("orange", "正在发生暴力"))
    elif "violence" in kinds or record.value("violence_now") == "past":
        proposed.append(("yellow", "以前有过暴力"))
    for kind, reason in (("threat", "有人威胁"), ("death", "有人去世，家属有争议"), ("group", "多人可能聚集")):
        if kind in kinds:
            proposed.append(("orange", reason))
    if "minor" in kinds:
        proposed.append(("orange", "涉及孩子的安全"))
    if "utility_cut" in kinds or record.value("utility_cut") == "yes":
        proposed.append(("yellow", "水、电、暖、气被停"))
    people, amount = record.value("people"), record.value("amount")
    if isinstance(people, int) and people >= MANY:
        proposed.append(("yellow", f"人数多（{people}人）"))
    if isinstance(amount, (int, float)) and amount >= LARGE:
        proposed.append(("yellow", "金额大"))
    elif isinstance(amount, (int, float)) and amount >= NOTABLE:
        proposed.append(("blue", "金额较大"))
    dependants = record.value("dependants")
    if isinstance(dependants, str) and read_yes_no(dependants) != "no" and record.type == "family":
        proposed.append(("blue", "家里有要照顾的人"))
    if not proposed:
        return "green", ["没有听到危险或紧急的情况"]
    proposed.sort(key=lambda item: COLOURS.index(item[0]), reverse=True)
    return proposed[0][0], [reason for _, reason in proposed]
