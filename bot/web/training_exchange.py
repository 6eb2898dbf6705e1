"""Pages of import and export: a file comes in, is looked through, and what is new of it becomes proposals.

Nothing is kept between looking and proposing: the rows travel in the page and are sorted anew. Called by `review`.
"""

from __future__ import annotations

import io
import json
import zipfile
from collections.abc import Iterable, Iterator

from starlette.responses import Response, StreamingResponse

from bot.exchange import LARGEST, Fault, Parcel, Row, Unreadable, doccano, label_studio, parcel, rasa_yaml
from bot.exchange_sorting import KINDS, Load, sort
from bot.labels import DISPUTES
from bot.lessons import NotTaught
from bot.web.review_papers import attached
from bot.web.review_visit import NotHere, Page, Visit, back
from bot.web.tables_out import csv_rows
from bot.web.training import TRAINING, number_of, room_of, show

EXCHANGE = TRAINING + "/exchange"
#: Rows of a kind, and faults, that are shown; labels that can be named on one page.
SHOWN, MOST_UNKNOWN = 100, 60
FORMS = {"rasa": "Rasa 的例子文件", "csv": "表格（CSV）", "jsonl": "JSON 行", "json": "JSON", "lines": "一行一句"}
#: How examples leave: what the trainer reads, the file's name, its media type.
OUT = {
    "files": ("原样的文件：注释、顺序都在（ZIP）", "例子.zip", "application/zip"),
    "rasa": ("一个 Rasa 文件（YAML）", "例子.yml", "application/yaml; charset=utf-8"),
    "csv": ("表格，Excel 能打开（CSV）", "例子.csv", "text/csv; charset=utf-8"),
    "doccano": ("给 doccano（JSONL）", "例子-doccano.jsonl", "application/jsonl; charset=utf-8"),
    "label-studio": ("给 Label Studio（JSONL）", "例子-label-studio.jsonl", "application/jsonl; charset=utf-8"),
}


def exchange(visit: Visit) -> Response:
    """What can come in and go out."""
    return _exchange(visit)


def _exchange(visit: Visit, status: int = 200, trouble: str = "") -> Response:
    label = visit.query.get("label", "")[:80]
    return show(
        visit, "exchange.html", status, out=OUT, trouble=trouble, chosen=label, pasted=visit.form.get("text", "")
    )


# —— out ——


def take_out(visit: Visit) -> Response:
    """All examples, or those of a label, as a file."""
    form, label = visit.path("form"), visit.query.get("label", "")[:80]
    if form not in OUT:
        raise NotHere
    _, name, media = OUT[form]
    return StreamingResponse(_written(visit, form, label), media_type=media, headers=attached(name))


def _written(visit: Visit, form: str, label: str) -> Iterable[bytes]:
    room = room_of(visit)
    if form == "files":
        return [_zipped(visit)]
    named = room.labels.all()
    told = [(e.text, e.label) for e in room.book.search("", label)]
    if form == "csv":
        rows = ((text, key, named[key].name if key in named else "") for text, key in told)
        return csv_rows([("text", "label", "名称"), *rows])
    types = {key for key, one in named.items() if one.group == DISPUTES}
    lines = {"rasa": lambda: rasa_yaml(told, types), "doccano": lambda: doccano(told)}
    return _encoded(lines.get(form, lambda: label_studio(told))())


def _encoded(lines: Iterable[str]) -> Iterator[bytes]:
    return (line.encode() for line in lines)


def _zipped(visit: Visit) -> bytes:
    """The language files as they stand, byte for byte."""
    folder, out = room_of(visit).book.folder, io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as packed:
        for path in sorted(folder.rglob("*.yml")):
            packed.write(path, str(path.relative_to(folder)))
    return out.getvalue()


# —— in ——


