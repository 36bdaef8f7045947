"""The page of a person's record: who they are, their measurements as a chart, and a form to add one."""

from __future__ import annotations

import asyncio
from datetime import datetime, timezone

import digime_sdk
from fastapi import APIRouter
from starlette.responses import HTMLResponse, RedirectResponse

from .chart import chart_of, day_of
from .demographics import demographics_of
from .kinds import KINDS, kind_of
from .measurement import entry_of
from .observations import measurements_of
from .page_error import PageError
from .pages import page, see_other
from .services import SharedPkb
from .session import CheckedForm, CurrentSession, CurrentUser

router = APIRouter()


@router.get("/record")
async def show_record(session: CurrentSession, user: CurrentUser, pkb: SharedPkb, kind: str = "") -> HTMLResponse:
    """Show the record."""
    shown = kind_of(kind)
    # Both may find that the access token has expired: the SDK refreshes it once for the two.
    patient, observations = await asyncio.gather(pkb.read_patient(user.id), pkb.read_vital_signs(user.id))
    measurements = measurements_of(observations, shown)
    return page(
        "record.html",
        session,
        patient=patient,
        demographics=demographics_of(patient),
        kind=shown,
        kinds=KINDS,
        chart=chart_of(shown, measurements) if measurements else None,
        rows=[(day_of(each.taken_at), each.values) for each in measurements],
        today=day_of(datetime.now(timezone.utc)),
        can_open_pages=pkb.can_open_pages,
    )


@router.post("/measurements")
async def add_measurement(user: CurrentUser, form: CheckedForm, pkb: SharedPkb, kind: str = "") -> RedirectResponse:
    """Store what the person filled in."""
    measured = kind_of(kind)
    entry = entry_of(form, measured)
    try:
        await pkb.add_measurement(user.id, entry)
    except (digime_sdk.TimeoutError, digime_sdk.TransportError, digime_sdk.HTTPError) as error:
        text = "PKB gave no clear answer. Look at the chart before you send it again: it may be there already."
        raise PageError(504, "It is not certain that this was stored", text) from error
    return see_other(f"/record?kind={measured.api_ref}")
