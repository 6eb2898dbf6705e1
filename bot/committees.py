"""Which mediation committee: the directory, kept in the database, and the committee named for a record.

Hides the directory's table and how a routing is written into a record. Called by the desk only; the rules of routing
are the intake's.
"""

from __future__ import annotations

import csv
import io
import threading
from collections.abc import Mapping
from typing import Any

from bot.case_acts import shown_body
from bot.intake.directory import COLUMNS, Body, Directory
from bot.intake.divisions import Divisions
from bot.intake.document import sides
from bot.intake.record import Record
from bot.intake.risk import grade
from bot.intake.routing import Case as Routed
from bot.intake.routing import RoutingPolicy, route
from bot.intake.taxonomy import Taxonomy
from bot.store import Store


class Committees:
    """Open with the store and the data that routing reads. Thread-safe."""

    def __init__(self, store: Store, taxonomy: Taxonomy, divisions: Divisions, policy: RoutingPolicy) -> None:
        self._store = store
        self._taxonomy = taxonomy
        self._divisions = divisions
        self._policy = policy
        self._directory: Directory | None = None
        self._lock = threading.Lock()

    def directory(self) -> Directory:
        """The directory, read from the database once."""
        with self._lock:
            if self._directory is None:
                table = io.StringIO()
                writer = csv.DictWriter(table, COLUMNS)
                writer.writeheader()
                writer.writerows(self._store.bodies())
                self._directory = self.read(table.getvalue(), skip_bad=True)
            return self._directory

    def read(self, text: str, skip_bad: bool = False) -> Directory:
        """A directory from CSV text. Raises DirectoryError with every wrong row, unless they are to be skipped."""
        return Directory.parse(text, self._divisions, self._taxonomy.subtypes, skip_bad)

    def replace(self, directory: Directory) -> int:
        """Replace the directory. Returns how many bodies stand in it now."""
        self._store.replace_bodies([_row(body) for body in directory])
        with self._lock:
            self._directory = None
        return len(directory)

    def propose(self, record: Record) -> None:
        """Name the committee for a record, with reasons, second choices and other doors (CONTRACT's rules)."""
        colour, _ = grade(record)
        case = Routed(
            type=record.type or "",
            subtype=record.subtype or "",
            place=_path(record.value("place")),
            home_place=_path(record.value("home_place")),
            people=_integer(record.value("people")),
            amount=_amount(record.value("amount")),
            colour=colour,
            signs=tuple(sorted(record.sign_kinds())),
        )
        directory = self.directory()
        found = route(case, directory, self._divisions, self._policy)
        order = [body for body in (found.primary, *found.alternatives) if body]
        if record.body_choice in order:
            order.remove(record.body_choice)
            order.insert(0, record.body_choice)
            primary: str | None = record.body_choice
        else:
            primary = found.primary
        record.committee = shown_body(directory[primary]) if primary else None
        record.routing = {
            "primary": primary,
            "alternatives": [shown_body(directory[body]) for body in order if body != primary],
            "doors": list(dict.fromkeys((*found.doors, *self._side_doors(record)))),
            "reasons": list(found.reasons),
            "ask": found.ask,
            "safety_first": found.safety_first,
        }

    def _side_doors(self, record: Record) -> list[str]:
        """The other doors of a side matter: it is written in this record, and keeps its own ways."""
        kept = sides(record, self._taxonomy)
        return [door for side in kept for door in self._policy.doors.get(side.type, ())]


def _path(place: Any) -> str:
    return str(place.get("path", "")) if isinstance(place, Mapping) else ""


def _integer(value: Any) -> int | None:
    return value if isinstance(value, int) else None


def _amount(value: Any) -> float | None:
    return float(value) if isinstance(value, (int, float)) else None


def _row(body: Body) -> dict[str, str]:
    return {column: getattr(body, column) for column in COLUMNS} | {"types": ";".join(body.types)}
