"""How failures are answered: with a page that has a status, and says what happened and what to do about it."""

from __future__ import annotations

from dataclasses import asdict

from digime_sdk import DigiMeSDKError
from fastapi import FastAPI, Request
from starlette.exceptions import HTTPException
from starlette.responses import HTMLResponse

from .page_error import Message, PageError
from .pages import page
from .sdk_failures import advice_on
from .session import session_of

_NOT_FOUND = 404


def show_failures(app: FastAPI) -> None:
    """Let the app answer failures with pages."""
    for error_class in (PageError, DigiMeSDKError, HTTPException):
        app.exception_handler(error_class)(_show)
    # The server logs these itself, with the stack.
    app.exception_handler(Exception)(_show)


async def _show(request: Request, error: Exception) -> HTMLResponse:
    # Who connects again goes on with the measurements that they wanted to see.
    kind = request.query_params.get("kind", "")
    return page("message.html", session_of(request), kind=kind, **asdict(_message_of(error)))


def _message_of(error: Exception) -> Message:
    if isinstance(error, PageError):
        return error.message
    if isinstance(error, DigiMeSDKError):
        return advice_on(error)
    if isinstance(error, HTTPException) and error.status_code == _NOT_FOUND:
        return Message(_NOT_FOUND, "There is no such page", "The start page leads to everything there is.")
    if isinstance(error, HTTPException):
        text = "Go back, reload the page and try again."
        return Message(error.status_code, "The request was not understood", text)
    return Message(500, "Something went wrong here", "It was noted. Try again later.")
