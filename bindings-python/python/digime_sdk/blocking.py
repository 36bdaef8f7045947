"""The SDK for plain code: the same calls as in `digime_sdk`, without `await`.

Its types are those of `digime_sdk`, but for the few that are here because what they hold is waited for in plain code.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, overload

from ._blocking_all_files import AllFilesReading
from ._blocking_byte_stream import ByteStream
from ._client import configuration
from ._generated import blocking as _generated
from ._generated.blocking import *  # noqa: F403 - the SDK and its types, as the module lists them
from ._generated.blocking import DigiMeSDK

if TYPE_CHECKING:
    from typing_extensions import Unpack

    from ._generated.types import SdkConfiguration

__all__ = ["AllFilesReading", "ByteStream", "init"]
__all__ += _generated.__all__


@overload
def init(**options: Unpack[SdkConfiguration]) -> DigiMeSDK: ...
@overload
def init(config: SdkConfiguration, /) -> DigiMeSDK: ...
def init(config: object = None, /, **options: object) -> DigiMeSDK:
    """Make the SDK for plain code; raise `TypeValidationError` if the configuration is wrong."""
    return DigiMeSDK(configuration(config, options))
