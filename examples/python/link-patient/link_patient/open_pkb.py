"""PKB's own page of a record, opened for whoever is logged in here."""

from __future__ import annotations

from fastapi import APIRouter
from starlette.responses import RedirectResponse

from .pages import see_other
from .services import SharedPkb
from .session import CheckedForm, CurrentUser

_SUMMARY = "/auth/patientSummary.action?tab=patientSummary"

router = APIRouter()


@router.post("/open-pkb")
async def open_pkb(user: CurrentUser, _form: CheckedForm, pkb: SharedPkb) -> RedirectResponse:
    """Send the person there."""
    # Made for each click anew: the address logs in, and serves once.
    return see_other(await pkb.sign_in(user.id, _SUMMARY))
