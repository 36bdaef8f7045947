"""Whether the app can act for the people who have connected: for probes of readiness."""

from __future__ import annotations

import logging

from fastapi import APIRouter
from starlette.responses import JSONResponse

from .services import SharedPkb

_LOG = logging.getLogger(__name__)

router = APIRouter()


@router.get("/ready")
async def tell_readiness(pkb: SharedPkb) -> JSONResponse:
    """Answer a probe."""
    problems = await pkb.find_problems()
    for problem in problems:
        # What is wrong is for those who run the app.
        _LOG.error("not ready: %s: %s", problem["setting"], problem["message"])
    return JSONResponse({"ready": not problems}, 503 if problems else 200)
