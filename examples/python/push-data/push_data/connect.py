"""The way to digi.me's consent page and back, and the end of a connection."""

from __future__ import annotations

from digime_sdk import ConnectDeniedError
from fastapi import APIRouter, FastAPI, Request
from starlette.responses import HTMLResponse, RedirectResponse

from .failures import PageError
from .pages import page, see_other
from .services import SharedDigime, SharedReadBack, SharedStore
from .session import CheckedForm, CurrentSession
from .store import Destination

_REASONS = {
    "USER_CANCEL": "You chose not to share. That is fine: nothing was sent, and nothing has changed.",
    "INVALID_CODE": "The link to digi.me had expired. Connect again.",
}
"""What digi.me's error codes mean to a person."""

_DESTINATIONS: dict[object, Destination] = {"library": "library", "provider": "provider"}

router = APIRouter()


@router.post("/connect")
async def connect(session: CurrentSession, form: CheckedForm, digime: SharedDigime) -> RedirectResponse:
    """Send the person to digi.me."""
    destination = _DESTINATIONS.get(form.get("destination"))
    if destination is None:
        raise PageError(400, "Connect to what?", "Choose the library or a care provider on the start page.")
    return see_other(await digime.begin(session.user_id, destination))


@router.get("/return")
async def come_back(
    request: Request, session: CurrentSession, store: SharedStore, digime: SharedDigime
) -> RedirectResponse:
    """Take the person back, connected."""
    destination, account = await digime.come_back(session.user_id, str(request.url))
    if account is None:
        raise PageError(502, "Not connected", "digi.me does not know the account that it named.")
    await store.save_account(session.id, destination, account)
    # So that the code is not left in the address bar.
    return see_other("/push")


@router.post("/disconnect")
async def disconnect(
    session: CurrentSession, _form: CheckedForm, digime: SharedDigime, read_back: SharedReadBack
) -> RedirectResponse:
    """End what the person has connected."""
    if read_back is not None:
        await read_back.disconnect(session.user_id)
    await digime.disconnect(session.user_id)
    return see_other("/")


def show_denials(app: FastAPI) -> None:
    """Let the app answer those who did not agree: that is no failure."""
    app.exception_handler(ConnectDeniedError)(_show_denial)


async def _show_denial(_request: Request, error: ConnectDeniedError) -> HTMLResponse:
    code = error.error_code
    text = _REASONS.get(code or "", "digi.me could not connect you. Try again in a few minutes.")
    return page("message.html", title="Not connected", text=text, details={"Code of digi.me": code} if code else {})
