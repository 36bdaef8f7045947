"""The pages that show how far a reading is, and what was read."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from fastapi import APIRouter
from starlette.responses import HTMLResponse, JSONResponse, RedirectResponse, Response

from .failures import PageError, show
from .file_view import file_name_of, pretty, title_of, view_of
from .pages import attachment, json, page, see_other
from .services import SharedDigime, SharedReadings, SharedStore
from .session import CheckedForm, CurrentSession
from .store import File, Reading, Store

_STATES = {
    "pending": "digi.me is getting ready.",
    "running": "digi.me is fetching from your source.",
    "completed": "Everything is there; the last files are on their way.",
    "partial": "The last files are on their way.",
}
"""What a session's state means to a person."""

router = APIRouter()


@router.post("/read")
async def read(
    session: CurrentSession, _form: CheckedForm, digime: SharedDigime, readings: SharedReadings
) -> RedirectResponse:
    """Read once more."""
    if not session.sources:
        raise PageError(409, "Not connected yet", "Connect a source before you read.")
    await readings.begin(session, await digime.open_session(session.user_id))
    return see_other("/data")


@router.get("/data")
async def show_data(session: CurrentSession, store: SharedStore) -> HTMLResponse:
    """Show what was read, or how far it is."""
    reading = await store.find_reading(session.id)
    if reading is None:
        text = "Connect a source from the start page."
        return page("message.html", title="Nothing was read yet", text=text, details={})
    if not reading.ended:
        return page("reading.html", progress=_progress_of(reading))
    if reading.failure is not None:
        return show(reading.failure)
    files = [(title_of(file.name, file.metadata), file) for file in await store.list_files(reading.id)]
    return page("files.html", session=session, problems=_problems_of(reading), files=files)


@router.get("/progress")
async def tell_progress(session: CurrentSession, store: SharedStore) -> JSONResponse:
    """Tell the script of the page how far it is."""
    reading = await store.find_reading(session.id)
    return json({"ended": True} if reading is None or reading.ended else _progress_of(reading))


@router.get("/files/{file_id:int}")
async def show_file(file_id: int, session: CurrentSession, store: SharedStore) -> HTMLResponse:
    """Show a file."""
    file = await _file_of(store, session.id, file_id)
    title, view = title_of(file.name, file.metadata), view_of(file)
    return page("file.html", file=file, title=title, metadata=pretty(file.metadata), view=view)


@router.get("/files/{file_id:int}/content")
async def save_file(file_id: int, session: CurrentSession, store: SharedStore) -> Response:
    """Let the browser save a file."""
    file = await _file_of(store, session.id, file_id)
    return attachment(file_name_of(file.name, file.metadata), _media_type_of(file.metadata), file.content)


async def _file_of(store: Store, session_id: str, file_id: int) -> File:
    file = await store.find_file(session_id, file_id)
    if file is None:
        raise PageError(404, "There is no such file", "It may have been read anew. Look at the list again.")
    return file


def _progress_of(reading: Reading) -> dict[str, Any]:
    text = _STATES.get(reading.status.get("state", ""), "digi.me is asked for your files.")
    if reading.files_known > 0:
        text += f" {reading.files_done} of {reading.files_known} files so far, {reading.bytes:,} bytes."
    return {"ended": False, "filesDone": reading.files_done, "filesKnown": reading.files_known, "text": text}


def _problems_of(reading: Reading) -> list[str]:
    """Give what digi.me says of the sources that it could not fetch from."""
    details: Mapping[str, Any] = reading.status.get("details") or {}
    return [account["error"]["message"] for account in details.values() if account.get("error")]


def _media_type_of(metadata: Mapping[str, Any]) -> str:
    """Give what an application that pushed said it is; what digi.me has mapped is JSON."""
    media_type = str(metadata.get("mimetype", "application/json"))
    return media_type if re.fullmatch(r"[\w.+-]+/[\w.+-]+", media_type, re.ASCII) else "application/octet-stream"
