"""The page that compares what was pushed with what the library holds, and the button that leads there."""

from __future__ import annotations

from fastapi import APIRouter, Request
from starlette.responses import HTMLResponse, RedirectResponse, Response

from .failures import PageError
from .pages import attachment, page, see_other
from .read_back import ReadBack
from .services import SharedReadBack, SharedStore
from .session import CheckedForm, CurrentSession

RETURN_PATH = "/read-back/return"
"""Where people come back to from the consent to reading: a way back is completed with its own contract."""

router = APIRouter()


@router.post("/read-back")
async def read_back(session: CurrentSession, _form: CheckedForm, read_back: SharedReadBack) -> RedirectResponse:
    """Read back what was pushed."""
    return see_other(await _there(read_back).begin(session))


@router.get(RETURN_PATH)
async def come_back(request: Request, session: CurrentSession, read_back: SharedReadBack) -> RedirectResponse:
    """Take the person back, and read."""
    await _there(read_back).come_back(session, str(request.url))
    return see_other("/read-back")


@router.get("/read-back")
async def show_read_back(session: CurrentSession, store: SharedStore) -> HTMLResponse:
    """Show what was pushed to the library beside what came back."""
    return page("read_back.html", session=session, files=await store.list_read_back(session.id))


@router.get("/read-back/{sha256}")
async def save_read_back(sha256: str, session: CurrentSession, store: SharedStore) -> Response:
    """Let the browser save what came back."""
    content = await store.find_read_back(session.id, sha256)
    if content is None:
        raise PageError(404, "There is no such file", "Read it back first.")
    return attachment(content)


def _there(read_back: ReadBack | None) -> ReadBack:
    if read_back is None:
        raise PageError(404, "There is no such page", "This app has no contract to read with.")
    return read_back
