"""Forms on paper: a Word template that a clerk can edit, filled with the fields of a record.

Hides docxtpl. A template is `templates/<name>.docx` with Jinja braces in it; whoever changes wording or layout opens
it in Word, keeps the braces, and needs no programmer. `first_templates.py` drew the first version. Called by the web.
"""

from __future__ import annotations

import io
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from docxtpl import DocxTemplate

TEMPLATES = Path(__file__).with_name("templates")
DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"


class DocumentError(RuntimeError):
    """A template is missing, or its braces are broken; the message names it in Chinese."""


def names() -> list[str]:
    """The forms there are."""
    return sorted(path.stem for path in TEMPLATES.glob("*.docx"))


def fill(name: str, fields: Mapping[str, Any]) -> bytes:
    """The form `name` as a .docx with `fields` in its braces. Raises DocumentError."""
    if name not in names():
        raise DocumentError(f"没有“{name}”这张表的模板。")
    try:
        template = DocxTemplate(TEMPLATES / f"{name}.docx")
        template.render({key: _printable(value) for key, value in fields.items()}, autoescape=True)
        out = io.BytesIO()
        template.save(out)
    except Exception as error:  # docxtpl, Jinja and python-docx each raise their own
        raise DocumentError(f"模板 {name}.docx 填不进去，可能改的时候碰坏了大括号。") from error
    return out.getvalue()


def _printable(value: Any) -> Any:
    """Values without the control signs that no XML can hold."""
    if isinstance(value, str):
        return "".join(c for c in value if c in "\n\t" or (ord(c) >= 32 and c not in "\ufffe\uffff"))
    if isinstance(value, Mapping):
        return {key: _printable(part) for key, part in value.items()}
    if isinstance(value, (list, tuple)):
        return [_printable(part) for part in value]
    return value
