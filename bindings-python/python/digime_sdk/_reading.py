"""What a reading of all files of a session is in both SDKs: its events, its one start, its response."""

from collections.abc import Mapping
from typing import Any, Literal, Optional, Union, cast

from ._client import Client
from ._events import unheard
from ._generated.types import FileDataEvent, FileErrorEvent, ReadAllFilesResponse, ReadingProgress, UserAccessToken
from ._opaque import Opaque
from ._typing import TypedDict


class FileRead(TypedDict):
    """A file was read."""

    type: Literal["file_data"]
    data: FileDataEvent


class FileFailed(TypedDict):
    """A file could not be read."""

    type: Literal["file_error"]
    data: FileErrorEvent


class StatusChanged(TypedDict):
    """The state of the session has changed."""

    type: Literal["status_change"]
    data: str


class AccessTokenChanged(TypedDict):
    """The user's token was refreshed, and is used as soon as the next event is asked for: store it."""

    type: Literal["access_token_change"]
    data: UserAccessToken


class Progressed(TypedDict):
    """How far the reading is."""

    type: Literal["progress"]
    data: ReadingProgress


ReadingEvent = Union[FileRead, FileFailed, StatusChanged, AccessTokenChanged, Progressed]
"""What happens in a reading. `type` is the callback's name without `on_`, `data` what the callback would be given."""

CALLBACKS = {
    "on_file_data": "onFileData",
    "on_file_error": "onFileError",
    "on_status_change": "onStatusChange",
    "on_access_token_change": "onAccessTokenChange",
    "on_progress": "onProgress",
}
"""The callbacks that are told of the events, and how they may be spelled too."""

PART = {spelled for name, camel in CALLBACKS.items() if name != "on_access_token_change" for spelled in (name, camel)}
"""Those that are part of the reading: a new token is stored although the reading is cancelled."""


class Reading:
    """A reading of all files of a session, which can be gone through once."""

    def __init__(self, client: Client, options: Any) -> None:
        given: Opaque[Mapping[str, object]] = Opaque(
            {name: value for name, value in options.open().items() if value is not None}
        )
        self._events = [name for name, camel in CALLBACKS.items() if not {name, camel} & given.open().keys()]
        """The callbacks that were not given: what they would be told are the events."""
        self._started = client._start("readAllFiles", given, **dict.fromkeys(self._events, unheard))
        self._begun = False
        self._response: Optional[ReadAllFilesResponse] = None

    @property
    def response(self) -> ReadAllFilesResponse:
        """How the reading ended; a `RuntimeError` as long as it has not."""
        if self._response is None:
            msg = "the reading has not come to its end"
            raise RuntimeError(msg)
        return self._response

    def stop_polling(self) -> None:
        """End the reading soon, with what has been read."""
        self._started.native.stop()

    def _end(self, response: ReadAllFilesResponse) -> None:
        self._response = response

    def _begin(self) -> None:
        if self._begun:
            msg = "a reading can be gone through only once"
            raise RuntimeError(msg)
        self._begun = True


def event(callback: str, told: Any) -> ReadingEvent:
    """Give the event of which a callback would be told."""
    return cast("ReadingEvent", {"type": callback[len("on_") :], "data": told})
