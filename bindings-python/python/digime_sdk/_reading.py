"""What a reading of all files of a session is in both SDKs: its events, its one start, its response."""

from collections.abc import Collection, Mapping
from typing import Any, ClassVar, Generic, Literal, Optional, TypeVar, Union

from ._client import Client
from ._events import unheard
from ._generated.types import (
    FileDataEvent,
    FileDataForAppUserEvent,
    FileErrorEvent,
    ReadAllFilesForAppUserResponse,
    ReadAllFilesResponse,
    ReadingProgress,
    UserAccessToken,
)
from ._opaque import Opaque
from ._typing import TypedDict


class FileRead(TypedDict):
    """A file was read."""

    type: Literal["file_data"]
    data: FileDataEvent


class FileReadForAppUser(TypedDict):
    """A file was read, of a user whose connection is kept."""

    type: Literal["file_data"]
    data: FileDataForAppUserEvent


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

ReadingForAppUserEvent = Union[FileReadForAppUser, FileFailed, StatusChanged, Progressed]
"""What happens in a reading of a user whose connection is kept, which tells of no token."""

Event = TypeVar("Event")
Response = TypeVar("Response", ReadAllFilesResponse, ReadAllFilesForAppUserResponse)

CALLBACKS = {
    "on_file_data": "onFileData",
    "on_file_error": "onFileError",
    "on_status_change": "onStatusChange",
    "on_access_token_change": "onAccessTokenChange",
    "on_progress": "onProgress",
}
"""The callbacks that are told of the events, and how they may be spelled too."""

NEW_TOKEN = "on_access_token_change"
"""The one that is told of a token, which is refused where a connection is kept."""

PART = {spelled for name, camel in CALLBACKS.items() if name != NEW_TOKEN for spelled in (name, camel)}
"""Those that are part of the reading: a new token is stored although the reading is cancelled."""


class Reading(Generic[Event, Response]):
    """A reading of all files of a session, which can be gone through once."""

    _untold: ClassVar[Collection[str]] = ()
    """The callbacks that are told of nothing."""

    def __init__(self, client: Client, options: Any) -> None:
        given: Opaque[Mapping[str, object]] = Opaque(
            {name: value for name, value in options.open().items() if value is not None}
        )
        free = {name: camel for name, camel in CALLBACKS.items() if name not in self._untold}
        self._events = [name for name, camel in free.items() if not {name, camel} & given.open().keys()]
        """The callbacks that were not given: what they would be told are the events."""
        self._stores = client._stores
        self._started = client._start("readAllFiles", given, **dict.fromkeys(self._events, unheard))
        self._begun = False
        self._response: Optional[Response] = None

    @property
    def response(self) -> Response:
        """How the reading ended; a `RuntimeError` as long as it has not."""
        if self._response is None:
            msg = "the reading has not come to its end"
            raise RuntimeError(msg)
        return self._response

    def stop_polling(self) -> None:
        """End the reading soon, with what has been read."""
        self._started.native.stop()

    def _end(self, response: Response) -> None:
        self._response = response

    def _begin(self) -> None:
        if self._begun:
            msg = "a reading can be gone through only once"
            raise RuntimeError(msg)
        self._begun = True


def event(callback: str, told: Any) -> Any:
    """Give the event of which a callback would be told."""
    return {"type": callback[len("on_") :], "data": told}


def is_for_app_user(options: Any) -> bool:
    """Whether the user is one whose connection is kept."""
    return any(options.open().get(name) is not None for name in ("app_user_id", "appUserId"))
