"""Ways out for notices to the staff: a webhook, and template messages of a WeChat official account.

Hides HTTP, signatures and WeChat's access token. A notice carries the kind, the receipt number, the type of dispute
and the time; nobody's name, phone or words leave the house. Opened from the settings; called by `notices`. Knows
neither database nor web.
"""

from __future__ import annotations

import hashlib
import hmac
import json
import threading
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

import requests

#: Seconds to connect, and to wait for each part of the answer.
PATIENCE = (5.0, 10.0)
#: WeChat: the access token is wrong or too old (developers.weixin.qq.com, 全局返回码).
STALE_TOKEN = (40001, 40014, 42001)
WECHAT = "https://api.weixin.qq.com"


class Undelivered(RuntimeError):
    """A notice did not arrive; the message is a short code ("HTTP 500", "timeout"), no words of the other side."""


@dataclass(frozen=True, slots=True)
class Notice:
    """What is told. `id` is the same when it is sent again; `receipt` and `type` are empty before filing."""

    id: str
    kind: str
    receipt: str
    type: str
    at: str


class Channel(Protocol):
    """A way out, by its name in the outbox."""

    name: str

    def send(self, notice: Notice) -> None:
        """Send, or raise Undelivered."""


class Webhook:
    """A POST of JSON to an address, signed: `X-Fenzhen-Signature: sha256=` HMAC of the body under the secret."""

    name = "webhook"

    def __init__(self, address: str, secret: str, patience: tuple[float, float] = PATIENCE) -> None:
        self._address, self._secret, self._patience = address, secret.encode(), patience

    def send(self, notice: Notice) -> None:
        """Any answer of 200–299 is delivered; a redirect is not followed."""
        body = json.dumps({name: getattr(notice, name) for name in Notice.__slots__}, ensure_ascii=False).encode()
        headers = {"Content-Type": "application/json"}
        if self._secret:
            headers["X-Fenzhen-Signature"] = f"sha256={hmac.new(self._secret, body, hashlib.sha256).hexdigest()}"
        _post(self._address, body, headers, self._patience)


class WeChat:
    """Template messages to the staff who follow the official account (`to`: their openids).

    `fields`: names of the template's fields for kind, receipt, type and at, as they stand in the account's template.
    """

    name = "wechat"

    def __init__(
        self,
        appid: str,
        secret: str,
        template: str,
        to: Sequence[str],
        fields: Mapping[str, str],
        api: str = WECHAT,
        patience: tuple[float, float] = PATIENCE,
    ) -> None:
        self._appid, self._secret, self._template, self._to = appid, secret, template, tuple(to)
        self._fields, self._api, self._patience = dict(fields), api.rstrip("/"), patience
        self._token, self._until = "", 0.0
        self._arrived: dict[str, set[str]] = {}
        self._lock = threading.Lock()

    def send(self, notice: Notice) -> None:
        """To each of the staff; whoever has it already does not get it again when it is sent again."""
        arrived = self._arrived.setdefault(notice.id, set())
        for one in self._to:
            if one not in arrived:
                self._send(one, notice)
                arrived.add(one)
        self._arrived.pop(notice.id, None)

    def _send(self, one: str, notice: Notice) -> None:
        # WeChat cuts or refuses long values; an empty one is refused (47003).
        told = {field: {"value": (getattr(notice, part) or "—")[:20]} for part, field in self._fields.items()}
        body = {"touser": one, "template_id": self._template, "data": told}
        for again in (False, True):
            code = self._ask("/cgi-bin/message/template/send", body, self._access(fresh=again)).get("errcode", 0)
            if code not in STALE_TOKEN:
                break
        if code:
            raise Undelivered(f"wechat {code}")

    def _access(self, fresh: bool) -> str:
        with self._lock:
            if fresh or time.monotonic() > self._until:
                asked = {"grant_type": "client_credential", "appid": self._appid, "secret": self._secret}
                told = self._ask("/cgi-bin/stable_token", {**asked, "force_refresh": fresh})
                if not told.get("access_token"):
                    raise Undelivered(f"wechat {told.get('errcode', 'no token')}")
                self._token = str(told["access_token"])
                self._until = time.monotonic() + max(int(told.get("expires_in", 7200)) - 300, 60)
            return self._token

    def _ask(self, path: str, body: Mapping[str, Any], token: str = "") -> dict[str, Any]:
        address = f"{self._api}{path}" + (f"?access_token={token}" if token else "")
        raw = json.dumps(body, ensure_ascii=False).encode()
        answer = _post(address, raw, {"Content-Type": "application/json"}, self._patience)
        try:
            told = json.loads(answer)
        except ValueError as error:
            raise Undelivered("not json") from error
        return told if isinstance(told, dict) else {}


def _post(address: str, body: bytes, headers: Mapping[str, str], patience: tuple[float, float]) -> bytes:
    # Errors of `requests` name the address, which may hold a token: only their kind goes on.
    try:
        with requests.post(
            address, data=body, headers=dict(headers), timeout=patience, allow_redirects=False, stream=True
        ) as answer:
            if not 200 <= answer.status_code < 300:
                raise Undelivered(f"HTTP {answer.status_code}")
            return bytes(answer.raw.read(65_536, decode_content=True))
    except requests.Timeout:
        raise Undelivered("timeout") from None
    except requests.RequestException as error:
        raise Undelivered(type(error).__name__) from None
    except (OSError, ValueError) as error:  # the body stopped coming
        raise Undelivered(type(error).__name__) from None
