"""An application of Patients Know Best as type checkers see it: checked, not run."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any, Optional

import digime_sdk
from digime_sdk import LinkChange, LinkQuery, blocking

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

CONFIG: digime_sdk.PkbConfiguration = {"client_id": "id", "redirect_uri": "myapp://linked", "environment": "sandbox"}


class PlainStore:
    """A store as an application of plain code writes it."""

    rows: dict[tuple[str, str], dict[str, Any]]

    def get_link(self, query: LinkQuery) -> Optional[dict[str, Any]]:
        """Give what the database gives."""
        return self.rows.get((query["platform"], query["app_user_id"]))

    def find_links(self, query: digime_sdk.PublicIdQuery) -> list[dict[str, Any]]:
        """Look for a column."""
        return [row for row in self.rows.values() if row["public_id"] == query["public_id"]]

    def list_links(self, query: Mapping[str, Any]) -> Sequence[Mapping[str, object]]:
        """Give a page."""
        return list(self.rows.values())[: query["limit"]]

    def put_link(self, change: LinkChange) -> bool:
        """Compare, and swap."""
        link = change["link"]
        if link["lease"] is not None and link["lease_until"] is not None:
            print(link["lease"].upper(), link["lease_until"] + 1)
        return change["expected_version"] is None or change["expected_version"] + 1 == link["version"]

    def remove_link(self, removal: digime_sdk.LinkRemoval) -> bool:
        """Compare, and remove."""
        return removal["expected_version"] > 0

    def get_attempt(self, query: digime_sdk.AttemptQuery) -> Optional[digime_sdk.AttemptRecord]:
        """Give nothing."""
        print(query["id"])
        return None

    def put_attempt(self, change: digime_sdk.AttemptChange) -> bool:
        """Do as if."""
        return change["attempt"]["status"] == "pending"

    def remove_attempts(self, removal: digime_sdk.AttemptRemoval) -> int:
        """Say how many."""
        return removal["expired_before"]


class AsyncStore(PlainStore):
    """A store as an application of asyncio writes it, some of whose methods have nothing to wait for."""

    async def get_link(self, query: LinkQuery) -> Optional[dict[str, Any]]:  # type: ignore[override] # pyright: ignore
        """Give what the database gives, when it does."""
        return self.rows.get((query["platform"], query["app_user_id"]))


async def remember(changed: digime_sdk.TokensChanged) -> None:
    """Look at when the tokens expire."""
    print(changed["access_token_expires_at"] + 1)


async def read(callback_url: str) -> list[str]:
    """Link, and read."""
    pkb: digime_sdk.PkbSDK = digime_sdk.init_pkb(CONFIG)
    pkb = digime_sdk.init_pkb(
        client_id="id",
        redirect_uri="https://example.org/return",
        environment="production",
        store=AsyncStore(),
        encryption_key="key",
        on_tokens_changed=remember,
        on_link_expired=lambda link: print(link["public_id"]),
    )
    store: digime_sdk.LinkStore = PlainStore()
    pkb = digime_sdk.init_pkb({**CONFIG, "store": store})
    link = await pkb.complete_link(callback_url=callback_url, app_user_id="1", on_conflict="replace")
    person = await pkb.get_current_user(app_user_id="1")
    print(person.get("first_name"), [each["value"] for each in person["national_ids"]])
    found = await pkb.get_link(app_user_id="1")
    if found is not None:
        print(found["status"] == "expired")
    search = pkb.fhir_search(
        app_user_id="1",
        resource_type="Observation",
        parameters={"patient": link["public_id"], "category": ["vital-signs", "laboratory"]},
        timeouts={"total": 1000},
    )
    ids: list[str] = [entry["resource"]["id"] async for page in search for entry in page["entry"]]
    await search.aclose()
    token = await pkb.get_system_token()
    print(token["access_token"], token["expires_at"])
    await pkb.unlink(app_user_id="1")
    return ids


def read_plainly() -> None:
    """Read, and look at what fails."""
    pkb: blocking.PkbSDK = blocking.init_pkb(
        client_id="id", redirect_uri="myapp://linked", environment="sandbox", store=PlainStore(), encryption_key="key"
    )
    try:
        results: blocking.Results[Any] = pkb.fhir_search(org_public_id="id", resource_type="Patient")
        for page in results:
            print(page["total"])
        answer = pkb.request(app_user_id="1", path="/fhir/metadata")
        print(answer["status_code"] + 1, answer["body"]["resourceType"])
        with blocking.init_pkb(
            client_id="id", redirect_uri="a:b", environment="sandbox", store=Path("links.db")
        ) as filed:
            print(filed.get_public_id(app_user_id="1").upper())
        with pkb as same:
            print(same.close(timeout=1)["finished"] is True)
    except digime_sdk.FhirError as error:
        print(error.pkb_code, error.issues[0]["severity"], error.operation_outcome["resourceType"])
    except digime_sdk.LinkDeniedError as error:
        print(error.error.upper(), error.error_description)
    except digime_sdk.PkbError as error:
        print(error.status_code, error.user_access_token)


def mistakes() -> None:
    """Do what type checkers must refuse."""
    blocking.init_pkb(**CONFIG, store=AsyncStore())  # type: ignore[call-overload] # pyright: ignore
    blocking.init_pkb(client_id="id", redirect_uri="a:b", environment="moon")  # type: ignore[call-overload] # pyright: ignore
    pkb = blocking.init_pkb(client_id="id", redirect_uri="a:b", environment="sandbox")
    pkb.get_link(app_user_id="1")["public_id"]  # type: ignore[index] # pyright: ignore
    pkb.fhir_search(app_user_id="1", resource_type="Patient", on_page=print)  # type: ignore[call-arg] # pyright: ignore
    blocking.init_pkb({"client_id": "id", "redirect_uri": "a:b", "environment": "sandbox", "store": object()})  # type: ignore[call-overload] # pyright: ignore
