"""The way to digi.me's consent page and back, where the reading begins, and the end of a connection."""

from __future__ import annotations

from digime_sdk import ConnectDeniedError
from fastapi import APIRouter, FastAPI, Request
from starlette.responses import HTMLResponse, RedirectResponse

from .pages import page, see_other
from .services import SharedDigime, SharedReadings, SharedStore
from .session import CheckedForm, CurrentSession

_REASONS = {
    "USER_CANCEL": "You chose not to share. That is fine: nothing was read, and nothing has changed.",
    "INVALID_CODE": "The link to digi.me had expired. Connect again.",
}
"""What digi.me's error codes mean to a person."""

router = APIRouter()


@router.post("/connect")
async def connect(session: CurrentSession, _form: CheckedForm, digime: SharedDigime) -> RedirectResponse:
    """Send the person to digi.me."""
    return see_other(await digime.begin(session.user_id))


@router.get("/return")
async def come_back(
    request: Request, session: CurrentSession, store: SharedStore, digime: SharedDigime, readings: SharedReadings
) -> RedirectResponse:
    """Take the person back, connected."""
    session_key = await digime.come_back(session.user_id, str(request.url))
    await store.save_sources(session.id, await digime.find_sources(session.user_id))
    # digi.me began to fetch when the person agreed: the session of the authorisation is the one to read.
    await readings.begin(session, session_key)
    # So that the code is not left in the address bar.
    return see_other("/data")


@router.post("/disconnect")
async def disconnect(session: CurrentSession, _form: CheckedForm, digime: SharedDigime) -> RedirectResponse:
    """End what the person has connected."""
    await digime.disconnect(session.user_id)
    return see_other("/")


def show_denials(app: FastAPI) -> None:
    """Let the app answer those who did not agree: that is no failure."""
    app.exception_handler(ConnectDeniedError)(_show_denial)


async def _show_denial(_request: Request, error: ConnectDeniedError) -> HTMLResponse:
    code = error.error_code
    text = _REASONS.get(code or "", "digi.me could not connect you. Try again in a few minutes.")
    return page("message.html", title="Not connected", text=text, details={"Code of digi.me": code} if code else {})
