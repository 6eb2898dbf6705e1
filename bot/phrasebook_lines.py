"""A language file as lines: which example stands where, and the smallest change that adds, moves or takes one out.

Hides YAML. A file is composed once to learn where its blocks of examples begin and end; changes are made line by line,
so that comments, order and blank lines stay as people wrote them, and a change taken back leaves the same bytes.
Called by `phrasebook` only.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from ruamel.yaml import YAML
from ruamel.yaml.error import MarkedYAMLError
from ruamel.yaml.nodes import MappingNode, Node, ScalarNode, SequenceNode

#: How a new example is written when its block has none to be like.
INDENT = "    "


class BrokenFile(ValueError):
    """A file that is no YAML or not of Rasa's shape: where and why, in Chinese. `line` counts from 1."""

    def __init__(self, file: str, line: int, why: str) -> None:
        super().__init__(f"{file} 第 {line} 行：{why}")
        self.file, self.line, self.why = file, line, why


class Gone(ValueError):
    """The lines that a change is about are no longer there: somebody changed them meanwhile."""


@dataclass(frozen=True, slots=True)
class Patch:
    """One place of one file: the lines `removed` gave way to `added`. `line` counts from 0; `above` is the line before
    it, by which the place is found again when lines moved."""

    file: str
    line: int
    removed: tuple[str, ...]
    added: tuple[str, ...]
    above: str

    def to_dict(self) -> dict[str, Any]:
        return asdict(self)

    @classmethod
    def from_dict(cls, raw: Mapping[str, Any]) -> Patch:
        return cls(raw["file"], raw["line"], tuple(raw["removed"]), tuple(raw["added"]), raw["above"])

    def back(self) -> Patch:
        """The change that takes this one back."""
        return Patch(self.file, self.line, self.added, self.removed, self.above)


@dataclass(frozen=True, slots=True)
class Block:
    """The examples of one label in one place: `rows` are (line, text), `begin`–`end` the lines of the whole entry."""

    label: str
    begin: int
    end: int
    rows: tuple[tuple[int, str], ...]
    stray: tuple[int, ...] = ()  # lines among the examples that are neither an example nor a comment


@dataclass(frozen=True, slots=True)
class Line:
    """A line of a word list that says something: its number from 0, its words without a comment."""

    line: int
    text: str


def word_lines(content: str) -> list[Line]:
    """The lines of a word list (`nlu_data/words/*.txt`) that are neither blank nor a comment."""
    told = ((number, line.split("#")[0]) for number, line in enumerate(cut(content)))
    return [Line(number, " ".join(words.split())) for number, words in told if words.strip()]


def cut(content: str) -> list[str]:
    """Lines with their own ends; joined again they are the file byte for byte."""
    return [line + "\n" for line in content.split("\n")[:-1]] + [last for last in content.split("\n")[-1:] if last]


def blocks(file: str, content: str) -> list[Block]:
    """The blocks of examples of a file, in order. Raises BrokenFile."""
    root = composed(file, content)
    lines = cut(content)
    found = []
    for entry in _entries(file, root):
        named = named_nodes(entry)
        intent, told = named.get("intent"), named.get("examples")
        if not isinstance(intent, ScalarNode):
            raise BrokenFile(file, entry.start_mark.line + 1, "这一段没有写 intent（是哪一类）")
        if not isinstance(told, ScalarNode) or told.style != "|":
            raise BrokenFile(
                file, entry.start_mark.line + 1, f"{intent.value} 的 examples 要写成“examples: |”，下面一行一句"
            )
        first = told.start_mark.line + 1
        last = first + len(told.value.splitlines())
        rows, stray = [], []
        for number in range(first, min(last, len(lines))):
            line = lines[number].strip()
            if line.startswith("- "):
                rows.append((number, line[2:].strip()))
            elif line and not line.startswith("#"):
                stray.append(number)
        end = rows[-1][0] + 1 if rows else first
        found.append(Block(label_of(intent.value, named), entry.start_mark.line, end, tuple(rows), tuple(stray)))
    return found


def composed(file: str, content: str) -> Node | None:
    """The nodes of a YAML file with their places; None when it is empty. Raises BrokenFile."""
    try:
        return YAML(typ="safe").compose(content)  # libyaml: twenty times as quick, with other words for its troubles
    except Exception:
        try:
            return YAML(typ="rt").compose(content)
        except MarkedYAMLError as error:
            mark = error.problem_mark or error.context_mark
            raise BrokenFile(file, mark.line + 1 if mark else 1, _why(error)) from error
        except Exception as error:
            raise BrokenFile(file, 1, f"读不懂：{type(error).__name__}") from error


def _entries(file: str, root: Node | None) -> Iterator[MappingNode]:
    if root is None:
        return
    if not isinstance(root, MappingNode):
        raise BrokenFile(file, root.start_mark.line + 1, "开头要写 version 和 nlu")
    told = named_nodes(root).get("nlu")
    if told is None or (isinstance(told, ScalarNode) and not told.value):
        return
    if not isinstance(told, SequenceNode):
        raise BrokenFile(file, told.start_mark.line + 1, "nlu 下面要一段一段写，每段前面有“- intent:”")
    for entry in told.value:
        if not isinstance(entry, MappingNode):
            raise BrokenFile(file, entry.start_mark.line + 1, "这一段没有写 intent（是哪一类）")
        yield entry


