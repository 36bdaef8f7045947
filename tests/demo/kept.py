"""Who is connected in an app, as the SDK tells from its store, and whether a file has a token that can be read."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Iterator

from digime_sdk import Connection, ContractDetails, UserAccessToken, blocking

from .checks import expect, expect_equal
from .sandbox import Contract, Sandbox
from .settings import database_in, store_in
from .stage import App


class Kept:
    """What an app has in its folder."""

    def __init__(self, app: App, sandbox: Sandbox) -> None:
        self._data = app.data
        self._contracts = (sandbox.push, sandbox.read)
        self._sdk = blocking.init(
            application_id=sandbox.application_id,
            base_url=sandbox.base_url,
            store=str(store_in(app.data)),
            encryption_key=app.encryption_key,
        )

    def users(self) -> set[str]:
        """Give the ids of those who are connected."""
        return {connection["app_user_id"] for _, connection in self._connections()}

    def tokens(self) -> set[str]:
        """Give their tokens."""
        return {value for _, token in self._exported() for value in _values(token)}

    def spend(self) -> None:
        """Refresh all tokens behind the app's back, so that those that it has serve no more."""
        for contract, token in self._exported():
            given: ContractDetails = {"contract_id": contract.contract_id, "private_key": contract.private_key}
            self._sdk.refresh_token(contract_details=given, user_access_token=token)

    def age(self) -> None:
        """Let everybody have been here long ago."""
        database = sqlite3.connect(database_in(self._data))
        with database:
            database.execute("UPDATE session SET created_at = '2020-01-01 00:00:00'")
        database.close()

    def expect_unreadable(self, secrets: Iterable[str]) -> None:
        """Fail if a secret can be read in one of the files, or if these are not what they seem."""
        files = {path.name: path.read_bytes() for path in self._data.rglob("*") if path.is_file()}
        (user, *_) = self.users()
        expect(condition=any(user.encode() in content for content in files.values()), otherwise=f"only {[*files]}")
        leaks = {name for name, content in files.items() for secret in secrets if secret.encode() in content}
        expect_equal("files with a secret", leaks, set[str]())

    def _exported(self) -> Iterator[tuple[Contract, UserAccessToken]]:
        for contract, connection in self._connections():
            user, contract_id = connection["app_user_id"], contract.contract_id
            yield contract, self._sdk.export_connection(app_user_id=user, contract_id=contract_id)

    def _connections(self) -> Iterator[tuple[Contract, Connection]]:
        for contract in self._contracts:
            for connection in self._sdk.list_connections(contract_id=contract.contract_id):
                yield contract, connection


def _values(token: UserAccessToken) -> Iterator[str]:
    yield token["accessToken"]["value"]
    if "refreshToken" in token:
        yield token["refreshToken"]["value"]
