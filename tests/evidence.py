"""Files that people send, made for tests: photographs with a place in them, PDFs, and what only looks like them."""

from __future__ import annotations

import io
import zipfile

from PIL import Image
from pypdf import PdfWriter
from pypdf.generic import DictionaryObject, NameObject, TextStringObject

GPS = 0x8825


def a_photo(form: str = "JPEG", size: tuple[int, int] = (120, 80), colour: str = "red", placed: bool = False) -> bytes:
    """A picture; `placed` puts the place and the camera into its EXIF."""
    image, out, exif = Image.new("RGB", size, colour), io.BytesIO(), Image.Exif()
    if placed:
        exif[0x010F] = "SecretCamera"
        exif.get_ifd(GPS)[1] = "N"
        exif.get_ifd(GPS)[2] = (30.0, 52.0, 11.0)
    image.save(out, form, exif=exif)
    return out.getvalue()


def a_pdf(password: str | None = None, script: bool = False, pages: int = 1) -> bytes:
    writer, out = PdfWriter(), io.BytesIO()
    for _ in range(pages):
        writer.add_blank_page(200, 300)
    if script:
        action = {NameObject("/S"): NameObject("/JavaScript"), NameObject("/JS"): TextStringObject("app.alert(1)")}
        writer.root_object[NameObject("/OpenAction")] = DictionaryObject(action)
    if password is not None:
        writer.encrypt(password, algorithm="RC4-128")
    writer.write(out)
    return out.getvalue()


def a_zip() -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as packed:
        packed.writestr("run.html", "<script>alert(1)</script>")
    return out.getvalue()
