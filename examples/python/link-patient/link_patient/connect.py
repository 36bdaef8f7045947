"""The way to PKB and back, what to do if a link is in the way, and the end of a link."""

from __future__ import annotations

from dataclasses import replace

from digime_sdk import LinkConflictError
from fastapi import APIRouter, Request
from starlette.responses import HTMLResponse, RedirectResponse

from .kinds import kind_of
from .page_error import PageError
from .pages import page, see_other
from .pkb import Context
from .services import SharedExtracts, SharedPkb
from .session import CheckedForm, Conflict, CurrentSession, CurrentUser, Session, save

router = APIRouter()


@router.post("/connect")
async def connect(user: CurrentUser, form: CheckedForm, pkb: SharedPkb) -> RedirectResponse:
    """Send the person to PKB."""
    context: Context = {"kind": kind_of(form.get("kind")).api_ref}
    return see_other(await pkb.begin_link(user.id, context))


@router.get("/return")
async def come_back(request: Request, session: CurrentSession, user: CurrentUser, pkb: SharedPkb) -> RedirectResponse:
    """Take the person back, and complete the link."""
    callback = str(request.url)
    try:
        context = await pkb.complete_link(user.id, callback, "refuse")
    except LinkConflictError as error:
        save(request, replace(session, conflict=Conflict(error.conflict, callback)))
        return see_other("/conflict")
    # So that the code is not left in the address bar.
    return see_other(_record_of(context))


@router.get("/conflict")
async def show_conflict(session: CurrentSession) -> HTMLResponse:
    """Ask what to do about the link that is in the way."""
    return page("conflict.html", session, conflict=_conflict_of(session))


@router.post("/replace")
async def replace_link(
    request: Request, session: CurrentSession, user: CurrentUser, _form: CheckedForm, pkb: SharedPkb
) -> RedirectResponse:
    """Complete the link in place of the one that is in the way."""
    context = await pkb.complete_link(user.id, _conflict_of(session).callback, "replace")
    save(request, replace(session, conflict=None))
    return see_other(_record_of(context))


@router.post("/unlink")
async def unlink(user: CurrentUser, _form: CheckedForm, pkb: SharedPkb, extracts: SharedExtracts) -> RedirectResponse:
    """End the link."""
    link = await pkb.find_link(user.id)
    await pkb.unlink(user.id)
    if link:
        extracts.forget(link["public_id"])
    return see_other("/")


def _record_of(context: Context) -> str:
    return f"/record?kind={context['kind']}"


def _conflict_of(session: Session) -> Conflict:
    if session.conflict is None:
        raise PageError(409, "There is nothing to decide", "Connect your record from the start page.")
    return session.conflict
