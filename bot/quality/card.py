"""The quality card: a run's figures as Markdown for the people who decide whether to use the desk.

Every number in it comes out of the run; only the words around them are written here. Pure: the same run gives the same
card, which a test holds the published one to. Called by the verb `evaluate`; no text of the dev files reaches it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

Run = Mapping[str, Any]
#: CONTRACT's targets, on cases that are not in the dev files.
TARGETS = {
    "six_f1": 0.92,
    "fifteen_f1": 0.85,
    "in_three": 0.97,
    "exact": 0.95,
    "recall": 1.0,
    "precision": 0.9,
    "right": 1.0,
}
ROWS = (
    ("类型，六分，宏平均 F1", "types", "six_f1"),
    ("类型，十五分，宏平均 F1", "types", "fifteen_f1"),
    ("对的类型在前三个里", "types", "in_three"),
    ("读事实，该读的都读对", "reading", "exact"),
    ("读事实，没说的一个不添", "reading", "clean"),
    ("危险，查全", "safety", "recall"),
    ("危险，查准", "safety", "precision"),
    ("分派", "routing", "right"),
)
SETS = {"dev": "开发集", "heldout": "自写考题", "cross": "交叉验证"}
KINDS = {"short": "一两句短话", "story": "讲一件事", "question": "问法律", "letter": "长信（200 字以上）", "voice": "语音输入",
         "slips": "错别字", "dialect": "方言", "hard": "两类之间的难句", "random": "随机抽的", "topup": "按类补抽的"}  # fmt: skip
READ = {"money": "钱", "date": "日期", "place": "地点", "place_ambiguous": "重名的地点", "phone": "电话", "people": "人数",
        "area": "亩数", "no_money": "不是钱的数", "no_phone": "不是电话的数", "whole": "整句"}  # fmt: skip
SIGNS = {"violence": "动手打人", "self_harm": "轻生", "threat": "扬言报复", "minor": "孩子受害", "death": "人死了",
         "group": "群体", "utility_cut": "停水停电"}  # fmt: skip
WEAKEST, SHOWN_MISTAKES = 5, 12


def card(run: Run, names: Mapping[str, str], pictures: Mapping[str, str]) -> str:
    """The whole card. `names` are the types' names by key, `pictures` file names by `confusion_<set>` and `reliability`."""
    parts = [
        _head(run),
        _summary(run),
        _how(run),
        _types(run, names, pictures),
        _calibration(run, pictures),
        _reading(run),
        _safety(run),
        _times(run),
        _weak(run, names),
        _mistakes(run, names),
        _limits(run),
    ]
    return "\n\n".join(part for part in parts if part) + "\n"


def number(value: Any) -> str:
    """A share as it is printed: three decimals, or a dash."""
    return "—" if value is None else f"{value:.3f}" if isinstance(value, float) else str(value)


def table(head: Sequence[str], rows: Iterable[Sequence[Any]]) -> str:
    """A Markdown table."""
    lines = ["| " + " | ".join(head) + " |", "|" + "---|" * len(head)]
    lines += ["| " + " | ".join(number(cell) for cell in row) + " |" for row in rows]
    return "\n".join(lines)


def _sets(run: Run) -> dict[str, Mapping[str, Any]]:
    return {key: run["sets"][key] for key in SETS if run["sets"].get(key)}


def _head(run: Run) -> str:
    made = run["made"]
    stale = "" if made["fresh"] else "\n\n**注意：量的时候模型比语料或设置旧，先 `make train` 再量。**"
    return f"""# 质量卡

这一页由 `make quality` 量完自动写出，里面的数没有一个是手填的；要新的就再跑一遍。

| | |
|---|---|
| 量的日子 | {made["date"]} |
| 模型 | {made["model"]} |
| 语料 | {made["examples"]} 句自己写的例子，指纹 {made["data"]} |
| 行政区划表 | {made["divisions"]} |
| 自写考题 | 指纹 {made["heldout"]} |
| 机器 | {made["machine"]}；开量时的负载 {made["load"]}（比核数大，时间就不准） |{stale}"""


