"""The readings that are under way, one for a browser at most; they go on while nobody looks."""

from __future__ import annotations

import asyncio
import logging

from digime_sdk import DigiMeSDKError, ReadingForAppUserEvent

from .digime import Digime
from .failures import message_of
from .store import NewFile, Session, Store

_LOG = logging.getLogger(__name__)

_SIGN_OF_LIFE_SECONDS = 20
"""Much less than after how much time without a sign of life a reading counts for broken off."""


class Readings:
    """Reads in the background, and keeps what comes."""

    def __init__(self, digime: Digime, store: Store) -> None:
        self._digime = digime
        self._store = store
        # By the session of the browser. The event loop itself does not keep its tasks.
        self._under_way: dict[str, asyncio.Task[None]] = {}

    async def begin(self, session: Session, session_key: str) -> None:
        """Read in place of what was read before. A way back that is loaded twice begins nothing twice."""
        known = await self._store.find_reading(session.id)
        if known is not None and known.session_key == session_key:
            return
        former = self._under_way.get(session.id)
        if former is not None:
            former.cancel()
        reading_id = await self._store.begin_reading(session.id, session_key)
        task = asyncio.create_task(self._read(session.user_id, session_key, reading_id))
        self._under_way[session.id] = task
        task.add_done_callback(lambda ended: self._forget(session.id, ended))

    async def _read(self, app_user_id: str, session_key: str, reading_id: int) -> None:
        signs = asyncio.create_task(self._give_signs_of_life(reading_id))
        try:
            reading = self._digime.read_files(app_user_id, session_key)
            async for event in reading:
                await self._keep(reading_id, event)
            await self._store.end_reading(reading_id, status=reading.response["status"])
        except Exception as error:  # noqa: BLE001 - whatever it is, the page tells
            if not isinstance(error, DigiMeSDKError):
                _LOG.exception("a reading broke off")
            await self._store.end_reading(reading_id, failure=message_of(error))
        finally:
            signs.cancel()

    async def _give_signs_of_life(self, reading_id: int) -> None:
        while True:
            await asyncio.sleep(_SIGN_OF_LIFE_SECONDS)
            await self._store.touch_reading(reading_id)

    async def _keep(self, reading_id: int, event: ReadingForAppUserEvent) -> None:
        if event["type"] == "file_data":
            read = event["data"]
            file = NewFile(read["file_name"], read["file_metadata"], read.get("last_modified"), read["file_data"])
            await self._store.save_file(reading_id, file)
        elif event["type"] == "file_error":
            failed = event["data"]
            await self._store.save_file(reading_id, NewFile(failed["file_name"], problem=str(failed["error"])))
        elif event["type"] == "status_change":
            await self._store.save_state(reading_id, event["data"])
        elif event["type"] == "progress":
            await self._store.save_progress(reading_id, event["data"])

    def _forget(self, session_id: str, ended: asyncio.Task[None]) -> None:
        if self._under_way.get(session_id) is ended:
            del self._under_way[session_id]
