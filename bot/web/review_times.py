"""Times as the console says them. Called by the templates."""

from __future__ import annotations

from datetime import datetime, timedelta


def when(at: datetime, now: datetime) -> str:
    """今天 10:32, 昨天 10:32, 11月20日 10:32, 2025年11月20日."""
    days = (now.date() - at.date()).days
    clock = f"{at.hour}:{at.minute:02d}"
    if days in (0, 1):
        return f"{'今天' if days == 0 else '昨天'} {clock}"
    day = f"{at.month}月{at.day}日"
    return f"{day} {clock}" if at.year == now.year else f"{at.year}年{day}"


def lasted(since: datetime, now: datetime) -> str:
    """How long ago, roughly: 5 分钟, 3 小时, 2 天."""
    past = max(now - since, timedelta())
    if past < timedelta(hours=1):
        return f" {int(past.total_seconds() // 60)} 分钟"
    if past < timedelta(days=1):
        return f" {int(past.total_seconds() // 3600)} 小时"
    return f" {past.days} 天"