def _summary(run: Run) -> str:
    sets = _sets(run)
    rows = []
    for name, task, key in ROWS:
        values = [(found.get(task) or {}).get(key) for found in sets.values()]
        if any(value is not None for value in values):
            rows.append([name, *values, f"≥ {TARGETS[key]}" if key in TARGETS else "—"])
    counts = [_counts(found) for found in sets.values()]
    rows.append(["条数", *counts, ""])
    absent = "" if "dev" in sets else "\n\n开发集这次不在，只量了自己的考题。"
    return f"## 总的几个数\n\n{table(['量什么', *(SETS[key] for key in sets), '目标'], rows)}{absent}"


def _counts(found: Mapping[str, Any]) -> str:
    named = {"types": "类型", "reading": "读", "safety": "危险", "routing": "分派"}
    return "，".join(f"{word} {found[task]['n']}" for task, word in named.items() if found.get(task))


def _how(run: Run) -> str:
    sets = _sets(run)
    lines = [
        "- **开发集**：别人发在网上的真求助帖和给部门的信，只拿来量，不拿来教；一句也不在这个项目里。",
        "- **自写考题**（`tests/quality/`）：自己编的，各种人各种说法，难句和长信都有；写在看结果之前，不在语料里，"
        "有测试守着，和语料里任何一句都不许太像。它比真帖子好懂一些，看相对高低，别当真实水平。",
    ]
    if "cross" in sets:
        lines.append(
            f"- **交叉验证**：语料分 {run['made']['folds']} 份，轮流拿一份当考题；只差一个数、一个名字的句子算一句，"
            "不会两边都有。语料和考题出自同样的人，所以偏高。"
        )
    lines += [
        "- 类型的 F1：查全和查准合起来看；宏平均：每类一样重。六分是五个重点类型加“其余”。",
        "- 读事实的“该读的都读对”按 CONTRACT；“没说的一个不添”更严：多读出一个数也算错。",
    ]
    return "## 怎么量的\n\n" + "\n".join(lines)


def _types(run: Run, names: Mapping[str, str], pictures: Mapping[str, str]) -> str:
    parts = ["## 每一类"]
    for key, found in _sets(run).items():
        figures = found.get("types")
        if not figures:
            continue
        rows = [
            [names.get(type_, type_), one["n"], one["precision"], one["recall"], one["f1"]]
            for type_, one in sorted(figures["per_type"].items(), key=lambda item: item[1]["f1"])
        ]
        parts.append(f"### {SETS[key]}\n\n{table(['类型', '条数', '查准', '查全', 'F1'], rows)}")
        if figures.get("kinds"):
            by_kind = [[KINDS.get(kind, kind), one["n"], one["right"]] for kind, one in figures["kinds"].items()]
            parts.append(table(["什么样的话", "条数", "第一个就对"], sorted(by_kind, key=lambda row: row[2])))
        if picture := pictures.get(f"confusion_{key}"):
            parts.append(f"![{SETS[key]}混淆表]({picture})\n\n横着看是其实哪一类，竖着看是听成了哪一类。")
    return "\n\n".join(parts)


def _calibration(run: Run, pictures: Mapping[str, str]) -> str:
    rows = []
    for key, found in _sets(run).items():
        if figures := found.get("types"):
            decided = figures["right_when_decided"]
            rows.append([SETS[key], figures["calibration_error"], figures["asked_back"], decided])
    shown = table(["", "把握和对错平均差多少（ECE）", "反问的比例", "不反问时对了几成"], rows)
    picture = f"\n\n![把握和对错]({pictures['reliability']})" if "reliability" in pictures else ""
    return (
        "## 说有几成把握，是不是就对几成\n\n"
        f"{shown}{picture}\n\n线在斜线上面是谦虚，在下面是吹牛；点越大，这样的句子越多。"
    )


