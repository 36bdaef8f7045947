"""What a person is told when something fails: a status, what happened, and what to do about it."""

from __future__ import annotations

from dataclasses import asdict, dataclass, field

import digime_sdk
from fastapi import FastAPI, Request
from starlette.exceptions import HTTPException
from starlette.responses import HTMLResponse

from .pages import page

_CONNECT_AGAIN = "Your consent is not valid, or no longer. Connect again from the start page."
_NOT_BEGUN = "It was not begun in this browser, or has been used already. Connect again from the start page."
_IN_THE_WAY = "Go on with that, or disconnect on the start page before you connect again."
_UNKNOWN = "The app cannot get at what it knows of you. Try again in a few minutes."

_ADVICE: list[tuple[type[digime_sdk.DigiMeSDKError], int, str]] = [
    (digime_sdk.ConnectStateError, 400, _NOT_BEGUN),
    (digime_sdk.ConnectionConflictError, 409, _IN_THE_WAY),
    (digime_sdk.NotConnectedError, 403, _CONNECT_AGAIN),
    (digime_sdk.ConnectionExpiredError, 403, _CONNECT_AGAIN),
    (digime_sdk.StoreError, 503, _UNKNOWN),
    (digime_sdk.SDKInvalidError, 502, "digi.me no longer takes this version of the app. Ask for an update."),
    (digime_sdk.ServerError, 502, "Try again. If it happens again, give digi.me's support the reference."),
    (digime_sdk.TypeValidationError, 500, "The app asked for something that makes no sense. Tell those who run it."),
    (digime_sdk.TimeoutError, 504, "digi.me took too long to answer. Try again in a few minutes."),
    (digime_sdk.TransportError, 502, "digi.me cannot be reached. Try again in a few minutes."),
    (digime_sdk.DigiMeSDKError, 502, "digi.me's answer could not be used. Try again later."),
]
"""The status and what to do, by the class of the SDK's error; the first that fits."""

_TITLES: dict[type[digime_sdk.DigiMeSDKError], str] = {
    digime_sdk.ConnectStateError: "This way back is not known",
    digime_sdk.ConnectionConflictError: "You are connected to another library",
    digime_sdk.StoreError: "Something went wrong here",
}
"""What happened, where digi.me did what was asked."""

_NOT_FOUND = 404


@dataclass(frozen=True)
class Message:
    """A page that only says something."""

    status: int
    title: str
    text: str
    details: dict[str, str] = field(default_factory=dict[str, str])


class PageError(Exception):
    """A failure whose page is known where it happens."""

    def __init__(self, status: int, title: str, text: str) -> None:
        super().__init__(title)
        self.message = Message(status, title, text)


def show_failures(app: FastAPI) -> None:
    """Let the app answer failures with pages."""
    for error_class in (PageError, digime_sdk.DigiMeSDKError, HTTPException):
        app.exception_handler(error_class)(_show)
    # The server logs these itself, with the stack.
    app.exception_handler(Exception)(_show)


def show(message: Message) -> HTMLResponse:
    """Render the page."""
    return page("message.html", **asdict(message))


def message_of(error: Exception) -> Message:
    """Say what a person is told of the error."""
    if isinstance(error, PageError):
        return error.message
    if isinstance(error, digime_sdk.DigiMeSDKError):
        return _message_of_sdk_error(error)
    if isinstance(error, HTTPException) and error.status_code == _NOT_FOUND:
        return Message(_NOT_FOUND, "There is no such page", "The start page leads to everything there is.")
    if isinstance(error, HTTPException):
        text = "Go back, reload the page and try again."
        return Message(error.status_code, "The request was not understood", text)
    return Message(500, "Something went wrong here", "It was noted. Try again later.")


async def _show(_request: Request, error: Exception) -> HTMLResponse:
    return show(message_of(error))


def _message_of_sdk_error(error: digime_sdk.DigiMeSDKError) -> Message:
    status, text = _advice_on(error)
    details = {"Error": type(error).__name__, "Code": error.code, "Message": str(error)}
    if isinstance(error, digime_sdk.ServerError):
        details |= {"Code of digi.me": error.error["code"], "Reference": error.error["reference"]}
    return Message(status, _TITLES.get(type(error), "digi.me did not do what was asked"), text, details)


def _advice_on(error: digime_sdk.DigiMeSDKError) -> tuple[int, str]:
    return next((status, text) for error_class, status, text in _ADVICE if isinstance(error, error_class))
