"""What the app asks of PKB on behalf of the organisation that runs it."""

from __future__ import annotations

from digime_sdk import Invitation, PatientIdentifier, PkbSDK, RecordStatus

from .configuration import Organisation
from .customer import DataAbout, transaction_of


class OrganisationCalls:
    """The SDK on behalf of this organisation. `team` is how PKB refers to its team."""

    def __init__(self, sdk: PkbSDK, organisation: Organisation) -> None:
        self._sdk = sdk
        self._public_id = organisation.public_id
        self._code = organisation.code
        self.team = f"Organization/{organisation.public_id}"

    async def find_record(self, identifier: PatientIdentifier) -> RecordStatus:
        """Say whether somebody has a record that they can log in to."""
        (status,) = await self._sdk.get_record_status(org_public_id=self._public_id, identifiers=[identifier])
        return status

    async def invite(self, identifier: PatientIdentifier) -> Invitation | None:
        """Have PKB make an invitation; give none, if it makes none for this patient."""
        invited = await self._sdk.invite_to_record(org_public_id=self._public_id, identifiers=[identifier])
        return next(iter(invited["invitations"]), None)

    async def join(self, app_user_id: str) -> None:
        """Put somebody who has linked into the organisation, as PKB knows them. It may be done again."""
        await self._sdk.join_organisation(org_public_id=self._public_id, app_user_id=app_user_id)

    async def count_aggregated(self, app_user_id: str, resource_type: str) -> int:
        """Count the resources of a type that the organisation sees of somebody, from all sources."""
        found = self._sdk.fhir_search_resources(
            surface="aggregated", app_user_id=app_user_id, resource_type=resource_type
        )
        return len([each async for each in found if each["search_mode"] == "match"])

    async def send(self, app_user_id: str, data_about: DataAbout) -> None:
        """Send data about somebody. It may be done again."""
        public_id = await self._sdk.get_public_id(app_user_id=app_user_id)
        await self._sdk.fhir_transaction(bundle=transaction_of(self._code, public_id, data_about))
