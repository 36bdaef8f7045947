"""The patient of a round: linking them, again where the link is lost, and how the link stands in the store."""

from __future__ import annotations

import asyncio
import base64
import secrets

import digime_sdk
from digime_sdk import Link, PkbConfiguration

from .sandbox import Sandbox
from .stores import Store

APP_USER_ID = "user-1"


class LinkedPatient:
    """A patient, and the SDK as an application uses it beside the workers."""

    def __init__(self, sandbox: Sandbox, store: Store, lease_ms: int) -> None:
        self._patient = sandbox.patient
        self.configuration: PkbConfiguration = {
            "client_id": sandbox.client_id,
            "redirect_uri": sandbox.redirect_uri,
            "environment": "sandbox",
            "encryption_key": base64.b64encode(secrets.token_bytes(32)).decode(),
            "endpoints": {"base_url": sandbox.base_url},
            "refresh_lease": lease_ms,
            # A call that is repeated in silence would hide that it failed.
            "retry_options": {"limit": 0},
        }
        store.configure(self.configuration)
        self._pkb = digime_sdk.init_pkb(self.configuration)

    async def link(self) -> None:
        """Link them, whatever link there was."""
        sent = await self._pkb.get_link_url(app_user_id=APP_USER_ID)
        callback = await asyncio.to_thread(self._patient.approve, sent["url"])
        await self._pkb.complete_link(callback_url=callback, app_user_id=APP_USER_ID)

    async def stored(self) -> Link:
        """Give the link as it is stored."""
        link = await self._pkb.get_link(app_user_id=APP_USER_ID)
        if link is None:
            message = "the store has lost the record of the link"
            raise LookupError(message)
        return link
