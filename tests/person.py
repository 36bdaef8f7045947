"""A person at digi.me: goes to the page that asks for their consent, chooses the first source and accepts."""

from __future__ import annotations

import urllib.error
import urllib.parse
import urllib.request
from html.parser import HTMLParser

from patient import NoRedirect


def accept(address: str) -> str:
    """Agree to what an application asks for at this address; where the browser is sent then."""
    return _decide(address, "accept")


def decline(address: str) -> str:
    """Say no; where the browser is sent then."""
    return _decide(address, "decline")


def _decide(address: str, decision: str) -> str:
    with urllib.request.urlopen(address) as answer:
        page = _Form()
        page.feed(answer.read().decode())
    form = urllib.parse.urlencode({**page.fields, "decision": decision}).encode()
    try:
        urllib.request.build_opener(NoRedirect).open(urllib.parse.urljoin(address, page.action), data=form)
    except urllib.error.HTTPError as refused:
        location: str | None = refused.headers["location"]
        if location is not None:
            return location
        raise
    message = "the page did not send the browser back"
    raise RuntimeError(message)


class _Form(HTMLParser):
    """The only form of a page: where it goes, and what it sends if the first of each choice is taken."""

    def __init__(self) -> None:
        super().__init__()
        self.action = ""
        self.fields: dict[str, str] = {}

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        if tag == "form":
            self.action = given.get("action") or ""
        elif tag == "input":
            self.fields.setdefault(given.get("name") or "", given.get("value") or "")
