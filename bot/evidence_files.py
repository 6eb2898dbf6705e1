"""What a sent file really is, and a copy of it that is safe to keep and to open.

Hides Pillow and pypdf. The kind is told by the content, never by the name. A picture is drawn anew: with that go the
place it was taken (EXIF), broken tails and whatever else was hidden in it. A PDF keeps its bytes, because a signature
on an invoice must stay valid; one that carries a program, wants a password or is also another file is refused.
Called by `bot.attachments`.
"""

from __future__ import annotations

import io
import threading
import warnings
from dataclasses import dataclass
from typing import Any

from PIL import Image, ImageOps
from pypdf import PdfReader
from pypdf.generic import IndirectObject

#: Bytes of one file (issue 4).
LARGEST = 10 * 1024 * 1024
#: Pixels that may be opened: JPEG can be read at a fraction of its size, PNG cannot.
PIXELS = {"JPEG": 170_000_000, "PNG": 50_000_000}
#: Pixels that are kept: enough to read a photographed page.
KEPT_PIXELS = 16_000_000
SMALL = 360
ENDINGS = {"jpg": "image/jpeg", "png": "image/png", "pdf": "application/pdf"}
#: One picture at a time: a decoded photograph takes a hundred megabytes.
_drawing = threading.Lock()


class Unfit(ValueError):
    """A file that is not taken. `code` for the page, the message in Chinese for the citizen."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code = code


@dataclass(frozen=True, slots=True)
class Cleaned:
    """A file as it is kept: kind (jpg, png, pdf), bytes, a small JPEG of a picture, pages of a PDF."""

    kind: str
    content: bytes
    small: bytes | None = None
    pages: int | None = None


def clean(content: bytes) -> Cleaned:
    """The safe copy of a sent file. Raises Unfit with what is wrong and what she can do instead."""
    if not content:
        raise Unfit("empty", "这个文件是空的，里面什么也没有。请重新拍一张，或换一个文件。")
    if len(content) > LARGEST:
        raise Unfit("too_large", "这个文件超过 10 MB 了。可以截个图再发，或者分成几个小的。")
    if content.startswith(b"%PDF-"):
        return _pdf(content)
    if content.startswith((b"\xff\xd8\xff", b"\x89PNG\r\n\x1a\n")):
        with _drawing:
            return _picture(content)
    raise Unfit("wrong_kind", "只能收照片（jpg、png）和 PDF。别的文件请截个图，把图发过来。")


def _picture(content: bytes) -> Cleaned:
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # Pillow warns of large pictures; we look at the size ourselves
            image = Image.open(io.BytesIO(content), formats=("JPEG", "PNG"))
            source = str(image.format)
            if image.width * image.height > PIXELS[source]:
                raise Image.DecompressionBombError
            if source == "JPEG":
                image.draft("RGB", _fitted(image.width, image.height))
            image.load()
            drawn = _upright(image)
    except Image.DecompressionBombError as error:  # Pillow's own limit is 179 million points
        raise Unfit("too_large", "这张照片太大了，打不开。请截个图再发。") from error
    except Exception as error:  # Pillow raises OSError, SyntaxError, ValueError, struct.error … on broken files
        raise Unfit("damaged", "这张照片坏了，或者没传完整。请再发一次，或重新拍一张。") from error
    if drawn.width * drawn.height > KEPT_PIXELS:
        drawn = drawn.resize(_fitted(drawn.width, drawn.height))
    kind, kept = "jpg", b""
    if source == "PNG":
        kind, kept = "png", _saved(drawn, "PNG")
    if source == "JPEG" or len(kept) > LARGEST:
        kind, kept = "jpg", _saved(drawn, "JPEG", quality=88)
    drawn.thumbnail((SMALL, SMALL))
    return Cleaned(kind, kept, small=_saved(drawn, "JPEG", quality=75))


def _fitted(width: int, height: int) -> tuple[int, int]:
    """Width and height with no more than KEPT_PIXELS; a long screenshot keeps its shape."""
    shrink = min(1.0, (KEPT_PIXELS / (width * height)) ** 0.5)
    return max(1, int(width * shrink)), max(1, int(height * shrink))


def _upright(image: Any) -> Image.Image:
    """The picture as its camera held it, on white, without any of its metadata."""
    turned = ImageOps.exif_transpose(image) or image
    if turned.mode in ("RGBA", "LA", "PA") or "transparency" in turned.info:
        turned = turned.convert("RGBA")
        ground = Image.new("RGB", turned.size, "white")
        ground.paste(turned, mask=turned.getchannel("A"))
        return ground
    plain = Image.new("RGB", turned.size)
    plain.paste(turned.convert("RGB"))
    return plain


def _saved(image: Image.Image, form: str, **options: Any) -> bytes:
    out = io.BytesIO()
    image.convert("RGB").save(out, form, **options)
    return out.getvalue()


def _pdf(content: bytes) -> Cleaned:
    tail = content[content.rfind(b"%%EOF") :] if b"%%EOF" in content else b""
    if not tail or tail.removeprefix(b"%%EOF").strip(b"\0 \t\r\n"):
        raise Unfit("damaged", "这个 PDF 不完整，或者里面夹了别的东西。请重新导出一份，或截图发过来。")
    try:
        reader = PdfReader(io.BytesIO(content), strict=False)
        if reader.is_encrypted and not reader.decrypt(""):
            raise Unfit("locked", "这个 PDF 要密码才能打开。请去掉密码再发，或截图发过来。")
        pages = len(reader.pages)
        active = _active(reader)
    except Unfit:
        raise
    except Exception as error:  # pypdf raises many kinds on broken files, RecursionError among them
        raise Unfit("damaged", "这个 PDF 打不开，可能坏了或没传完整。请再发一次，或截图发过来。") from error
    if active:
        raise Unfit("active", "这个 PDF 里带着会自己运行的程序，不能收。请截图，或打印成新的 PDF 再发。")
    if not pages:
        raise Unfit("empty", "这个 PDF 里一页也没有，请换一个。")
    return Cleaned("pdf", content, pages=pages)


def _active(reader: PdfReader) -> bool:
    """Whether the document starts a program: JavaScript or Launch at opening or among its names."""

    def named(thing: Any, key: str) -> Any:
        found = thing.get(key) if hasattr(thing, "get") else None
        return found.get_object() if isinstance(found, IndirectObject) else found

    root = reader.root_object
    actions = [named(root, "/OpenAction"), *(named(root, "/AA") or {}).values()]
    kinds = {str(named(action.get_object(), "/S")) for action in actions if hasattr(action, "get_object")}
    return bool(kinds & {"/JavaScript", "/Launch"}) or named(named(root, "/Names"), "/JavaScript") is not None
