"""What staff keep at hand: views of the queue for oneself, replies for everybody of one's committee.

Part of the desk, reached as `desk.shelf`; called by the console's pages. Replies belong to the committee (or, for
somebody who looks after an area, to that area), so that nobody sees another house's.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from urllib.parse import parse_qsl, urlencode

from bot.store import Store
from bot.store_shelf import Reply, View
from bot.store_staff import Account

MOST_VIEWS, MOST_REPLIES = 20, 60
LONGEST_NAME, LONGEST_REPLY, LONGEST_QUERY = 20, 500, 300
#: The filter that is never saved: what is searched for may be somebody's name.
WORDS = "q"


class NotKept(ValueError):
    """It was not kept; the message says why in plain Chinese."""


class Shelf:
    """Views and replies over a store. Thread-safe."""

    def __init__(self, store: Store, clock: Callable[[], datetime]) -> None:
        self._store, self._clock = store, clock

    def views(self, account: Account) -> list[View]:
        """Her saved views."""
        return self._store.views(account.id)

    def keep_view(self, account: Account, name: str, query: str, filters: Mapping[str, int]) -> None:
        """Save filters under a name; only `filters` (name → longest text) are kept. Raises NotKept."""
        name = name.strip()
        if not name or len(name) > LONGEST_NAME:
            raise NotKept(f"起个名字，{LONGEST_NAME} 个字以内。")
        chosen = {k: v[: filters[k]] for k, v in parse_qsl(query) if k in filters and k != WORDS and v}
        if not chosen:
            raise NotKept("还没有选条件。先在上面选好，再存（找的词不存，免得留下人名）。")
        kept = urlencode(chosen)
        if len(kept) > LONGEST_QUERY:
            raise NotKept("条件太长了，存不下。")
        if not self._store.keep_view(account.id, name, kept, MOST_VIEWS):
            raise NotKept(f"最多存 {MOST_VIEWS} 个，先删掉几个。")

    def drop_view(self, account: Account, id_: int) -> None:
        """Forget one of her views."""
        self._store.drop_view(account.id, id_)

    def replies(self, account: Account) -> list[Reply]:
        """Replies of her committee."""
        return self._store.replies(_owner(account))

    def keep_reply(self, account: Account, words: str) -> None:
        """Add a reply for everybody of her committee. Raises NotKept."""
        words = words.strip()
        if not words or len(words) > LONGEST_REPLY:
            raise NotKept(f"写一句常用的话，{LONGEST_REPLY} 个字以内。")
        if len(self.replies(account)) >= MOST_REPLIES:
            raise NotKept(f"最多存 {MOST_REPLIES} 句，先删掉几句。")
        self._store.keep_reply(_owner(account), words, account.shown, self._clock())

    def drop_reply(self, account: Account, id_: int) -> None:
        """Forget a reply of her committee."""
        self._store.drop_reply(_owner(account), id_)


def _owner(account: Account) -> str:
    return f"body:{account.body_id}" if account.body_id else f"area:{account.area or ''}"
