"""The page of a person's care team: what it may see, joining it, and telling it something."""

from __future__ import annotations

import asyncio
from datetime import datetime, timezone
from uuid import uuid4

from fastapi import APIRouter
from starlette.responses import HTMLResponse, RedirectResponse

from .consents import visible_to
from .pages import page, see_other
from .pain import pain_of
from .services import SharedExtracts, SharedPkb
from .session import CheckedForm, CurrentSession, CurrentUser

router = APIRouter()


@router.get("/team")
async def show_team(
    session: CurrentSession, user: CurrentUser, pkb: SharedPkb, extracts: SharedExtracts
) -> HTMLResponse:
    """Show the team."""
    consents, last_change, link = await asyncio.gather(
        pkb.read_consents(user.id), pkb.last_change(user.id), pkb.find_link(user.id)
    )
    extract = extracts.find(link["public_id"]) if link else None
    return page(
        "team.html",
        session,
        visible=visible_to(consents, pkb.organisation.team),
        extract=extract,
        is_current=extract is not None and extract["last_change"] == last_change,
        new_id=uuid4(),
    )


@router.post("/join")
async def join(user: CurrentUser, _form: CheckedForm, pkb: SharedPkb) -> RedirectResponse:
    """Put the person into the organisation."""
    await pkb.organisation.join(user.id)
    return see_other("/team")


@router.post("/pain")
async def tell_pain(user: CurrentUser, form: CheckedForm, pkb: SharedPkb) -> RedirectResponse:
    """Send what the person filled in."""
    await pkb.organisation.send(user.id, pain_of(form, datetime.now(timezone.utc)))
    return see_other("/team")
