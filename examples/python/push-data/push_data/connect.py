"""The way to digi.me's consent page and back."""

from __future__ import annotations

import secrets

from fastapi import APIRouter, Request
from starlette.responses import HTMLResponse, RedirectResponse, Response

from .failures import PageError
from .pages import page, see_other
from .services import SharedDigime, SharedReadBack, SharedStore
from .session import CheckedForm, CurrentSession, is_equal
from .store import Attempt, Destination, Store

_REASONS = {
    "USER_CANCEL": "You chose not to share. That is fine: nothing was sent, and nothing has changed.",
    "INVALID_CODE": "The link to digi.me had expired. Connect again.",
}
"""What digi.me's error codes mean to a person."""

_DESTINATIONS: dict[object, Destination] = {"library": "library", "provider": "provider"}

router = APIRouter()


@router.post("/connect")
async def connect(
    session: CurrentSession, form: CheckedForm, store: SharedStore, digime: SharedDigime
) -> RedirectResponse:
    """Send the person to digi.me."""
    destination = _DESTINATIONS.get(form.get("destination"))
    if destination is None:
        raise PageError(400, "Connect to what?", "Choose the library or a care provider on the start page.")
    state = secrets.token_urlsafe(32)
    authorization = await digime.authorize(session.id, destination, state)
    await store.begin_attempt(session.id, Attempt(state, authorization["code_verifier"], destination))
    return see_other(authorization["url"])


@router.get("/return")
async def come_back(
    request: Request, session: CurrentSession, store: SharedStore, digime: SharedDigime, read_back: SharedReadBack
) -> Response:
    """Take the person back, connected or not."""
    query = request.query_params
    if query.get("success") != "true":
        return _not_connected(query.get("errorCode"))
    attempt = await _take_attempt(store, session.id, query.get("state"))
    code = query.get("code")
    if not code:
        raise PageError(400, "Not connected", "digi.me sent no code.")
    if read_back is not None and attempt.session_key is not None:
        await read_back.come_back(session.id, attempt.code_verifier, code, attempt.session_key)
        return see_other("/read-back")
    await digime.exchange_code(session.id, attempt.code_verifier, code)
    account = await digime.find_account(session.id, query.get("accountReference", ""))
    if account is None:
        raise PageError(502, "Not connected", "digi.me does not know the account that it named.")
    await store.save_account(session.id, attempt.destination, account)
    # So that the code is neither in the address bar nor used again on reload.
    return see_other("/push")


async def _take_attempt(store: Store, session_id: str, state: str | None) -> Attempt:
    """Give the authorisation that this browser began, if the state proves that it comes back. It serves once."""
    attempt = await store.find_attempt(session_id)
    if attempt is None or not is_equal(attempt.state, state):
        text = "It was not begun in this browser, or has been used already. Connect again from the start page."
        raise PageError(400, "This way back is not known", text)
    await store.end_attempt(session_id)
    return attempt


def _not_connected(error_code: str | None) -> HTMLResponse:
    text = _REASONS.get(error_code or "", "digi.me could not connect you. Try again in a few minutes.")
    details = {"Code of digi.me": error_code} if error_code else {}
    return page("message.html", title="Not connected", text=text, details=details)
