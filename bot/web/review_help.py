"""The guide inside the console as a page, with its pictures: `docs/mediators.md`, for trainers `docs/training.md`.

Hides Markdown. One text for both readers: who opens the file, and who taps 帮助. Called by `review`.
"""

from __future__ import annotations

import re
from functools import lru_cache

from markdown_it import MarkdownIt
from markupsafe import Markup
from starlette.responses import FileResponse, Response

from bot.settings import ROOT
from bot.web.review_visit import NotHere, Page, Visit

HERE = "/review/help"
DOCS = ROOT / "docs"
GUIDE, TRAINERS = DOCS / "mediators.md", DOCS / "training.md"
#: Pictures of the guide; nothing else of the folder is served.
PICTURE = re.compile(r"(?:mediators|training)-[a-z-]+\.png")


@lru_cache(maxsize=2)
def _drawn(text: str) -> Markup:
    drawn = MarkdownIt("js-default", {"html": False}).render(text)
    # Pictures stand beside the file; in the console they have an address of their own.
    return Markup(re.sub(r'src="((?:mediators|training)-[a-z-]+\.png)"', rf'src="{HERE}/\1" loading="lazy"', drawn))


def guide(visit: Visit) -> Response:
    """The guide, its own file rendered: no reader's words are in it."""
    path = TRAINERS if visit.account.role == "trainer" else GUIDE
    return visit.show("help.html", guide=_drawn(path.read_text(encoding="utf-8")))


def picture(visit: Visit) -> Response:
    """A picture of the guide."""
    name = visit.path("picture")
    if not PICTURE.fullmatch(name) or not (DOCS / name).is_file():
        raise NotHere
    return FileResponse(DOCS / name, media_type="image/png")


PAGES = (
    Page(HERE, "GET", "help", "see", guide),
    Page(HERE + "/{picture}", "GET", "help", "see", picture, by_hand=False),
)
