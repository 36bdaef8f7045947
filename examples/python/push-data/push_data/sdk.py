"""The SDK, one for the process, with the store in which it keeps people connected."""

from __future__ import annotations

import digime_sdk
from digime_sdk import DigiMeSDK

from .configuration import Configuration


def open_sdk(configuration: Configuration) -> DigiMeSDK:
    """Give the SDK; raise `TypeValidationError` if its settings cannot be used."""
    return digime_sdk.init(
        application_id=configuration.application_id,
        store=configuration.connections,
        encryption_key=configuration.encryption_key,
    )
