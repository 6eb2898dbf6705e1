"""Examples on their way in and out: Rasa's YAML, CSV, and the JSON lines of doccano and Label Studio.

Hides the formats and their encodings: `parcel` reads any of them into rows and names every line that it cannot read,
with the reason; `rasa_yaml`, `doccano` and `label_studio` write rows (CSV is written by the page, as every table is).
Written and read again the rows are the same, in the same order. Pure; nothing here knows what is in the phrasebook.
Called by `exchange_sorting` and the page of import and export.
"""

from __future__ import annotations

import codecs
import csv
import io
import json
import re
import zipfile
from collections.abc import Container, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Any

from ruamel.yaml.nodes import MappingNode, Node, ScalarNode, SequenceNode

from bot.phrasebook_lines import BrokenFile, composed, cut, entry, label_of, named_nodes

#: Bytes of a file, of a ZIP once unpacked, and its files.
LARGEST, UNPACKED, MOST_FILES = 8_000_000, 30_000_000, 200
#: How a column or field with the words is called, and one with the label; the first is how we write it.
WORDS = ("text", "句子", "例子", "原话", "话", "sentence", "example", "examples", "content")
LABELS = ("label", "类", "类别", "标签", "labels", "intent", "choice", "category", "cats")
#: Before these a spreadsheet writes an apostrophe, so that they are no formula.
_FORMULA = ("=", "+", "-", "@", "＝", "＋", "－", "＠")

#: An entity marked within Rasa's example: the words, then (name) or {"entity": …}.
_MARKED = re.compile(r"\[([^\]]+)\](?:\([^)]*\)|\{[^}]*\})")


@dataclass(frozen=True, slots=True)
class Row:
    """One example as it came: `line` counts from 1 in the file (in a JSON array: which one); an empty label is for
    whoever brings it to say."""

    line: int
    text: str
    label: str


@dataclass(frozen=True, slots=True)
class Fault:
    """A line that could not be read, and why, in Chinese."""

    line: int
    why: str
    file: str = ""


@dataclass(frozen=True, slots=True)
class Parcel:
    """What a file held. `form` is what it was taken for, `note` what the reader should know of its encoding."""

    form: str
    rows: tuple[Row, ...]
    faults: tuple[Fault, ...]
    note: str = ""


class Unreadable(ValueError):
    """Nothing of the file can be read; the message says where and why, in Chinese."""


# —— coming in ——


def parcel(raw: bytes, name: str = "") -> Parcel:
    """Read a file, whatever it is. Raises Unreadable when no line of it can be."""
    if len(raw) > LARGEST:
        raise Unreadable(f"文件太大了（{len(raw) // 1_000_000} MB），最多 {LARGEST // 1_000_000} MB，请分成几个。")
    if raw.startswith(b"PK\x03\x04"):
        return _unpacked(raw)
    content, note = decoded(raw)
    form, found = _read(content, name.lower())
    rows = tuple(one for one in found if isinstance(one, Row))
    faults = tuple(one for one in found if isinstance(one, Fault))
    if not rows and not faults:
        raise Unreadable("里面一句话也没有。")
    return Parcel(form, rows, faults, note)


def _unpacked(raw: bytes) -> Parcel:
    """A ZIP of Rasa files, as the export writes it."""
    rows: list[Row] = []
    faults: list[Fault] = []
    try:
        with zipfile.ZipFile(io.BytesIO(raw)) as packed:
            files = [one for one in packed.infolist() if one.filename.endswith((".yml", ".yaml"))]
            if len(files) > MOST_FILES or sum(one.file_size for one in files) > UNPACKED:
                raise Unreadable("压缩包里的东西太多了，请只放要导入的 .yml。")
            for one in files:
                try:
                    content, _ = decoded(packed.read(one))
                    found = list(_of_rasa(content))
                except (BrokenFile, Unreadable) as error:
                    line, why = (error.line, error.why) if isinstance(error, BrokenFile) else (1, str(error))
                    faults.append(Fault(line, why, one.filename))
                    continue
                rows += [row for row in found if isinstance(row, Row)]
                faults += [Fault(f.line, f.why, one.filename) for f in found if isinstance(f, Fault)]
    except (zipfile.BadZipFile, NotImplementedError, RuntimeError, EOFError, ValueError) as error:
        if isinstance(error, Unreadable):
            raise
        raise Unreadable("压缩包打不开，可能没传完，或者加了密码。") from error
    if not rows and not faults:
        raise Unreadable("压缩包里没有例子。Excel 表格请先“另存为”CSV 再导入。")
    return Parcel("rasa", tuple(rows), tuple(faults))


