"""Act for a user who consents, on digi.me and Patients Know Best (PKB).

`init` makes the SDK of digi.me for asyncio, `init_pkb` that of PKB. `digime_sdk.blocking` has both for plain code.
"""

try:
    from ._native import __version__
except ImportError as error:
    from ._unloadable import why

    raise ImportError(why(error), name=error.name) from error

import importlib as _importlib
import typing as _typing

from . import _names, _pydantic
from ._all_files import AllFilesForAppUserReading, AllFilesReading
from ._byte_stream import ByteStream
from ._generated import types as _types
from ._generated.client import DigiMeSDK, PkbSDK, init, init_pkb
from ._generated.types import *  # noqa: F403 - every type, as the module lists them
from ._reading import (
    AccessTokenChanged,
    FileFailed,
    FileRead,
    FileReadForAppUser,
    Progressed,
    ReadingEvent,
    ReadingForAppUserEvent,
    StatusChanged,
)
from ._results import Results
from ._streams import AsyncReadable, FileData, Readable, ReadableResponse
from ._transport import Transport, TransportRequest, TransportResponse
from .errors import (
    ClientClosedError,
    ConnectDeniedError,
    ConnectionConflictError,
    ConnectionExpiredError,
    ConnectStateError,
    DigiMeSDKError,
    FailedResponse,
    FhirError,
    FileDecryptionError,
    FileLimitError,
    HTTPError,
    LinkConflictError,
    LinkDeniedError,
    LinkExpiredError,
    LinkStateError,
    NotConnectedError,
    NotLinkedError,
    PkbError,
    ProviderDataError,
    SDKInvalidError,
    Sent,
    ServerError,
    StoreError,
    TimeoutError,  # noqa: A004 - the same name in every language
    TokenVerificationError,
    TransportError,
    TypeValidationError,
    UploadNotRepeatableError,
)

__all__ = [
    "AccessTokenChanged",
    "AllFilesForAppUserReading",
    "AllFilesReading",
    "AsyncReadable",
    "ByteStream",
    "ClientClosedError",
    "ConnectDeniedError",
    "ConnectStateError",
    "ConnectionConflictError",
    "ConnectionExpiredError",
    "DigiMeSDK",
    "DigiMeSDKError",
    "FailedResponse",
    "FhirError",
    "FileData",
    "FileDecryptionError",
    "FileFailed",
    "FileLimitError",
    "FileRead",
    "FileReadForAppUser",
    "HTTPError",
    "LinkConflictError",
    "LinkDeniedError",
    "LinkExpiredError",
    "LinkStateError",
    "NotConnectedError",
    "NotLinkedError",
    "PkbError",
    "PkbSDK",
    "Progressed",
    "ProviderDataError",
    "Readable",
    "ReadableResponse",
    "ReadingEvent",
    "ReadingForAppUserEvent",
    "Results",
    "SDKInvalidError",
    "Sent",
    "ServerError",
    "StatusChanged",
    "StoreError",
    "TimeoutError",
    "TokenVerificationError",
    "Transport",
    "TransportError",
    "TransportRequest",
    "TransportResponse",
    "TypeValidationError",
    "UploadNotRepeatableError",
    "__version__",
    "init",
    "init_pkb",
]
__all__ += _types.__all__

_names.name_public(globals())
_pydantic.configure_for_pydantic(globals())

__all__ += ["blocking"]

if _typing.TYPE_CHECKING:
    from . import blocking
else:

    def __getattr__(name: str) -> object:
        """Give the module for plain code, which others need not wait for."""
        if name == "blocking":
            return _importlib.import_module(f"{__name__}.blocking")
        message = f"module {__name__!r} has no attribute {name!r}"
        raise AttributeError(message)

    def __dir__() -> list[str]:
        """Name that module too, whether it is loaded or not."""
        return sorted({*globals(), "blocking"})
