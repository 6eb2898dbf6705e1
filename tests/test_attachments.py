"""Claims about photos and papers: what is taken, what is stripped, what is refused, what goes when she says so."""

from __future__ import annotations

import errno
import io
import os
import time
import zlib
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from builders import WAGES, Talking, a_reply
from evidence import GPS, a_pdf, a_photo, a_zip
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image
from sqlalchemy import select

from bot import knowledge
from bot.attachments import Attachment, Attachments
from bot.desk import Desk
from bot.evidence_files import KEPT_PIXELS, LARGEST, Unfit, clean
from bot.store import StoreError, Talk
from bot.tables import key_marks

STORY = "我在湖州市南浔区练市镇的工地干活，老板欠我三万二工资一直不给"


def opened(content: bytes) -> Any:
    return Image.open(io.BytesIO(content))


def refused_as(content: bytes) -> str:
    with pytest.raises(Unfit) as refused:
        clean(content)
    assert any("\u4e00" <= c <= "\u9fff" for c in str(refused.value))
    return refused.value.code


# —— what a file is ——


@pytest.mark.parametrize(("form", "kind"), [("JPEG", "jpg"), ("PNG", "png")])
def test_a_picture_keeps_its_kind_and_loses_the_place_where_it_was_taken(form: str, kind: str) -> None:
    kept = clean(a_photo(form, placed=True))
    assert (kept.kind, opened(kept.content).size) == (kind, (120, 80))
    assert dict(opened(kept.content).getexif()) == {} and not opened(kept.content).getexif().get_ifd(GPS)
    assert b"SecretCamera" not in kept.content and b"Exif" not in kept.content
    assert kept.small is not None and b"SecretCamera" not in kept.small


def test_a_photo_held_sideways_is_turned_before_its_exif_goes() -> None:
    image, out, exif = Image.new("RGB", (60, 20), "white"), io.BytesIO(), Image.Exif()
    exif[0x0112] = 6
    image.save(out, "JPEG", exif=exif)
    assert opened(clean(out.getvalue()).content).size == (20, 60)


def test_a_large_photo_is_kept_smaller_and_a_long_screenshot_keeps_its_shape() -> None:
    kept = opened(clean(a_photo("PNG", (1000, 20_000))).content)
    assert kept.width * kept.height <= KEPT_PIXELS
    assert abs(kept.height / kept.width - 20) < 0.1


@pytest.mark.parametrize("mode", ["RGBA", "P", "L", "LA", "1", "I;16", "CMYK"])
def test_every_kind_of_colouring_is_read(mode: str) -> None:
    out = io.BytesIO()
    Image.new(mode, (30, 30)).save(out, "JPEG" if mode == "CMYK" else "PNG")
    assert opened(clean(out.getvalue()).content).mode == "RGB"


def test_what_hangs_behind_a_picture_is_cut_off() -> None:
    kept = clean(a_photo() + a_zip())
    assert b"PK\x03\x04" not in kept.content and b"<script>" not in kept.content


def test_a_pdf_keeps_its_bytes_so_that_its_signature_stays_valid() -> None:
    content = a_pdf(pages=3)
    kept = clean(content)
    assert (kept.kind, kept.content, kept.pages) == ("pdf", content, 3)


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"", "empty"),
        (b"MZ\x90\x00" + b"\0" * 500, "wrong_kind"),
        (b"<html><script>alert(1)</script>", "wrong_kind"),
        (b"GIF89a" + b"\0" * 50, "wrong_kind"),
        (b"<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>", "wrong_kind"),
        (a_zip(), "wrong_kind"),
        (b"\xff\xd8\xff\xe0" + b"no picture at all", "damaged"),
        (a_photo()[:-200], "damaged"),
        (a_photo("PNG")[:60], "damaged"),
        (b"%PDF-1.7\nhello", "damaged"),
        (b"%PDF-1.7\nhello\n%%EOF", "damaged"),
        (a_pdf()[: len(a_pdf()) // 2], "damaged"),
        (a_pdf() + a_zip(), "damaged"),
        (a_pdf(password="1234"), "locked"),
        (a_pdf(script=True), "active"),
        (a_pdf(pages=0), "empty"),
        (b"\xff\xd8\xff" + b"\0" * LARGEST, "too_large"),
    ],
    ids=lambda value: value if isinstance(value, str) else None,
)
def test_what_is_no_whole_picture_or_paper_is_refused_with_a_reason(content: bytes, code: str) -> None:
    assert refused_as(content) == code


def test_a_pdf_that_only_forbids_printing_is_taken() -> None:
    assert clean(a_pdf(password="")).kind == "pdf"


def test_a_picture_of_very_many_points_is_refused_before_it_is_drawn() -> None:
    header = bytearray(a_photo("PNG", (1, 1)))
    header[16:24] = (30_000).to_bytes(4, "big") * 2
    header[29:33] = zlib.crc32(bytes(header[12:29])).to_bytes(4, "big")
    assert refused_as(bytes(header)) == "too_large"


