"""Who sees what of a case covered, and seeing it whole for a reason. Part of the desk, reached as `desk.cases.veils`.

Hides the rules of `permissions.covered`, how long a reason holds, and where in a list or a page personal data stands:
everything that goes to a page passes through here whole. Called by `casework` and by whoever prints or exports.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any, TypeVar

from bot.intake.masks import Veil, is_person
from bot.permissions import covered
from bot.store import Store
from bot.store_queue import Case
from bot.store_staff import Account

#: So long somebody who said why sees a case whole: a working day.
HOLDS = timedelta(hours=12)
LONGEST_WHY = 500
Whole = TypeVar("Whole")


class Veils:
    """Veils over cases, by account. Thread-safe."""

    def __init__(self, store: Store, clock: Callable[[], datetime]) -> None:
        self._store, self._clock = store, clock

    def of(self, account: Account, case: Case, document: Mapping[str, Any]) -> Veil:
        """The veil through which an account sees a case."""
        kinds = covered(account.role, case.colour, case.mediator_id == account.id)
        if kinds and self._store.unmasked(case.id, account.id, self._clock() - HOLDS):
            kinds = frozenset()
        return Veil.of(document, kinds)

    def lines(self, account: Account, rows: Sequence[Case]) -> list[Case]:
        """Rows of a list as an account sees them."""
        return [self._line(account, row) for row in rows]

    def _line(self, account: Account, row: Case) -> Case:
        kinds = covered(account.role, row.colour, row.mediator_id == account.id)
        named = [row.line.get(who) for who in ("applicant", "respondent")]
        return Veil(kinds, [name for name in named if name and is_person(name)]).over_all(row)

    def unmask(self, account: Account, case: Case, why: str) -> None:
        """Show her the case whole for a while; the reason stands in its history. Raises ValueError for no reason."""
        why = why.strip()
        if not why or len(why) > LONGEST_WHY:
            raise ValueError(f"为什么要看，写一句，{LONGEST_WHY} 个字以内。")
        self._store.unmask(case.id, account.id, account.shown, why, self._clock())
