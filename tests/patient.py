"""A patient at Patients Know Best: logs in at the sandbox's page, and approves or denies."""

from __future__ import annotations

import urllib.error
import urllib.parse
import urllib.request
from dataclasses import dataclass
from http.client import HTTPMessage
from typing import IO


@dataclass(frozen=True)
class Patient:
    """Somebody who can log in."""

    login: str
    password: str

    def approve(self, address: str) -> str:
        """Go to the address that an application gave, and approve; where the browser is sent then."""
        return self._decide(address, "approve")

    def deny(self, address: str) -> str:
        """Say no there."""
        return self._decide(address, "deny")

    def _decide(self, address: str, decision: str) -> str:
        page, _, query = address.partition("?")
        form = [*urllib.parse.parse_qsl(query), ("login", self.login), ("password", self.password)]
        form.append(("decision", decision))
        opener = urllib.request.build_opener(NoRedirect)
        try:
            opener.open(page, data=urllib.parse.urlencode(form).encode())
        except urllib.error.HTTPError as answer:
            location: str | None = answer.headers["location"]
            if location is not None:
                return location
            raise
        message = "the page did not send the browser back"
        raise RuntimeError(message)


class NoRedirect(urllib.request.HTTPRedirectHandler):
    """The browser is not to leave for the application: whoever plays it does."""

    def redirect_request(
        self, req: urllib.request.Request, fp: IO[bytes], code: int, msg: str, headers: HTTPMessage, newurl: str
    ) -> None:
        return None