def decoded(raw: bytes) -> tuple[str, str]:
    """A file's text and a note on its encoding. What spreadsheets and Notepad write in China is read too.

    Raises Unreadable with the line at which it is no text of any of them.
    """
    for mark, encoding in (
        (codecs.BOM_UTF8, "utf-8"),
        (codecs.BOM_UTF16_LE, "utf-16"),
        (codecs.BOM_UTF16_BE, "utf-16"),
    ):
        if raw.startswith(mark):
            try:
                text = raw.decode("utf-8-sig" if encoding == "utf-8" else encoding)
            except UnicodeDecodeError as error:
                raise _spoilt(raw, error, "写着是 UTF，可是这里读不通，文件可能没传完") from error
            return text, "" if encoding == "utf-8" else "这个文件是 UTF-16 编码，已经转好了。"
    if b"\x00" in raw[:4000]:
        return _without_mark(raw), "这个文件像是 UTF-16 编码，已经转好了，看看有没有乱码。"
    try:
        return raw.decode("utf-8"), ""
    except UnicodeDecodeError as error:
        if _mostly_utf8(raw):
            raise _spoilt(
                raw, error, "这一行不是 UTF-8 编码，别的行是。多半是从别处粘来的，改好这一行再导入"
            ) from error
    try:
        return raw.decode("gb18030"), "这个文件是 GBK 编码（Excel、老的记事本常这样），已经转好了，看看有没有乱码。"
    except UnicodeDecodeError as error:
        raise _spoilt(raw, error, "既不是 UTF-8 也不是 GBK。用记事本打开，“另存为”，编码选 UTF-8") from error


def _without_mark(raw: bytes) -> str:
    """UTF-16 that does not say so: of the two orders of bytes the one that gives more signs of a keyboard."""
    read = [raw.decode(encoding, "replace") for encoding in ("utf-16-le", "utf-16-be")]
    text = max(read, key=lambda one: sum(c.isascii() and c.isprintable() or c in "\r\n\t" for c in one))
    if any(c == "\ufffd" or c < " " and c not in "\r\n\t" for c in text):
        raise Unreadable("第 1 行：这不是文字文件。请交 .yml、.csv、.jsonl 或 .txt。")
    return text


def _mostly_utf8(raw: bytes) -> bool:
    """Whether most lines with Chinese are UTF-8: then the file is, and some line is spoilt."""
    well = ill = 0
    for line in raw.split(b"\n"):
        if not line.isascii():
            try:
                line.decode("utf-8")
                well += 1
            except UnicodeDecodeError:
                ill += 1
    return well > ill


def _spoilt(raw: bytes, error: UnicodeDecodeError, why: str) -> Unreadable:
    line = raw[: error.start].count(b"\n") + 1
    return Unreadable(f"第 {line} 行：{why}。")


def _read(content: str, name: str) -> tuple[str, list[Row | Fault]]:
    """What the text was taken for, and what stands in it."""
    bare = content.lstrip()
    if name.endswith((".yml", ".yaml")) or any(line.startswith(("nlu:", "version:")) for line in cut(content)):
        try:
            return "rasa", list(_of_rasa(content))
        except BrokenFile as error:
            raise Unreadable(f"第 {error.line} 行：{error.why}。") from error
    if bare.startswith("[") and not bare.startswith("[["):
        try:
            told = json.loads(content)
        except (ValueError, RecursionError) as error:
            line = getattr(error, "lineno", 1)
            raise Unreadable(f"第 {line} 行：JSON 从这里开始读不通，可能少了逗号、引号或者括号。") from error
        return "json", [_of_object(number, one) for number, one in enumerate(told, 1)]
    if bare.startswith("{"):
        lines = enumerate(cut(content), 1)
        return "jsonl", [_of_json(number, line) for number, line in lines if line.strip()]
    return _of_table(content, name)