@given(st.binary(max_size=400), st.sampled_from([b"", b"%PDF-1.4\n", b"\xff\xd8\xff", b"\x89PNG\r\n\x1a\n"]))
def test_any_bytes_are_taken_or_refused_kindly(tail: bytes, head: bytes) -> None:
    try:
        assert clean(head + tail).kind in ("jpg", "png", "pdf")
    except Unfit as unfit:
        assert unfit.code and str(unfit)


# —— keeping and forgetting ——


def the_talk(talking: Talking) -> Talk:
    talk = talking.desk.conversation(talking.token)
    assert talk is not None
    return talk


def files(desk: Desk) -> Attachments:
    assert desk.attachments is not None
    return desk.attachments


def sends(talking: Talking, content: bytes, name: str = "欠条.jpg", id_: str | None = None) -> Attachment:
    desk = talking.desk
    return desk.attach(the_talk(talking), files(desk).keep(content), name, id_)


def on_disk(folder: Path) -> list[Path]:
    return [path for path in folder.rglob("*") if path.is_file()]


@pytest.fixture()
def talking(desk: Desk) -> Talking:
    return Talking(desk).consented()


@pytest.fixture()
def folder(tmp_path: Path) -> Path:
    return tmp_path / "attachments"


def test_a_sent_photo_is_a_bubble_of_hers_and_lies_under_a_random_name(talking: Talking, folder: Path) -> None:
    sent = sends(talking, a_photo(), "张三的欠条.JPG")
    bubble = talking.desk.history(the_talk(talking))[-1]
    assert (bubble.who, bubble.text) == ("citizen", "［照片］张三的欠条.jpg")
    assert bubble.show == {"attachment": {"id": sent.id, "title": "张三的欠条.jpg", "kind": "jpg", "pages": None}}
    assert {path.name for path in on_disk(folder)} == {sent.id, f"{sent.id}.small"}
    assert all(path.stat().st_mode & 0o077 == 0 for path in on_disk(folder))


def test_a_file_lies_sealed_and_is_read_back_to_the_byte(talking: Talking, folder: Path) -> None:
    content = a_pdf()
    sent = sends(talking, content, "合同.pdf")
    assert files(talking.desk).content(sent) == content
    assert not [path for path in on_disk(folder) if b"%PDF" in path.read_bytes() or content[:40] in path.read_bytes()]


def test_after_a_change_of_the_key_every_file_lies_under_the_new_one(talking: Talking, folder: Path) -> None:
    photo, paper = sends(talking, a_photo()), sends(talking, a_pdf(), "合同.pdf")
    before = [files(talking.desk).content(sent) for sent in (photo, paper)]
    (plain,) = folder.rglob(paper.id)
    plain.write_bytes(before[1] or b"")  # as it lay before there were keys
    foreign = folder / "aa" / ("a" * 32)
    foreign.parent.mkdir(exist_ok=True)
    foreign.write_bytes(b"another database's")
    store = talking.desk._store
    key = store.keys.make()
    store.mark_keys()
    talking.desk.seal_anew()
    assert files(talking.desk).sealed_under() == {key.name: 3} and b"%PDF" not in plain.read_bytes()
    assert foreign.read_bytes() == b"another database's"
    assert [files(talking.desk).content(sent) for sent in (photo, paper)] == before
    assert files(talking.desk).seal_anew() == (0, 0)


def test_a_file_that_cannot_be_opened_is_left_told_and_keeps_its_key_asked_for(talking: Talking, folder: Path) -> None:
    sent = sends(talking, a_photo())
    store = talking.desk._store
    old = store.keys.first.name
    (spoilt,) = folder.rglob(sent.id)
    spoilt.write_bytes(spoilt.read_bytes()[:-20])
    store.keys.make()
    store.mark_keys()
    talking.desk.seal_anew()
    assert spoilt.exists() and files(talking.desk).sealed_under()[old] == 1
    with pytest.raises(StoreError, match="坏了"):
        files(talking.desk).content(sent)
    with store._engine.connect() as connection:
        assert old in set(connection.execute(select(key_marks.c.name)).scalars())


@pytest.mark.parametrize(
    ("name", "title"),
    [
        ("../../etc/passwd", "passwd.pdf"),
        ("C:\\Users\\me\\合同.PDF", "合同.pdf"),
        ("合同\u202efdp.exe", "合同fdp.exe.pdf"),
        ("\n\0", "文件.pdf"),
        ("", "文件.pdf"),
        ("一" * 300 + ".pdf", "一" * 80 + ".pdf"),
    ],
)
def test_a_name_is_only_a_title_and_its_ending_says_what_the_file_is(talking: Talking, name: str, title: str) -> None:
    assert sends(talking, a_pdf(), name).title == title


