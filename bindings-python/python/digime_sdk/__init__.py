"""Act for a user who consents, on digi.me and Patients Know Best (PKB).

`init` makes the SDK of digi.me for asyncio, `init_pkb` that of PKB. `digime_sdk.blocking` has both for plain code.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, overload

from . import blocking
from ._all_files import AllFilesReading
from ._byte_stream import ByteStream
from ._client import configuration
from ._generated import types as _types
from ._generated.client import DigiMeSDK, PkbSDK
from ._generated.types import *  # noqa: F403 - every type, as the module lists them
from ._names import name_public
from ._native import __version__
from ._opaque import hidden
from ._reading import AccessTokenChanged, FileFailed, FileRead, Progressed, ReadingEvent, StatusChanged
from ._results import Results
from ._streams import AsyncReadable, FileData, Readable, ReadableResponse
from ._transport import Transport, TransportRequest, TransportResponse
from .errors import (
    ClientClosedError,
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
    NotLinkedError,
    PkbError,
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

if TYPE_CHECKING:
    from typing_extensions import Unpack

    from ._generated.types import PkbConfiguration, SdkConfiguration

__all__ = [
    "AccessTokenChanged",
    "AllFilesReading",
    "AsyncReadable",
    "ByteStream",
    "ClientClosedError",
    "DigiMeSDK",
    "DigiMeSDKError",
    "FailedResponse",
    "FhirError",
    "FileData",
    "FileDecryptionError",
    "FileFailed",
    "FileLimitError",
    "FileRead",
    "HTTPError",
    "LinkConflictError",
    "LinkDeniedError",
    "LinkExpiredError",
    "LinkStateError",
    "NotLinkedError",
    "PkbError",
    "PkbSDK",
    "Progressed",
    "Readable",
    "ReadableResponse",
    "ReadingEvent",
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
    "blocking",
    "init",
    "init_pkb",
]
__all__ += _types.__all__


@overload
def init(**options: Unpack[SdkConfiguration]) -> DigiMeSDK: ...
@overload
def init(config: SdkConfiguration, /) -> DigiMeSDK: ...
def init(config: object = None, /, **options: object) -> DigiMeSDK:
    """Make the SDK of digi.me for asyncio; raise `TypeValidationError` if the configuration is wrong."""
    config, options = hidden(config), hidden(options)
    return DigiMeSDK(configuration("digime", config, options))


@overload
def init_pkb(**options: Unpack[PkbConfiguration]) -> PkbSDK: ...
@overload
def init_pkb(config: PkbConfiguration, /) -> PkbSDK: ...
def init_pkb(config: object = None, /, **options: object) -> PkbSDK:
    """Make the SDK of Patients Know Best for asyncio; raise `TypeValidationError` if the configuration is wrong."""
    config, options = hidden(config), hidden(options)
    return PkbSDK(configuration("pkb", config, options))


name_public(globals())