def _of_json(number: int, line: str) -> Row | Fault:
    try:
        return _of_object(number, json.loads(line))
    except RecursionError:
        return Fault(number, "括号套得太深")
    except ValueError as error:
        return Fault(number, f"不是完整的一行 JSON（第 {getattr(error, 'colno', 1)} 个字附近）")


def _of_object(number: int, told: Any) -> Row | Fault:
    """One object of doccano or Label Studio."""
    if not isinstance(told, Mapping):
        return Fault(number, "不是 {…} 这样的一条")
    about = told.get("data")
    within = about if isinstance(about, Mapping) else told
    text = next((within[name] for name in WORDS if isinstance(within.get(name), str)), None)
    if text is None:
        return Fault(number, "没有 text（那句话）")
    label = _chosen(told["annotations"]) if isinstance(told.get("annotations"), Sequence) else _labelled(told)
    return Fault(number, label.why) if isinstance(label, Fault) else Row(number, text, label)


def _labelled(told: Mapping[str, Any]) -> str | Fault:
    given = next((told[name] for name in LABELS if told.get(name)), "")
    if isinstance(given, Mapping):
        given = given.get("choices", "")
    if isinstance(given, str):
        return given
    if isinstance(given, Sequence):
        if any(not isinstance(one, str) for one in given):
            return Fault(0, "标的是句子里的词，不是这句话是哪一类")
        if len(given) > 1:
            return Fault(0, f"一句话有 {len(given)} 个标签，只能有一个")
        return str(given[0])
    return Fault(0, "label 不是文字")


def _chosen(annotations: Sequence[Any]) -> str | Fault:
    """The choice of Label Studio's annotations; the last that was not cancelled counts."""
    kept = [one for one in annotations if isinstance(one, Mapping) and not one.get("was_cancelled")]
    if not kept:
        return Fault(0, "还没有标")
    results = [one for one in kept[-1].get("result") or () if isinstance(one, Mapping)]
    chosen = [one["value"].get("choices") for one in results if isinstance(one.get("value"), Mapping)]
    told = [one for one in chosen if isinstance(one, Sequence) and not isinstance(one, str)]
    if not told:
        return Fault(0, "没有选这句话是哪一类（只标了词，或者还没有标）")
    return _labelled({"label": list(told[0])})


def _of_table(content: str, name: str) -> tuple[str, list[Row | Fault]]:
    """CSV with a head, or one sentence a line."""
    first = next((line for line in cut(content) if line.strip()), "")
    sign = next((one for one in ("\t", ",", ";", "，") if one in first), ",")
    head = [cell.strip().strip('"').lower() for cell in first.strip().split(sign)]
    at = next((n for n, cell in enumerate(head) if cell in WORDS), None)
    if at is None:
        if name.endswith((".csv", ".tsv")):
            raise Unreadable("第 1 行：第一行要写每一列是什么：text（句子）和 label（类别）。")
        lines = enumerate(cut(content), 1)
        return "lines", [Row(number, line.strip(), "") for number, line in lines if line.strip()]
    where = next((n for n, cell in enumerate(head) if cell in LABELS), None)
    return "csv", list(_of_csv(content, sign, at, where))


def _of_csv(content: str, sign: str, at: int, where: int | None) -> Iterator[Row | Fault]:
    reader = csv.reader(io.StringIO(content, newline=""), delimiter=sign, strict=True)
    begun, headed = 1, False
    while True:
        try:
            cells = next(reader)
        except StopIteration:
            return
        except csv.Error:
            yield Fault(begun, "引号没有收尾，从这一行起读不下去")
            return
        line, begun = begun, reader.line_num + 1
        if not any(cell.strip() for cell in cells):
            continue
        if not headed:
            headed = True
        elif len(cells) <= max(at, where or 0):
            yield Fault(line, f"只有 {len(cells)} 列，少了几列")
        else:
            yield Row(line, _unquoted(cells[at]), cells[where].strip() if where is not None else "")