def test_the_same_file_sent_twice_under_one_id_is_one_file(talking: Talking, folder: Path) -> None:
    first, second = (sends(talking, a_photo(), id_="one") for _ in range(2))
    assert first == second
    assert len(files(talking.desk).of(the_talk(talking))) == 1
    assert len(on_disk(folder)) == 2  # the file and its small picture


def test_a_deleted_photo_leaves_neither_bytes_nor_row_nor_name(talking: Talking, folder: Path) -> None:
    sent = sends(talking, a_photo(), "我和老王.jpg")
    assert files(talking.desk).drop(the_talk(talking), sent.id)
    assert on_disk(folder) == []
    assert files(talking.desk).of(the_talk(talking)) == []
    bubble = talking.desk.history(the_talk(talking))[-1]
    assert "老王" not in bubble.text and bubble.show is None


def test_nobody_deletes_a_file_of_another_talk(talking: Talking, folder: Path) -> None:
    sent = sends(talking, a_photo())
    other = Talking(talking.desk).consented()
    assert not files(talking.desk).drop(the_talk(other), sent.id)
    assert len(on_disk(folder)) == 2


@pytest.mark.parametrize("how", ["by the page", "in words", "consent taken back", "idle"])
def test_deleting_her_material_deletes_her_files(talking: Talking, folder: Path, how: str) -> None:
    sends(talking, a_photo())
    sends(talking, a_pdf(), "合同.pdf")
    if how == "by the page":
        talking.desk.forget(talking.key)
    elif how == "in words":
        talking.say("删除我的资料")
        talking.tap("leave", "delete")
    elif how == "consent taken back":
        talking.tap("privacy_consent", "no")
    else:
        assert talking.desk.keep_to_time(-1).unfiled_talks == 1
    assert on_disk(folder) == []


def filed_with_photo(talking: Talking) -> dict[str, Any]:
    sends(talking, a_photo(), "欠条.jpg")
    talking.say(STORY, types=WAGES)
    for _ in range(40):
        assert talking.out is not None
        if talking.out.record.status == "filed":
            break
        assert talking.out.ask is not None
        talking.out = talking.desk.hear(talking.key, a_reply(talking.out.ask, knowledge.taxonomy()))
    found = talking.desk.record(talking.out.record.receipt or "")
    assert found is not None
    return found


def test_what_she_sent_is_on_the_card_and_in_the_filed_record(talking: Talking) -> None:
    document = filed_with_photo(talking)
    jsonschema.validate(document, knowledge.record_schema())
    assert [sent["title"] for sent in document["attachments"]] == ["欠条.jpg"]
    cards = [m.show["card"] for m in talking.desk.history(the_talk(talking)) if m.show and "card" in m.show]
    assert cards == [] or any(row["fact"] == "attachments" for row in cards[-1])
    assert any(line["text"] == "［照片］欠条.jpg" for line in document["transcript"])


def test_what_is_filed_stays_with_the_record_when_the_talk_is_forgotten(talking: Talking, folder: Path) -> None:
    receipt = filed_with_photo(talking)["receipt"]
    later = sends(talking, a_pdf(), "补充.pdf")
    desk = talking.desk
    assert [sent.title for sent in files(desk).of_record(receipt)] == ["欠条.jpg", "补充.pdf"]
    desk.forget(talking.key)
    assert [sent.title for sent in files(desk).of_record(receipt)] == ["欠条.jpg", "补充.pdf"]
    assert files(desk).content(later) is not None
    assert files(desk).forget_record(receipt) == 2
    assert on_disk(folder) == []


def test_files_without_a_row_are_swept_and_fresh_ones_are_left(talking: Talking, folder: Path) -> None:
    sent = sends(talking, a_photo())
    stray, fresh = files(talking.desk).keep(a_photo()), files(talking.desk).keep(a_photo())
    long_ago = time.time() - 86_400
    for path in folder.rglob(f"{stray.id}*"):
        os.utime(path, (long_ago, long_ago))
    for path in folder.rglob(f"{sent.id}*"):
        os.utime(path, (long_ago, long_ago))
    assert files(talking.desk).sweep() == 2
    assert {path.name[:32] for path in on_disk(folder)} == {sent.id, fresh.id}


def test_a_full_disk_is_told_and_leaves_nothing_half_written(
    talking: Talking, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(_: int) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr("bot.attachments.os.fsync", full)
    with pytest.raises(Unfit) as refused:
        files(talking.desk).keep(a_photo())
    assert refused.value.code == "full"
    assert on_disk(folder) == []


def test_a_database_that_fails_leaves_no_file_behind(
    talking: Talking, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    kept = files(talking.desk).keep(a_photo())
    monkeypatch.setattr(files(talking.desk)._rows, "enter", lambda *_: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        talking.desk.attach(the_talk(talking), kept, "a.jpg", None)
    assert on_disk(folder) == []
