"""What each error of the SDK means to a person, and what they can do about it."""

from __future__ import annotations

import digime_sdk
from digime_sdk import (
    DigiMeSDKError,
    FhirError,
    LinkDeniedError,
    LinkExpiredError,
    LinkStateError,
    NotLinkedError,
    PkbError,
    StoreError,
    TransportError,
    TypeValidationError,
)

from .page_error import Message

_STATES = {
    "missing": (400, "PKB's answer has parts missing."),
    "unknown": (400, "It was not begun here, or so long ago that it is forgotten."),
    "expired": (400, "You were away for too long."),
    "used": (409, "This answer of PKB's has been used already, or was given too late."),
    "mismatch": (403, "It was begun by another user of this app. Nothing was connected."),
}
"""Why a callback does not lead to a link: a status, and what to say."""

_ADVICE: list[tuple[type[DigiMeSDKError], int, str]] = [
    (StoreError, 503, "This app cannot get at its own data right now. Nothing is lost: try again in a few minutes."),
    (PkbError, 502, "Try again later. If it happens again, tell those who run this app the code."),
    (TypeValidationError, 500, "The app asked for something that makes no sense. Tell those who run it."),
    (digime_sdk.TimeoutError, 504, "PKB took too long to answer. Try again in a few minutes."),
    (TransportError, 502, "PKB cannot be reached. Try again in a few minutes."),
    (DigiMeSDKError, 502, "PKB's answer could not be used. Try again later."),
]
"""The status and what to do, by the class of the error; the first that fits."""


def advice_on(error: DigiMeSDKError) -> Message:
    """Say what a person is told of the error."""
    if isinstance(error, LinkDeniedError):
        return _denied(error)
    if isinstance(error, LinkStateError):
        status, text = _STATES[error.reason]
        return Message(status, "The way back ends here", f"{text} Connect again.", reconnect=True)
    if isinstance(error, NotLinkedError):
        text = "Connect your PKB record to see it here."
        return Message(409, "Your record is not connected", text, reconnect=True)
    if isinstance(error, LinkExpiredError):
        text = "PKB lets apps see a record for a while, and then wants to ask you again. Connect it once more."
        details = [("Code of PKB", error.reason)]
        return Message(403, "Your connection has ended", text, reconnect=True, details=details)
    if isinstance(error, PkbError) and error.pkb_code == "ACCESS_FROZEN_OUTWARD":
        text = "PKB has frozen it. You stay connected, but PKB gives nothing out until it is unfrozen: ask PKB why."
        return Message(403, "Access to your record is frozen", text)
    status, text = next((status, text) for error_class, status, text in _ADVICE if isinstance(error, error_class))
    return Message(status, "This did not work", text, details=_details_of(error))


def _denied(error: LinkDeniedError) -> Message:
    if error.error == "access_denied":
        text = "You chose not to share. That is fine: nothing was connected, and nothing has changed."
        return Message(200, "Not connected", text)
    details = [("Code of PKB", error.error)]
    if error.error_description:
        details.append(("What PKB says", error.error_description))
    return Message(502, "Not connected", "PKB did not connect you. Try again later.", details=details)


def _details_of(error: DigiMeSDKError) -> list[tuple[str, str]]:
    details = [("Error", type(error).__name__), ("Code", error.code), ("Message", str(error))]
    if isinstance(error, PkbError) and error.pkb_code:
        details.append(("Code of PKB", error.pkb_code))
    if isinstance(error, FhirError):
        said = (issue.get("diagnostics") for issue in error.issues)
        details += [("What PKB says", diagnostics) for diagnostics in said if diagnostics]
    return details
