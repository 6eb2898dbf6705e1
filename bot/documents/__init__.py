"""Forms on paper: a Word template that a clerk can edit, filled with the fields of a record.

Hides docxtpl. A template is `templates/<name>.docx` with Jinja braces in it; whoever changes wording or layout opens
it in Word, keeps the braces, and needs no programmer. `first_templates.py` drew the first version; `sheets.py` shows a
filled form as a page. Called by the web and the case's papers.
"""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from docxtpl import DocxTemplate
from jinja2 import Environment, StrictUndefined, TemplateSyntaxError, UndefinedError

TEMPLATES = Path(__file__).with_name("templates")
DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"


class DocumentError(RuntimeError):
    """A template is missing, or its braces are broken; the message names it and the reason in Chinese."""


def names() -> list[str]:
    """The forms there are."""
    return sorted(path.stem for path in TEMPLATES.glob("*.docx") if not path.stem.startswith("~$"))


def fill(name: str, fields: Mapping[str, Any]) -> bytes:
    """The form `name` as a .docx with `fields` in its braces. Raises DocumentError."""
    if name not in names():
        raise DocumentError(f"没有“{name}”这张表的模板（{name}.docx）。")
    try:
        template = DocxTemplate(TEMPLATES / f"{name}.docx")
        # A name that does not exist would print as an empty field, and nobody would notice: it is an error instead.
        known = Environment(undefined=StrictUndefined, autoescape=True)
        template.render({key: _printable(value) for key, value in fields.items()}, jinja_env=known, autoescape=True)
        out = io.BytesIO()
        template.save(out)
    except Exception as error:  # docxtpl, Jinja and python-docx each raise their own
        raise DocumentError(f"模板 {name}.docx 填不进去：{_reason(error)}") from error
    return out.getvalue()


def _reason(error: Exception) -> str:
    """Why a template cannot be filled, for the clerk who edited it."""
    if isinstance(error, UndefinedError):
        found = re.search(r"'([^']+)' is undefined|has no attribute '([^']+)'", str(error))
        named = next(filter(None, found.groups()), "") if found else ""
        return f"大括号里写了一个没有的名字“{named}”，请照原来的模板改回去。"
    if isinstance(error, TemplateSyntaxError):
        return "大括号少了一半，或者 if、for 没有配上 endif、endfor，请照原来的模板改回去。"
    if isinstance(error, (zipfile.BadZipFile, KeyError, ValueError, OSError)):
        return "文件打不开，不是 Word 文件（.docx），或者没有存完整。"
    return "可能改的时候碰坏了大括号，请照原来的模板改回去。"


def _printable(value: Any) -> Any:
    """Values without the control signs that no XML can hold."""
    if isinstance(value, str):
        return "".join(c for c in value if c in "\n\t" or (ord(c) >= 32 and c not in "\ufffe\uffff"))
    if isinstance(value, Mapping):
        return {key: _printable(part) for key, part in value.items()}
    if isinstance(value, (list, tuple)):
        return [_printable(part) for part in value]
    return value