def _unquoted(cell: str) -> str:
    """A cell without the apostrophe that keeps a spreadsheet from reading a formula."""
    return cell[1:] if cell.startswith("'") and cell[1:].lstrip(" \u3000").startswith(_FORMULA) else cell


def _of_rasa(content: str) -> Iterator[Row | Fault]:
    """Rasa's training data, ours or another project's: both ways to write examples, entities taken out of brackets."""
    root = composed("", content)
    if not isinstance(root, MappingNode):
        raise BrokenFile("", 1, "这不是 Rasa 的例子文件，开头要有 version 和 nlu")
    told = named_nodes(root).get("nlu")
    if not isinstance(told, SequenceNode):
        raise BrokenFile("", told.start_mark.line + 1 if told else 1, "没有 nlu 这一段，里面没有例子")
    lines = cut(content)
    for block in told.value:
        line = block.start_mark.line + 1
        named = named_nodes(block) if isinstance(block, MappingNode) else {}
        intent, examples = named.get("intent"), named.get("examples")
        if not isinstance(intent, ScalarNode) or examples is None:
            if not {"synonym", "lookup", "regex"} & set(named):
                yield Fault(line, "这一段没有写 intent（是哪一类）或者 examples（例子）")
            continue
        yield from _of_block(label_of(intent.value, named), examples, lines)


def _of_block(label: str, examples: Node, lines: list[str]) -> Iterator[Row | Fault]:
    first = examples.start_mark.line + 1
    if isinstance(examples, ScalarNode) and examples.style == "|":
        for number in range(first, first + len(examples.value.splitlines())):
            line = lines[number].strip() if number < len(lines) else ""
            if line.startswith("- "):
                yield Row(number + 1, _MARKED.sub(r"\1", line[2:].strip()), label)
            elif line and not line.startswith("#"):
                yield Fault(number + 1, "每句前面要有“- ”")
    elif isinstance(examples, SequenceNode):
        for one in examples.value:
            line_number = one.start_mark.line + 1
            said = named_nodes(one).get("text") if isinstance(one, MappingNode) else one
            if isinstance(said, ScalarNode) and said.value.strip():
                for text in said.value.strip().splitlines():
                    yield Row(line_number, _MARKED.sub(r"\1", text.strip().removeprefix("- ")), label)
            else:
                yield Fault(line_number, "这一条没有 text")
    else:
        yield Fault(first, "examples 要写成“examples: |”，下面一行一句")


# —— going out ——


def rasa_yaml(rows: Iterable[tuple[str, str]], types: Container[str]) -> Iterator[str]:
    """Rows (text, label) as one file of Rasa 3.1's training data, a block for each run of a label.

    `types`: keys of the taxonomy's types; what is none of them is an intent's own name.
    """
    yield 'version: "3.1"\nnlu:\n'
    for label, same in groupby(rows, key=lambda row: row[1]):
        for number, (text, _) in enumerate(same):
            head = entry(label, text, (), label.partition("/")[0] in types)
            yield "".join(head) if not number else f"    - {text}\n"


def doccano(rows: Iterable[tuple[str, str]]) -> Iterator[str]:
    """Rows as doccano's JSON lines of a text classification."""
    for number, (text, label) in enumerate(rows, 1):
        yield json.dumps({"id": number, "text": text, "label": [label]}, ensure_ascii=False) + "\n"


def label_studio(rows: Iterable[tuple[str, str]]) -> Iterator[str]:
    """Rows as Label Studio's annotated tasks, one a line: `<Choices name="label" toName="text">` over `$text`."""
    for number, (text, label) in enumerate(rows, 1):
        chosen = {"from_name": "label", "to_name": "text", "type": "choices", "value": {"choices": [label]}}
        task = {"id": number, "data": {"text": text}, "annotations": [{"result": [chosen]}]}
        yield json.dumps(task, ensure_ascii=False) + "\n"
