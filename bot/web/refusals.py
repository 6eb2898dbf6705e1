"""How the API says no, and how it reads a JSON body. Used by the handlers of `bot.web`."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from starlette.requests import Request

LONGEST = 20_000
LARGEST = 200_000  # bytes of one request: 20,000 characters as escaped JSON, and no more


class Refused(Exception):
    """A request that cannot be served, with status, code and a sentence for the citizen."""

    def __init__(self, status: int, code: str, message: str) -> None:
        super().__init__(message)
        self.status, self.code, self.message = status, code, message


async def read_json(request: Request) -> Mapping[str, Any]:
    """The JSON object of a body. Raises Refused: too long, or no object."""
    raw = b""
    async for chunk in request.stream():
        raw += chunk
        if len(raw) > LARGEST:
            raise Refused(413, "too_long", f"这一段太长了，请分成几段发，每段不超过 {LONGEST} 个字。")
    try:
        body = json.loads(raw)
    except (ValueError, RecursionError) as error:
        raise Refused(400, "bad_json", "没看懂发来的内容，请再发一次。") from error
    if not isinstance(body, dict):
        raise Refused(400, "bad_json", "没看懂发来的内容，请再发一次。")
    return body
