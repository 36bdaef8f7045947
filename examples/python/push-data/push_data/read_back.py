"""Whether what was pushed to the library comes out of it as it went in."""

from __future__ import annotations

import hashlib

from .digime import Digime
from .failures import PageError
from .library import Library
from .store import Session, Store


class ReadBack:
    """Asks the person, reads, and compares."""

    def __init__(self, digime: Digime, library: Library, store: Store) -> None:
        self._digime = digime
        self._library = library
        self._store = store

    async def begin(self, session: Session) -> str:
        """Read at once if the person has agreed to it before; say where to send them."""
        session_key = await self._library.open_session(session.user_id)
        if session_key is not None:
            await self._read(session, session_key)
            return "/read-back"
        if not await self._digime.is_connected(session.user_id):
            raise PageError(409, "Not connected yet", "Connect your library from the start page.")
        return await self._library.begin(session.user_id)

    async def come_back(self, session: Session, callback_url: str) -> None:
        """Read what the person has just agreed to."""
        await self._read(session, await self._library.come_back(session.user_id, callback_url))

    async def disconnect(self, app_user_id: str) -> None:
        """End the connection."""
        await self._library.disconnect(app_user_id)

    async def _read(self, session: Session, session_key: str) -> None:
        pushed = {push["sha256"] for push in await self._store.list_pushes(session.id)}
        await self._store.forget_read_back(session.id)
        async for event in self._library.read_files(session.user_id, session_key):
            if event["type"] == "file_data":
                file = event["data"]
                sha256 = hashlib.sha256(file["file_data"]).hexdigest()
                # What else the library holds is none of this app's business.
                if sha256 in pushed:
                    await self._store.save_read_back(session.id, sha256, file["file_metadata"], file["file_data"])
            elif event["type"] == "file_error":
                raise event["data"]["error"]
