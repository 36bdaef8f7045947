"""What a person is told when something fails: a status, what happened, and what to do about it."""

from __future__ import annotations

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
    (digime_sdk.UploadNotRepeatableError, 503, "Nothing was stored. Send the file again."),
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


class PageError(Exception):
    """A failure whose page is known where it happens."""

    def __init__(self, status: int, title: str, text: str) -> None:
        super().__init__(title)
        self.status = status
        self.title = title
        self.text = text


def show_failures(app: FastAPI) -> None:
    """Let the app answer failures with pages."""
    app.exception_handler(PageError)(_show_page_error)
    app.exception_handler(digime_sdk.DigiMeSDKError)(_show_sdk_error)
    app.exception_handler(HTTPException)(_show_http_exception)
    # The server logs these itself, with the stack.
    app.exception_handler(Exception)(_show_surprise)


async def _show_page_error(_request: Request, error: PageError) -> HTMLResponse:
    return _message(error.status, error.title, error.text)


async def _show_sdk_error(_request: Request, error: digime_sdk.DigiMeSDKError) -> HTMLResponse:
    status, text = _advice_on(error)
    details = {"Error": type(error).__name__, "Code": error.code, "Message": str(error)}
    if isinstance(error, digime_sdk.ServerError):
        details |= {"Code of digi.me": error.error["code"], "Reference": error.error["reference"]}
    title = _TITLES.get(type(error), "digi.me did not do what was asked")
    return _message(status, title, text, details)


async def _show_http_exception(_request: Request, error: HTTPException) -> HTMLResponse:
    if error.status_code == _NOT_FOUND:
        return _message(_NOT_FOUND, "There is no such page", "The start page leads to everything there is.")
    return _message(error.status_code, "The request was not understood", "Go back, reload the page and try again.")


async def _show_surprise(_request: Request, _error: Exception) -> HTMLResponse:
    return _message(500, "Something went wrong here", "It was noted. Try again later.")


def _advice_on(error: digime_sdk.DigiMeSDKError) -> tuple[int, str]:
    return next((status, text) for error_class, status, text in _ADVICE if isinstance(error, error_class))


def _message(status: int, title: str, text: str, details: dict[str, str] | None = None) -> HTMLResponse:
    return page("message.html", status, title=title, text=text, details=details or {})
