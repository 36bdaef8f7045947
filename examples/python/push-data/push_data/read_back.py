"""Whether what was pushed to the library comes out of it as it went in."""

from __future__ import annotations

import hashlib
import secrets

from .digime import Digime
from .failures import PageError
from .library import Library
from .store import Attempt, Store


class ReadBack:
    """Asks the person, reads, and compares."""

    def __init__(self, digime: Digime, library: Library, store: Store) -> None:
        self._digime = digime
        self._library = library
        self._store = store

    async def begin(self, session_id: str) -> str:
        """Read at once if the person has agreed to it before; say where to send them."""
        session_key = await self._library.open_session(session_id)
        if session_key is not None:
            await self._read(session_id, session_key)
            return "/read-back"
        token = await self._digime.current_token(session_id)
        if token is None:
            raise PageError(409, "Not connected yet", "Connect your library from the start page.")
        state = secrets.token_urlsafe(32)
        authorization = await self._library.authorize(state, token)
        attempt = Attempt(state, authorization["code_verifier"], "library", authorization["session"]["key"])
        await self._store.begin_attempt(session_id, attempt)
        return authorization["url"]

    async def come_back(self, session_id: str, code_verifier: str, code: str, session_key: str) -> None:
        """Read what the person has just agreed to."""
        await self._library.exchange_code(session_id, code_verifier, code)
        await self._read(session_id, session_key)

    async def _read(self, session_id: str, session_key: str) -> None:
        pushed = {push["sha256"] for push in await self._store.list_pushes(session_id)}
        await self._store.forget_read_back(session_id)
        async for event in await self._library.read_files(session_id, session_key):
            if event["type"] == "file_data":
                file = event["data"]
                sha256 = hashlib.sha256(file["file_data"]).hexdigest()
                # What else the library holds is none of this app's business.
                if sha256 in pushed:
                    await self._store.save_read_back(session_id, sha256, file["file_metadata"], file["file_data"])
            elif event["type"] == "file_error":
                raise event["data"]["error"]
