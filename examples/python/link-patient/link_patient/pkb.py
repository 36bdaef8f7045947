"""What the app asks of PKB. Tokens never come by here: the SDK stores them, encrypted, and keeps them fresh."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Any, Literal, TypedDict, cast

import digime_sdk
from digime_sdk import CheckFinding, CurrentUser, KeepAliveResponse, Link, PkbConsent, RecordChange

from .configuration import Configuration
from .measurement import Entry
from .organisation_calls import OrganisationCalls


class Context(TypedDict):
    """What a link is asked for with, and completed with: the measurements to go on with."""

    kind: str


class Pkb:
    """The SDK with this app's client and store; people come back to the redirect URI, which is registered with PKB."""

    def __init__(self, configuration: Configuration, redirect_uri: str) -> None:
        organisation, password = configuration.organisation, configuration.one_time_password
        self._sdk = digime_sdk.init_pkb(
            client_id=configuration.client_id,
            redirect_uri=redirect_uri,
            environment=configuration.environment,
            store=configuration.store,
            encryption_key=configuration.encryption_key,
            system_client=organisation.system_client,
            customer_system_client=organisation.customer_system_client,
            endpoints={"one_time_password": password} if password else {},
        )
        self.organisation = OrganisationCalls(self._sdk, organisation)
        self.can_open_pages = password is not None

    async def begin_link(self, app_user_id: str, context: Context) -> str:
        """Give the address at PKB to send the person to."""
        return (await self._sdk.get_link_url(app_user_id=app_user_id, context=context))["url"]

    async def complete_link(
        self, app_user_id: str, callback_url: str, on_conflict: Literal["refuse", "replace"]
    ) -> Context:
        """Complete the link of who is logged in: nobody else may complete what they began."""
        link = await self._sdk.complete_link(
            callback_url=callback_url, app_user_id=app_user_id, on_conflict=on_conflict
        )
        return cast("Context", link.get("context"))

    async def find_problems(self) -> list[CheckFinding]:
        """Give what calls would fail of; PKB is not asked."""
        return (await self._sdk.check())["findings"]

    async def keep_alive(self, idle_for: int) -> KeepAliveResponse:
        """Refresh the links whose tokens were not refreshed for so many milliseconds."""
        return await self._sdk.keep_alive(idle_for=idle_for)

    async def close(self) -> None:
        """Wait until tokens that are on their way are stored."""
        await self._sdk.close()

    async def find_link(self, app_user_id: str) -> Link | None:
        """Give the link of a user, if there is one."""
        return await self._sdk.get_link(app_user_id=app_user_id)

    async def unlink(self, app_user_id: str) -> None:
        """End the link of a user."""
        await self._sdk.unlink(app_user_id=app_user_id)

    async def read_patient(self, app_user_id: str) -> CurrentUser:
        """Give who the person is."""
        return await self._sdk.get_current_user(app_user_id=app_user_id)

    async def read_vital_signs(self, app_user_id: str) -> list[dict[str, Any]]:
        """Give all Observations of vital signs, from however many pages."""
        patient = await self._sdk.get_public_id(app_user_id=app_user_id)
        pages = self._sdk.fhir_search(
            app_user_id=app_user_id,
            resource_type="Observation",
            parameters={"patient": patient, "category": "vital-signs"},
        )
        return [entry["resource"] async for page in pages for entry in page.get("entry", [])]

    async def add_measurement(self, app_user_id: str, entry: Entry) -> None:
        """Store a measurement in the person's record."""
        await self._sdk.add_measurement(app_user_id=app_user_id, measurement=entry)

    async def count_measurements(self, app_user_id: str) -> int:
        """Count the measurements, devices' among them, which only PKB's REST API tells."""
        return len(await self._sdk.get_measurements(app_user_id=app_user_id))

    async def read_consents(self, app_user_id: str) -> list[PkbConsent]:
        """Give who may see what of somebody's record."""
        return await self._sdk.get_consents(app_user_id=app_user_id)

    async def last_change(self, app_user_id: str) -> str | None:
        """Say when somebody's record last changed."""
        (change,) = await self._sdk.get_last_change(app_user_id=app_user_id)
        return change.get("last_change")

    def watch(self, every: int) -> AsyncIterator[RecordChange]:
        """Give the records that change; each is looked at again so many milliseconds after a look."""
        return self._sdk.watch(every=every)

    async def sign_in(self, app_user_id: str, path: str) -> str:
        """Give an address that opens a page of PKB's without logging in there, once.

        It goes to the browser, and nowhere else.
        """
        return (await self._sdk.get_sign_in_url(app_user_id=app_user_id, path=path))["url"]
