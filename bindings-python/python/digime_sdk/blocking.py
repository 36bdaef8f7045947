"""The SDKs for plain code: the same calls as in `digime_sdk`, without `await`.

Its types are those of `digime_sdk`, but for the few that are here because what they hold is waited for in plain code.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, overload

from ._blocking_all_files import AllFilesReading
from ._blocking_byte_stream import ByteStream
from ._blocking_results import Results
from ._blocking_transport import Transport, TransportRequest, TransportResponse
from ._client import configuration
from ._generated import blocking as _generated
from ._generated.blocking import *  # noqa: F403 - the SDKs and their types, as the module lists them
from ._generated.blocking import DigiMeSDK, PkbSDK
from ._names import name_public
from ._opaque import hidden

if TYPE_CHECKING:
    from typing_extensions import Unpack

    from ._generated.blocking import PkbConfiguration, SdkConfiguration

__all__ = [
    "AllFilesReading",
    "ByteStream",
    "Results",
    "Transport",
    "TransportRequest",
    "TransportResponse",
    "init",
    "init_pkb",
]
__all__ += _generated.__all__


@overload
def init(**options: Unpack[SdkConfiguration]) -> DigiMeSDK: ...
@overload
def init(config: SdkConfiguration, /) -> DigiMeSDK: ...
def init(config: object = None, /, **options: object) -> DigiMeSDK:
    """Make the SDK of digi.me for plain code; raise `TypeValidationError` if the configuration is wrong."""
    config, options = hidden(config), hidden(options)
    return DigiMeSDK(configuration("digime", config, options))


@overload
def init_pkb(**options: Unpack[PkbConfiguration]) -> PkbSDK: ...
@overload
def init_pkb(config: PkbConfiguration, /) -> PkbSDK: ...
def init_pkb(config: object = None, /, **options: object) -> PkbSDK:
    """Make the SDK of Patients Know Best for plain code; raise `TypeValidationError` if the configuration is wrong."""
    config, options = hidden(config), hidden(options)
    return PkbSDK(configuration("pkb", config, options))


name_public(globals())
