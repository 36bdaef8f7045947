"""The worker beside the app: what of a record has changed is extracted, from each API of PKB's that has some of it."""

from __future__ import annotations

import asyncio
import os
import signal
import sys
from datetime import datetime, timezone

from digime_sdk import DigiMeSDKError

from .configuration import RETURN_PATH, read_configuration
from .extracts import Extracts, Part
from .pkb import Pkb

_AGGREGATED = ("Appointment", "Condition", "MedicationStatement", "Observation")


async def work() -> None:
    """Work until told to stop."""
    configuration = read_configuration(os.environ)
    pkb = Pkb(configuration, configuration.redirect_uri or f"http://127.0.0.1{RETURN_PATH}")
    extracts = Extracts(configuration.extracts)
    print("watching", flush=True)  # noqa: T201 - whoever has started it waits for that
    try:
        # What fails here ends the worker, and is given to the next again: let it be started again.
        async for change in pkb.watch(configuration.watch_every):
            extracts.keep(
                change["public_id"],
                {
                    "last_change": change.get("last_change"),
                    "extracted_at": datetime.now(timezone.utc).isoformat(timespec="seconds"),
                    "parts": await _extract(pkb, change["app_user_id"]),
                },
            )
    finally:
        await pkb.close()


async def _extract(pkb: Pkb, app_user_id: str) -> list[Part]:
    # What a person has typed in, or a device has measured, the REST API alone tells, and to nobody but them.
    measurements = await pkb.count_measurements(app_user_id)
    parts: list[Part] = [{"surface": "REST", "name": "Measurements", "count": measurements}]
    for name in _AGGREGATED:
        count = await pkb.organisation.count_aggregated(app_user_id, name)
        parts.append({"surface": "Aggregated", "name": name, "count": count})
    return parts


if __name__ == "__main__":
    # As Ctrl-C does it, what is under way is finished.
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    try:
        asyncio.run(work())
    except KeyboardInterrupt:
        pass
    except (ValueError, DigiMeSDKError) as error:
        sys.exit(f"link-patient: {error}")
