"""Whether the app can act for the people who have connected: for probes of readiness."""

from __future__ import annotations

import logging

from digime_sdk import DigiMeSDK
from fastapi import FastAPI
from starlette.responses import JSONResponse

_LOG = logging.getLogger(__name__)


def tell_readiness(app: FastAPI, sdk: DigiMeSDK, contract_id: str) -> None:
    """Let probes ask at `/ready`."""

    async def ready() -> JSONResponse:
        findings = (await sdk.check(contract_id=contract_id))["findings"]
        for finding in findings:
            # What is wrong is for those who run the app.
            _LOG.error("not ready: %s: %s", finding["setting"], finding["message"])
        return JSONResponse({"ready": not findings}, 503 if findings else 200)

    app.get("/ready")(ready)
