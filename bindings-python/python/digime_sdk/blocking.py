"""The SDK for plain code: the same calls as in `digime_sdk`, without `await`."""

from __future__ import annotations

from typing import TYPE_CHECKING, overload

from ._client import configuration
from ._generated.blocking import DigiMeSDK

if TYPE_CHECKING:
    from typing_extensions import Unpack

    from ._generated.types import SdkConfiguration

__all__ = ["DigiMeSDK", "init"]


@overload
def init(**options: Unpack[SdkConfiguration]) -> DigiMeSDK: ...
@overload
def init(config: SdkConfiguration, /) -> DigiMeSDK: ...
def init(config: object = None, /, **options: object) -> DigiMeSDK:
    """Make the SDK for plain code; raise `TypeValidationError` if the configuration is wrong."""
    return DigiMeSDK(configuration(config, options))