def look(visit: Visit) -> Response:
    """What a file holds: which rows are new, and what is wrong with the others."""
    sent = visit.sent.get("file")
    try:
        if visit.form.get("rows"):
            told = _carried(visit.form["rows"])
        elif sent is not None and sent.content:
            told = parcel(sent.content, sent.name)
        elif visit.form.get("text", "").strip():
            told = parcel(visit.form["text"].encode())
        else:
            raise Unreadable("还没有选文件，也没有粘句子。")
    except Unreadable as error:
        return _exchange(visit, 422, str(error))
    return _looked(visit, told)


def _looked(visit: Visit, told: Parcel, status: int = 200, trouble: str = "") -> Response:
    load = _sorted(visit, told)
    form = visit.form
    return show(
        visit, "exchange_look.html", status, told=told, load=load, kinds=KINDS, shown=SHOWN, form=FORMS[told.form],
        unknown=load.unknown.most_common(MOST_UNKNOWN), rows=_carry(told), trouble=trouble, typed=form,
        default=_default(visit), chosen=_chosen(visit),
    )  # fmt: skip


def _sorted(visit: Visit, told: Parcel) -> Load:
    room = room_of(visit)
    return sort(told, room.book.examples(), room.labels.all(), _chosen(visit), _default(visit))


def _default(visit: Visit) -> str:
    return visit.form.get("label", "")[:80]


def _chosen(visit: Visit) -> dict[str, str]:
    """What the trainer said that unknown labels are."""
    form = visit.form
    named = [(form.get(f"unknown{n}", ""), form.get(f"means{n}", "")) for n in range(MOST_UNKNOWN)]
    return {told: label for told, label in named if label}


def propose(visit: Visit) -> Response:
    """Propose what is new."""
    form = visit.form
    try:
        told = _carried(form.get("rows", ""))
    except Unreadable as error:
        return _exchange(visit, 422, str(error))
    if form.get("looked") != "yes":
        return _looked(visit, told, 422, "请先看一遍有没有真名、电话、住址，看过了在下面打个钩。")
    wanted = _sorted(visit, told).wanted(near=form.get("near") == "yes", personal=form.get("personal") == "yes")
    try:
        room_of(visit).lessons.propose_many(visit.account, wanted, form.get("reason", ""))
    except NotTaught as error:
        return _looked(visit, told, 422, str(error))
    return back(f"{TRAINING}/lessons?done=proposed")


def _carry(told: Parcel) -> str:
    rows = [(row.line, row.text, row.label) for row in told.rows]
    faults = [(fault.line, fault.why, fault.file) for fault in told.faults]
    return json.dumps([told.form, rows, faults, told.note], ensure_ascii=False)


def _carried(raw: str) -> Parcel:
    """The parcel that a page carried. Raises Unreadable."""
    try:
        form, rows, faults, note = json.loads(raw)
        if form not in FORMS:
            raise ValueError
        kept = tuple(Row(int(line), str(text), str(label)) for line, text, label in rows)
        return Parcel(form, kept, tuple(Fault(int(line), str(why), str(file)) for line, why, file in faults), str(note))
    except (ValueError, TypeError, RecursionError) as error:
        raise Unreadable("这一页没有传全，请从选文件重新来一次。") from error


def portion(visit: Visit) -> Response:
    """A proposal of many sentences, to be read through."""
    lesson = room_of(visit).lessons.lesson(number_of(visit))
    if lesson is None or lesson.kind != "many":
        raise NotHere
    return show(visit, "portion.html", one=lesson, lines=lesson.text.split("\n"))


#: The rows travel in the page, with the marks of JSON around them.
_ROOM = 2 * LARGEST
PAGES = (
    Page(EXCHANGE, "GET", "phrasebook", "see", exchange),
    Page(EXCHANGE + "/out/{form}", "GET", "phrasebook", "export", take_out),
    Page(EXCHANGE + "/look", "POST", "phrasebook", "propose", look, largest=_ROOM),
    Page(EXCHANGE, "POST", "phrasebook", "propose", propose, largest=_ROOM),
    Page(TRAINING + "/lessons/{lesson}", "GET", "lessons", "see", portion),
)
