"""Types of columns that are sealed at rest. Called by `tables`; what they write, `keys` seals.

Hides where the ring comes from: it hangs on the engine's dialect, which SQLAlchemy 1.4 hands to every type
(`Database.open` puts it there). A value from before there were keys is read as it is.
"""

from __future__ import annotations

import json
from typing import Any

from sqlalchemy import JSON, Text
from sqlalchemy.types import TypeDecorator

from bot.keys import Keyring

#: The dialect's attribute that holds the ring.
RING = "fenzhen_keys"


def ring_of(dialect: Any) -> Keyring:
    """The ring of an engine's dialect."""
    ring: Keyring = getattr(dialect, RING)
    return ring


class SealedText(TypeDecorator):  # type: ignore[misc]
    """Text, sealed."""

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: str | None, dialect: Any) -> str | None:
        """Seal on the way in."""
        return None if value is None else ring_of(dialect).seal(value)

    def process_result_value(self, value: str | None, dialect: Any) -> str | None:
        """Open on the way out."""
        return None if value is None else ring_of(dialect).open(value)


class SealedJson(TypeDecorator):  # type: ignore[misc]
    """JSON, sealed: stored as one JSON string, so that the column's type in the database stays what it was."""

    impl = JSON(none_as_null=True)
    cache_ok = True

    def process_bind_param(self, value: Any, dialect: Any) -> str | None:
        """Seal on the way in; None is NULL."""
        return None if value is None else ring_of(dialect).seal(json.dumps(value, ensure_ascii=False))

    def process_result_value(self, value: Any, dialect: Any) -> Any:
        """Open on the way out."""
        if not isinstance(value, str):
            return value
        opened = ring_of(dialect).open(value)
        return value if opened is value else json.loads(opened)
