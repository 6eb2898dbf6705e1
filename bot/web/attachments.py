"""The API of photos and papers: send, list, open, delete; all with the token of the talk.

Hides multipart, the size limit while it still streams, and the headers under which somebody else's file is sent out.
Mounted by `bot.web.app` beside the chat.
"""

from __future__ import annotations

from collections.abc import AsyncGenerator
from datetime import datetime
from urllib.parse import quote

from starlette.concurrency import run_in_threadpool
from starlette.datastructures import UploadFile
from starlette.formparsers import MultiPartException, MultiPartParser
from starlette.requests import ClientDisconnect, Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from bot.agent import Host
from bot.attachments import MOST, Attachment, Attachments
from bot.evidence_files import LARGEST, Unfit
from bot.store import Message, Talk
from bot.web.chat import talk_of
from bot.web.refusals import Refused

#: Bytes of one request: a file, its borders, its name and id.
LARGEST_REQUEST = LARGEST + 64 * 1024
STATUS = {"too_large": 413, "wrong_kind": 415, "full": 507, "unwritable": 503}
TOO_LARGE = "这个文件超过 10 MB 了。可以截个图再发，或者分成几个小的。"


class InMemory(MultiPartParser):  # type: ignore[misc]
    """Keeps the file in memory: a citizen's papers must not lie about in the system's temporary folder."""

    spool_max_size = LARGEST_REQUEST


class Evidence:
    """Handlers of the attachments of a talk, over a host whose desk has a folder."""

    def __init__(self, host: Host) -> None:
        self._host = host

    def routes(self) -> list[Route]:
        """The API's routes (OpenAPI: bot/web/openapi.py)."""
        base = "/api/conversations/current/attachments"
        return [
            Route(base, self.send, methods=["POST"]),
            Route(base, self.all, methods=["GET"]),
            Route(f"{base}/{{id}}", self.open, methods=["GET"]),
            Route(f"{base}/{{id}}", self.drop, methods=["DELETE"]),
        ]

    async def send(self, request: Request) -> Response:
        """One file as multipart field `file`, with an optional `id` so that sending twice is one file."""
        desk, talk = self._host.desk, talk_of(self._host, request)
        if not desk.consented(talk):
            raise Refused(409, "consent_first", "您点了“同意”以后，照片才能收。先点一下“同意，开始说”，再发一次。")
        content, title, client_id = await _file(request)
        kept_files = self._files
        known = kept_files.known(talk, client_id)
        if known is not None:
            return JSONResponse({"attachment": known.to_dict(), "duplicate": True})
        if len(kept_files.waiting(talk)) >= MOST:
            raise Refused(409, "too_many", f"一件事最多收 {MOST} 个文件。可以先删掉几个，或者剩下的带去给调解员看。")
        try:
            kept = await run_in_threadpool(kept_files.keep, content)
        except Unfit as error:
            raise Refused(STATUS.get(error.code, 422), error.code, str(error)) from error
        talk = talk_of(self._host, request)  # she may have deleted everything meanwhile
        attachment = desk.attach(talk, kept, title, client_id)
        if desk.asks_for_evidence(talk):
            await self._answered(talk)
        return JSONResponse({"attachment": attachment.to_dict(), "duplicate": False}, 201)

    async def _answered(self, talk: Talk) -> None:
        """A photo sent while she is asked what she has in hand is the answer; the page fetches what is said to it."""
        answer = {"title": "凭据发好了", "step": "evidence", "value": "sent"}
        reply = await self._host.hear(talk.key, answer["title"], choice=answer)
        turn = int(reply.state.get("turn", 0))
        said = [Message(0, "desk", datetime.now(), turn, text, show) for text, show in reply.bubbles]
        self._host.desk.keep_replies(talk.key, said)

    async def all(self, request: Request) -> Response:
        """Everything sent in this talk, oldest first, and the limits."""
        sent = [attachment.to_dict() for attachment in self._files.of(talk_of(self._host, request))]
        return JSONResponse({"attachments": sent, "most": MOST, "largest": LARGEST})

    async def open(self, request: Request) -> Response:
        """The bytes of one file; `size=small` the small picture of it."""
        attachment = self._one(talk_of(self._host, request), request.path_params["id"])
        small = request.query_params.get("size") == "small"
        content = await run_in_threadpool(self._files.content, attachment, small)
        if content is None:
            raise Refused(404, "gone", "这个文件已经不在了。")
        return sent_out(attachment, content, "image/jpeg" if small else attachment.media_type)

    async def drop(self, request: Request) -> Response:
        """Delete one file of hers."""
        if not self._files.drop(talk_of(self._host, request), request.path_params["id"]):
            raise Refused(404, "gone", "这个文件已经不在了。")
        return Response(status_code=204)

    @property
    def _files(self) -> Attachments:
        files = self._host.desk.attachments
        if files is None:
            raise Refused(503, "no_folder", "这里现在收不了照片，可以带去给调解员看。")
        return files

    def _one(self, talk: Talk, id_: str) -> Attachment:
        found = next((attachment for attachment in self._files.of(talk) if attachment.id == id_), None)
        if found is None:
            raise Refused(404, "gone", "这个文件已经不在了。")
        return found


def sent_out(attachment: Attachment, content: bytes, media_type: str) -> Response:
    """Somebody's file as an answer: never sniffed, never run, saved under her own name. Also for the mediators."""
    headers = {
        "Content-Disposition": f"attachment; filename*=UTF-8''{quote(attachment.title)}",
        "Content-Security-Policy": "default-src 'none'; sandbox",
        "Cross-Origin-Resource-Policy": "same-origin",
    }
    return Response(content, media_type=media_type, headers=headers)


async def _file(request: Request) -> tuple[bytes, str, str | None]:
    """Bytes, name and id of the one file of a request. Raises Refused."""
    if not request.headers.get("content-type", "").startswith("multipart/form-data"):
        raise Refused(400, "bad_upload", "没收到文件，请再选一次。")
    length = request.headers.get("content-length", "")
    if length.isdigit() and int(length) > LARGEST_REQUEST:
        raise Refused(413, "too_large", TOO_LARGE)
    try:
        form = await InMemory(request.headers, _limited(request), max_files=1, max_fields=4).parse()
    except ClientDisconnect as error:
        raise Refused(400, "broken_off", "传到一半断了，请再发一次。您说的话都在。") from error
    except (MultiPartException, ValueError, KeyError) as error:
        raise Refused(400, "bad_upload", "没收全，请再选一次，一次发一个。") from error
    try:
        sent, client_id = form.get("file"), form.get("id")
        if not isinstance(sent, UploadFile):
            raise Refused(400, "bad_upload", "没收到文件，可能传到一半断了，请再发一次。")
        if client_id is not None and not (isinstance(client_id, str) and 1 <= len(client_id) <= 64):
            raise Refused(422, "bad_id", "这个文件的编号不对，请再发一次。")
        return await sent.read(), sent.filename or "", client_id
    finally:
        await form.close()


async def _limited(request: Request) -> AsyncGenerator[bytes, None]:
    """The request's bytes, refused once they are too many: nobody's length header is believed."""
    received = 0
    async for chunk in request.stream():
        received += len(chunk)
        if received > LARGEST_REQUEST:
            raise Refused(413, "too_large", TOO_LARGE)
        yield chunk