def named_nodes(node: MappingNode) -> dict[str, Node]:
    """The nodes of a mapping by their keys."""
    return {key.value: value for key, value in node.value}


def label_of(intent: str, named: Mapping[str, Node]) -> str:
    """`wages/wage_arrears`, `wages`, `faq/cost`, `affirm`, `danger_violence+minor`: a type stands without `dispute_`."""
    metadata = named.get("metadata")
    told = named_nodes(metadata) if isinstance(metadata, MappingNode) else {}
    if not intent.startswith("dispute_"):
        also = told.get("also")
        return "+".join([intent, *(one.value for one in also.value)]) if isinstance(also, SequenceNode) else intent
    subtype = told.get("subtype")
    type_ = intent.removeprefix("dispute_")
    return f"{type_}/{subtype.value}" if isinstance(subtype, ScalarNode) else type_


def _why(error: MarkedYAMLError) -> str:
    problem = str(error.problem or error.context or "")
    for cue, words in (
        ("found character '\\t'", "这里有 Tab，要换成空格"),
        ("could not find expected ':'", "这里少了冒号，或者前面的空格不对"),
        ("mapping values are not allowed", "这一行的空格不对，或者多了一个冒号"),
        ("expected <block end>", "这一行前面的空格和上下不齐"),
        ("found unexpected end of stream", "引号没有收尾"),
        ("found duplicate key", "同一个名字写了两遍"),
    ):
        if cue in problem:
            return words
    return f"格式不对（{problem}）"


# —— changes ——


def written(text: str, block: Block | None, lines: Sequence[str]) -> str:
    """An example as a line, indented as its neighbours are."""
    like = lines[block.rows[-1][0]] if block is not None and block.rows else f"{INDENT}- "
    return f"{like[: len(like) - len(like.lstrip())]}- {text}{_end_of(lines)}"


def _end_of(lines: Sequence[str]) -> str:
    return "\r\n" if lines and lines[0].endswith("\r\n") else "\n"


def inserted(file: str, lines: Sequence[str], at: int, added: Sequence[str]) -> Patch:
    """Lines put in before line `at`. A last line without an end is given one, and back it loses it again."""
    above = lines[at - 1] if at else ""
    if at and not above.endswith("\n"):
        ended = above + _end_of(lines)
        return Patch(file, at - 1, (above,), (ended, *added), lines[at - 2] if at > 1 else "")
    return Patch(file, at, (), tuple(added), above)


def replaced(file: str, lines: Sequence[str], at: int, fresh: Sequence[str], many: int = 1) -> Patch:
    """`many` lines from `at` gave way to others (or to none)."""
    return Patch(file, at, tuple(lines[at : at + many]), tuple(fresh), lines[at - 1] if at else "")


def entry(label: str, text: str, lines: Sequence[str], dispute: bool = True) -> list[str]:
    """A new block with its first example: what `label_of` reads of it is the label. `dispute`: the label is a type."""
    end = _end_of(lines)
    name, *also = label.split("+")
    type_, _, subtype = name.partition("/")
    head = [f"- intent: dispute_{type_}" if dispute else f"- intent: {name}"]
    if dispute and subtype:
        head += ["  metadata:", f"    subtype: {subtype}"]
    elif also:
        head += ["  metadata:", f"    also: [{', '.join(also)}]"]
    return [f"{line}{end}" for line in (*head, "  examples: |", f"{INDENT}- {text}")]


def towards(file: str, now: str, then: str) -> Patch | None:
    """The change that makes a file what it was then: from the first line that differs to the last; None: none does."""
    ours, theirs = cut(now), cut(then)
    if ours == theirs:
        return None
    head = next((n for n, (one, other) in enumerate(zip(ours, theirs)) if one != other), min(len(ours), len(theirs)))
    most = min(len(ours), len(theirs)) - head
    tail = next((n for n in range(most) if ours[-1 - n] != theirs[-1 - n]), most)
    return replaced(file, ours, head, theirs[head : len(theirs) - tail], len(ours) - tail - head)


def applied(content: str, patch: Patch, strictly: bool = False) -> str:
    """A file with a patch applied where its lines stand now. Raises Gone when they do not stand there any more.

    `strictly`: the line above must be the same too, for files in which the same line stands in many places.
    """
    lines = cut(content)
    at = _where(lines, patch, strictly)
    lines[at : at + len(patch.removed)] = patch.added
    return "".join(lines)


def _where(lines: list[str], patch: Patch, strictly: bool) -> int:
    """The place nearest to where it was: the same lines after the same line, or the same lines if they stand but once."""
    many = len(patch.removed)
    places = [n for n in range(len(lines) - many + 1) if tuple(lines[n : n + many]) == patch.removed]
    after = [n for n in places if (lines[n - 1] if n else "") == patch.above]
    if not after and not many:
        raise Gone("旁边的句子也改过了，找不到原来的位置")
    if not after and (strictly or len(places) != 1):
        raise Gone("这一句后来又改过，或者已经不在了")
    return min(after or places, key=lambda n: abs(n - patch.line))
