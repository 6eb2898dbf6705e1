"""One value of a YAML file, changed in its own lines: comments, order and everything beside it stay as they are.

Hides how YAML writes words: plain, quoted, or a block of lines. Whatever is written is read again, and nothing but the
value may have changed. Called by `wordings` and `new_types`.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from ruamel.yaml import YAML
from ruamel.yaml.nodes import MappingNode, Node, ScalarNode, SequenceNode

from bot.phrasebook import Unfit
from bot.phrasebook_lines import Gone, Patch, applied, composed, cut, named_nodes, replaced

#: Where a value stands: keys of mappings and numbers of lists, from the root of the file.
Path = Sequence[str | int]
Value = str | int | float | date | None


def value_at(content: str, path: Path) -> Any:
    """The value of a place, None when it is not there."""
    found: Any = YAML(typ="safe").load(content)
    for step in path:
        if isinstance(found, list) and isinstance(step, int):
            found = found[step] if step < len(found) else None
        else:
            found = found.get(step) if isinstance(found, Mapping) else None
    return found


def node_at(file: str, content: str, path: Path) -> Node:
    """The node of a place. Raises Gone when it is not there, BrokenFile."""
    node = composed(file, content)
    for step in path:
        if isinstance(node, MappingNode) and isinstance(step, str):
            node = named_nodes(node).get(step)
        elif isinstance(node, SequenceNode) and isinstance(step, int) and step < len(node.value):
            node = node.value[step]
        else:
            node = None
    if node is None:
        raise Gone("这一处刚被别人改过或者删了，请刷新看看最新的。")
    return node


def rewritten(file: str, content: str, path: Path, value: Value) -> Patch:
    """The patch that puts another value in a place. Raises Gone, BrokenFile, Unfit when it cannot be written there."""
    node = node_at(file, content, path)
    if not isinstance(node, ScalarNode):
        raise Unfit("这一处不是一句话，要到文件里改。")
    lines = cut(content)
    first, last, after = _span(node, lines)
    before = lines[first][: node.start_mark.column]
    fresh = _lines(before, value, after, _indent(before), _end_of(lines[first]))
    return _proved(content, path, value, replaced(file, lines, first, fresh, last - first + 1))


def rewritten_list(file: str, content: str, path: Path, values: Sequence[str]) -> Patch:
    """The patch that puts other words in a list written in brackets."""
    node = node_at(file, content, path)
    if not isinstance(node, SequenceNode) or not node.flow_style or node.start_mark.line != node.end_mark.line:
        raise Unfit("这一处不是写在方括号里的，要到文件里改。")
    lines, at = cut(content), node.start_mark.line
    line = lines[at]
    fresh = f"{line[: node.start_mark.column]}[{', '.join(values)}]{line[node.end_mark.column :]}"
    return _proved(content, path, list(values), replaced(file, lines, at, [fresh]))


def added(file: str, content: str, path: Path, beside: str, written: str, value: Any) -> Patch:
    """The patch that adds a key (`path`) after its neighbour `beside`; `written` is how its value stands in the file."""
    *above, key = path
    lines = cut(content)
    node = node_at(file, content, [*above, beside])
    parent = node_at(file, content, above)
    assert isinstance(parent, MappingNode)
    column = next(k.start_mark.column for k, _ in parent.value if k.value == beside)
    last = _span(node, lines)[1] if isinstance(node, ScalarNode) else node.end_mark.line
    fresh = f"{' ' * column}{key}: {written}{_end_of(lines[last])}"
    patch = Patch(file, last + 1, (), (fresh,), lines[last])
    return _proved(content, path, value, patch)


def _span(node: ScalarNode, lines: Sequence[str]) -> tuple[int, int, str]:
    """First and last line of a value, and what stands behind it (a comment)."""
    first = node.start_mark.line
    if node.style not in ("|", ">"):
        last = node.end_mark.line
        return first, last, lines[last][node.end_mark.column :].rstrip("\r\n")
    head = lines[first][node.start_mark.column :].rstrip("\r\n")
    comment = re.search(r"\s+#.*", head)
    inner = next((_deep(line) for line in lines[first + 1 :] if line.strip()), 0)
    last = first
    for number in range(first + 1, len(lines)):
        if lines[number].strip() and _deep(lines[number]) < inner:
            break
        if lines[number].strip():
            last = number
    return first, last, comment.group() if comment else ""


def _deep(line: str) -> int:
    return len(line) - len(line.lstrip(" "))


def _indent(before: str) -> int:
    """Where the lines of a block stand: two behind the key that they belong to."""
    bare = before.rstrip()
    return len(bare) - len(bare.lstrip(" -")) and len(before) - len(before.lstrip(" -")) + 2


def _end_of(line: str) -> str:
    return "\r\n" if line.endswith("\r\n") else "\n"


def _lines(before: str, value: Value, after: str, indent: int, end: str) -> list[str]:
    if not isinstance(value, str) or "\n" not in value:
        return [f"{before}{inline(value)}{after}{end}"]
    if not before.rstrip().endswith(":"):
        raise Unfit("这里只能写一行。")
    body = [f"{' ' * indent}{line}{end}" if line else end for line in value.split("\n")]
    return [f"{before}|-{after}{end}", *body]


def inline(value: Value) -> str:
    """A value as it stands on one line: plain when YAML reads the same, else in quotes."""
    if value is None:
        return "null"
    if not isinstance(value, str):
        return value.isoformat() if isinstance(value, date) else str(value)
    try:
        plainly = YAML(typ="safe").load(f"- a: {value}\n") == [{"a": value}]
    except Exception:
        plainly = False
    return value if plainly else "'" + value.replace("'", "''") + "'"


def _proved(content: str, path: Path, value: Any, patch: Patch) -> Patch:
    """The patch, if the file that it makes differs from the one before in this value alone."""
    safe = YAML(typ="safe")
    before = safe.load(content)
    try:
        after = safe.load(applied(content, patch))
    except Exception as error:
        raise Unfit("这样写文件就读不懂了，换个写法。") from error
    place: Any = before
    for step in path[:-1]:
        place = place[step]
    place[path[-1]] = value
    if before != after:
        raise Unfit("这样写会动到旁边的字，换个写法，或者到文件里改。")
    return patch