def _reading(run: Run) -> str:
    rows = []
    for key, found in _sets(run).items():
        for kind, one in (found.get("reading") or {}).get("kinds", {}).items():
            rows.append([SETS[key], READ.get(kind, kind), one["n"], one["right"]])
    return "## 读事实\n\n" + table(["", "读什么", "条数", "读对"], rows) if rows else ""


def _safety(run: Run) -> str:
    rows = []
    for key, found in _sets(run).items():
        for sign, one in (found.get("safety") or {}).get("signs", {}).items():
            rows.append([SETS[key], SIGNS.get(sign, sign), one["right"], one["missed"], one["wrong"]])
    return "## 危险\n\n" + table(["", "危险", "听出来", "漏了", "多报"], rows) if rows else ""


def _times(run: Run) -> str:
    rows = []
    for key, found in _sets(run).items():
        if times := found.get("times"):
            for task, name in (("classify_ms", "判断类型和危险"), ("classify_and_read_ms", "判断加读事实")):
                rows.append([SETS[key], name, times[task]["median"], times[task]["p95"], times[task]["max"]])
            lengths = found["lengths"]
            rows.append([SETS[key], "（字数）", lengths["median"], lengths["p95"], lengths["max"]])
    shown = [[str(cell) if isinstance(cell, float) else cell for cell in row] for row in rows]
    return "## 一句话要多久（毫秒）\n\n" + table(["", "做什么", "中位", "p95", "最长"], shown) if rows else ""


def _weak(run: Run, names: Mapping[str, str]) -> str:
    """What is weakest, on real texts where there are any."""
    sets = _sets(run)
    key = next((key for key in ("dev", "heldout", "cross") if sets.get(key, {}).get("types")), None)
    if key is None:
        return ""
    figures = sets[key]["types"]
    lines = []
    for type_, one in sorted(figures["per_type"].items(), key=lambda item: item[1]["f1"])[:WEAKEST]:
        row = figures["confusion"].get(type_, {})
        taken = sorted(((count, other) for other, count in row.items() if other != type_), reverse=True)[:2]
        confused = "、".join(f"{names.get(other, other)}（{count} 条）" for count, other in taken)
        lost = f"，常听成{confused}" if confused else "，没有漏，是别的类被听成了它"
        lines.append(
            f"- {names.get(type_, type_)}：F1 {one['f1']:.2f}，{one['n']} 条里认出 {one['recall']:.0%}{lost}。"
        )
    return f"## 哪里弱\n\n{SETS[key]}里最弱的 {len(lines)} 类：\n\n" + "\n".join(lines)


def _mistakes(run: Run, names: Mapping[str, str]) -> str:
    """The most confident mistakes on the project's own texts; those of the dev files are never printed here."""
    worst = run.get("mistakes", [])[:SHOWN_MISTAKES]
    if not worst:
        return ""
    rows = [
        [one["text"].replace("|", "｜"), names.get(one["gold"], one["gold"]), names.get(one["answer"], one["answer"]),
         f"{one['confidence']:.2f}"] for one in worst
    ]  # fmt: skip
    return "## 错得最有把握的（自写考题）\n\n" + table(["话", "其实是", "听成", "把握"], rows)


def _limits(run: Run) -> str:
    return """## 用的时候要知道

- 它只做三件事：听出是哪一类、读出说了什么、告诉该找谁。不断对错，不给法律意见，不代替 110、120。
- 类型拿不准就反问，让来访的人自己点；危险宁可多问一句。调解员看得到原话，以原话为准。
- 数是在上面这些句子上量的。别的地方的方言、别的时候的新事（新平台、新骗局），会比这低；用一阵子要拿真登记再量。
- 开发集很小，差零点零二是正常起落。考题不能拿去当例子教它，不然数字好看、实际没用。"""
