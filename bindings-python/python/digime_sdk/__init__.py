"""Act for a user who consents, on digi.me: authorise, push files and FHIR, read them back.

`init` makes the SDK for asyncio, `digime_sdk.blocking.init` the one for plain code.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, overload

from . import blocking
from ._all_files import AllFilesReading
from ._byte_stream import ByteStream
from ._client import configuration
from ._generated import types as _types
from ._generated.client import DigiMeSDK
from ._generated.types import *  # noqa: F403 - every type, as the module lists them
from ._native import __version__
from ._reading import AccessTokenChanged, FileFailed, FileRead, Progressed, ReadingEvent, StatusChanged
from ._streams import FileData
from .errors import (
    DigiMeSDKError,
    FailedResponse,
    FileDecryptionError,
    FileLimitError,
    HTTPError,
    SDKInvalidError,
    ServerError,
    TimeoutError,  # noqa: A004 - the same name in every language
    TokenVerificationError,
    TransportError,
    TypeValidationError,
    UploadNotRepeatableError,
)

if TYPE_CHECKING:
    from typing_extensions import Unpack

    from ._generated.types import SdkConfiguration

__all__ = [
    "AccessTokenChanged",
    "AllFilesReading",
    "ByteStream",
    "DigiMeSDK",
    "DigiMeSDKError",
    "FailedResponse",
    "FileData",
    "FileDecryptionError",
    "FileFailed",
    "FileLimitError",
    "FileRead",
    "HTTPError",
    "Progressed",
    "ReadingEvent",
    "SDKInvalidError",
    "ServerError",
    "StatusChanged",
    "TimeoutError",
    "TokenVerificationError",
    "TransportError",
    "TypeValidationError",
    "UploadNotRepeatableError",
    "__version__",
    "blocking",
    "init",
]
__all__ += _types.__all__


@overload
def init(**options: Unpack[SdkConfiguration]) -> DigiMeSDK: ...
@overload
def init(config: SdkConfiguration, /) -> DigiMeSDK: ...
def init(config: object = None, /, **options: object) -> DigiMeSDK:
    """Make the SDK for asyncio; raise `TypeValidationError` if the configuration is wrong."""
    return DigiMeSDK(configuration(config, options))
