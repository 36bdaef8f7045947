"""How much a browser may send."""

from __future__ import annotations

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from .failures import PageError

LONGEST_FILE = 20_000_000
"""In bytes."""

# What a form puts around its file.
_LONGEST_BODY = LONGEST_FILE + 10_000


class FileTooLargeError(PageError):
    """A file, or what is sent in place of one, is too long."""

    def __init__(self) -> None:
        super().__init__(413, "The file is too large", "Choose one of at most 20 MB.")


class UploadLimit:
    """Refuses a body that is too long, whether or not it says so."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Count what the app receives."""
        received = 0

        async def receive_counted() -> Message:
            nonlocal received
            message = await receive()
            received += len(message.get("body", b""))
            if received <= _LONGEST_BODY:
                return message
            # Read to the end: a browser that is cut off while it sends shows its own error instead of the page.
            while message.get("more_body"):
                message = await receive()
            raise FileTooLargeError

        await self._app(scope, receive_counted, send)
