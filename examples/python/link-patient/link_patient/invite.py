"""The way to a record for those who have none: whether PKB knows them, and the invitation to register."""

from __future__ import annotations

from fastapi import APIRouter
from starlette.responses import HTMLResponse

from .page_error import PageError
from .pages import page
from .services import SharedPkb
from .session import CheckedForm, CurrentSession, CurrentUser
from .users import national_id_of

router = APIRouter()


@router.post("/invite")
async def invite(session: CurrentSession, user: CurrentUser, _form: CheckedForm, pkb: SharedPkb) -> HTMLResponse:
    """Invite the person who is logged in."""
    national_id = national_id_of(user)
    if national_id is None:
        text = "PKB invites by an NHS, CHI or Health & Care number."
        raise PageError(409, "You cannot be invited here", text)
    status = await pkb.organisation.find_record(national_id)
    if status.get("registered"):
        raise PageError(409, "You have a record", "Connect it from the start page: PKB asks you to log in there.")
    invitation = await pkb.organisation.invite(national_id) if status["found"] == "found" else None
    if invitation is None:
        text = "Ask your care team, who can have PKB make a record."
        raise PageError(409, "You cannot be invited here", text)
    # Whoever has the address opens the record: it is on this one page, and neither kept nor logged.
    until = invitation.get("expires_at", "")[:10]
    return page("invitation.html", session, join_url=invitation["join_url"], until=until)
