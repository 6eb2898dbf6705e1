"""The newcomer: the model that is trained and not yet live, heard beside the live one by those who teach.

Hides when it is loaded: only when somebody asks for it (some seconds, some hundred megabytes), once for each model, and
it is let go as soon as another waits or none does. Called by the teaching page.
"""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Coroutine, Mapping
from pathlib import Path
from typing import Any

#: A model's answer to a text: `understood` of the classifier (act, faq, types, signs).
Understand = Callable[[str], Coroutine[Any, Any, Mapping[str, Any]]]
log = logging.getLogger("fenzhen")


class Newcomer:
    """`find` gives the file of the model that waits, if one does; `load` its ear. Thread-safe."""

    def __init__(self, find: Callable[[], Path | None], load: Callable[[Path], Understand] | None) -> None:
        self._find, self._load = find, load
        self._lock = threading.Lock()
        self._held: tuple[Path | None, Understand | None] = (None, None)

    def waits(self) -> bool:
        """Whether there is a model that could be heard."""
        model = self._find() if self._load else None
        if model is None:
            self._held = None, None
        return model is not None

    def ear(self) -> Understand | None:
        """Its ear, loaded now if it is not yet; None when there is none, or it cannot be opened."""
        with self._lock:
            model = self._find()
            if model is None or self._load is None:
                self._held = None, None
            elif model != self._held[0]:
                self._held = model, None  # the one before is let go first
                try:
                    self._held = model, self._load(model)
                except RuntimeError as error:
                    log.warning("newcomer: %s", type(error).__name__)
            return self._held[1]
