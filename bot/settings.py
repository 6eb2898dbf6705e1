"""Settings from the environment, each typed and explained. Nothing else in the project reads the environment.

Called once by the composition roots (`bot.__main__`, `actions`), which pass the values on.
"""

from __future__ import annotations

import os
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent


class SettingsError(ValueError):
    """A variable has a value that cannot be used; the message names it."""


@dataclass(frozen=True, slots=True)
class Settings:
    """What can be set, with defaults that serve a desk on one machine."""

    #: FENZHEN_DATABASE — SQLAlchemy URL; a SQLite file below `var/` by default, postgresql://… for more workers.
    database: str
    #: FENZHEN_MODELS — folder of trained models.
    models: Path
    #: FENZHEN_HOST, FENZHEN_PORT — where the one process listens.
    host: str
    port: int
    #: FENZHEN_DIRECTORY — CSV of committees loaded when the table is empty; the demo directory by default.
    directory: Path
    #: FENZHEN_ATTACHMENTS — folder of photos and papers that were sent; `var/attachments` by default.
    attachments: Path
    #: FENZHEN_CENTRE — name of the centre in the privacy notice.
    centre: str
    #: FENZHEN_HOURS — when people of the centre are there, as a directory writes it.
    hours: str
    #: FENZHEN_KEEP_DAYS — days for which an unfiled talk is kept after its last message.
    keep_days: int
    #: FENZHEN_EXIT_PAGE — where 快速离开 leads: an everyday page that says nothing of this one (https://…, or about:blank).
    exit_page: str
    #: FENZHEN_KEYS — the keys of the sealed columns themselves, commas between, the sealing one first; usually empty.
    keys: str = ""
    #: FENZHEN_KEY_FILE — the file of those keys; beside a SQLite file by default, else `var/fenzhen.keys`.
    key_file: Path | None = None
    #: FENZHEN_NOTICE_WEBHOOK, _SECRET — where notices to the staff are posted, and the key that signs them.
    webhook: str = ""
    webhook_secret: str = ""
    #: FENZHEN_NOTICE_WECHAT_APPID, _SECRET, _TEMPLATE, _TO (openids, commas between), _FIELDS (part=field of the
    #: template), _API — template messages of a WeChat official account.
    wechat: Mapping[str, str] = field(default_factory=dict)
    #: FENZHEN_EVALUATION — folder of CONTRACT's dev files, beside the project by default; it may be absent.
    evaluation: Path = ROOT.parent / "shared" / "eval"

    @classmethod
    def from_environment(cls, environment: Mapping[str, str] | None = None) -> Settings:
        """Read FENZHEN_* variables. Raises SettingsError naming the variable."""
        env = os.environ if environment is None else environment
        return cls(
            database=env.get("FENZHEN_DATABASE") or f"sqlite:///{ROOT / 'var' / 'fenzhen.db'}",
            models=Path(env.get("FENZHEN_MODELS") or ROOT / "models"),
            host=env.get("FENZHEN_HOST") or "127.0.0.1",
            port=_number(env, "FENZHEN_PORT", 8000),
            directory=Path(env.get("FENZHEN_DIRECTORY") or ROOT / "bot" / "knowledge" / "demo_directory.csv"),
            attachments=Path(env.get("FENZHEN_ATTACHMENTS") or ROOT / "var" / "attachments"),
            centre=env.get("FENZHEN_CENTRE") or "本调解中心",
            hours=env.get("FENZHEN_HOURS") or "周一至周五 8:30-17:00",
            keep_days=_number(env, "FENZHEN_KEEP_DAYS", 30),
            exit_page=_page(env, "FENZHEN_EXIT_PAGE", "https://www.weather.com.cn/"),
            keys=env.get("FENZHEN_KEYS") or "",
            webhook=_page(env, "FENZHEN_NOTICE_WEBHOOK", ""),
            webhook_secret=env.get("FENZHEN_NOTICE_SECRET") or "",
            wechat=_wechat(env),
            key_file=Path(env["FENZHEN_KEY_FILE"]) if env.get("FENZHEN_KEY_FILE") else None,
            evaluation=Path(env.get("FENZHEN_EVALUATION") or ROOT.parent / "shared" / "eval"),
        )


def _number(env: Mapping[str, str], name: str, default: int) -> int:
    value = env.get(name, "")
    if not value:
        return default
    if not value.isdigit():
        raise SettingsError(f"{name} 要写成数字，现在是“{value}”")
    return int(value)


def _page(env: Mapping[str, str], name: str, default: str) -> str:
    """A web address to leave for; `javascript:` and half addresses are refused."""
    value = env.get(name) or default
    if value not in ("", "about:blank") and not re.fullmatch(r"https?://[^\s\"'<>]+", value):
        raise SettingsError(f"{name} 要写成 https:// 开头的网址，或者 about:blank，现在是“{value}”")
    return value


def _wechat(env: Mapping[str, str]) -> dict[str, str]:
    """All of the WeChat channel, or nothing; half of it is refused."""
    start, needed = "FENZHEN_NOTICE_WECHAT_", ("APPID", "SECRET", "TEMPLATE", "TO")
    given = {name: env[start + name] for name in (*needed, "FIELDS", "API") if env.get(start + name)}
    missing = [start + name for name in needed if name not in given]
    if given and missing:
        raise SettingsError(f"微信通知还缺：{'、'.join(missing)}")
    return given
