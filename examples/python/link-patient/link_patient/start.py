"""The start page: logging in and out, and how the link of who is logged in stands."""

from __future__ import annotations

from datetime import datetime, timezone

from fastapi import APIRouter, Request
from starlette.responses import HTMLResponse, RedirectResponse

from .page_error import PageError
from .pages import page, see_other
from .services import SharedPkb
from .session import CheckedForm, CurrentSession, fresh_session, save
from .users import USERS, national_id_of

router = APIRouter()


@router.get("/")
async def show_start(session: CurrentSession, pkb: SharedPkb) -> HTMLResponse:
    """Show the start page."""
    if session.user is None:
        return page("log_in.html", session, users=USERS)
    link = await pkb.find_link(session.user.id)
    since = link and datetime.fromtimestamp(link["linked_at"] / 1000, timezone.utc).date()
    can_be_invited = national_id_of(session.user) is not None
    return page("start.html", session, kind="", link=link, since=since, can_be_invited=can_be_invited)


@router.post("/log-in")
async def log_in(request: Request, form: CheckedForm) -> RedirectResponse:
    """Log in."""
    user = next((user for user in USERS if user.id == form.get("user")), None)
    if user is None:
        raise PageError(422, "Log in as whom?", "Choose one of the users on the start page.")
    save(request, fresh_session(user))
    return see_other("/")


@router.post("/log-out")
async def log_out(request: Request, _form: CheckedForm) -> RedirectResponse:
    """Log out."""
    save(request, fresh_session())
    return see_other("/")
