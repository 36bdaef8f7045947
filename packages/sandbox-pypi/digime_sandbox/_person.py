"""The person in front of the sandbox's pages: reads the form there, and answers it as a browser would."""

from __future__ import annotations

import urllib.error
import urllib.parse
import urllib.request
from html.parser import HTMLParser
from typing import IO, TYPE_CHECKING, Optional
from urllib.response import addinfourl

if TYPE_CHECKING:
    from collections.abc import Sequence
    from http.client import HTTPMessage

    from ._announcement import AnnouncedPerson

_LONGEST_SHOWN = 300
"""How much of a page's text an error has, in characters."""


def decide(
    address: str, *, approve: bool, source: Optional[str], person: Optional[str], people: Sequence[AnnouncedPerson]
) -> str:
    """Go to the address, decide, and give where the browser is sent then."""
    status, text, _ = _ask(address)
    page = _Page(text)
    if page.action is None or not page.decisions:
        msg = f"there is nothing to decide on the sandbox's page, which answered {status}: {page.words}"
        raise ValueError(msg)
    if source is not None and not page.sources:
        msg = "source: the page has no sources to choose from"
        raise ValueError(msg)
    if person is not None and not page.asks_for_login:
        msg = "person: nobody logs in on the page, which is not PKB's"
        raise ValueError(msg)
    form = dict(page.hidden)
    form["decision"] = page.decisions[0 if approve else 1]
    if page.asks_for_login:
        logs_in = _choose_person(people, person)
        form.update(login=logs_in["login"], password=logs_in["password"])
    if page.sources:
        form["source"] = page.choose(source)
    status, text, location = _ask(urllib.parse.urljoin(address, page.action), urllib.parse.urlencode(form).encode())
    if location is None:
        msg = f"the sandbox does not send the person back, but answers {status}: {_Page(text).words}"
        raise ValueError(msg)
    return urllib.parse.urljoin(address, location)


class _Source:
    """A source that the consent page offers."""

    def __init__(self, identifier: str, *, checked: bool) -> None:
        self.identifier = identifier
        self.checked = checked
        self.name = ""


class _Page(HTMLParser):
    """A page of the sandbox's: its form, and its words."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.action: Optional[str] = None
        self.hidden: dict[str, str] = {}
        self.decisions: list[str] = []
        self.sources: list[_Source] = []
        self.asks_for_login = False
        self._words: list[str] = []
        self._latest = ""
        self.feed(text)
        self.close()

    @property
    def words(self) -> str:
        """What it says, if not all of it."""
        return " ".join(" ".join(self._words).split())[:_LONGEST_SHOWN]

    def choose(self, wanted: Optional[str]) -> str:
        """Give the id of the source of this name; of the one that is checked, or the first, where there is no name."""
        checked = [source for source in self.sources if source.checked]
        fitting = [source for source in self.sources if source.name == wanted] if wanted else checked or self.sources
        if fitting:
            return fitting[0].identifier
        offered = ", ".join(source.name for source in self.sources)
        msg = f"source: the page does not offer {wanted!r}, but {offered}"
        raise ValueError(msg)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, Optional[str]]]) -> None:
        """Take what belongs to the form."""
        self._latest = tag
        given = {name: value or "" for name, value in attrs}
        name, value = given.get("name", ""), given.get("value", "")
        if tag == "form" and given.get("method") == "post":
            self.action = given.get("action")
        elif tag == "button" and name == "decision":
            self.decisions.append(value)
        elif tag == "input" and given.get("type") == "hidden":
            self.hidden[name] = value
        elif tag == "input" and name == "source":
            self.sources.append(_Source(value, checked="checked" in given))
        elif tag == "input" and name == "login":
            self.asks_for_login = True

    def handle_data(self, data: str) -> None:
        """Take what a person reads; a source has its name in bold type."""
        if self._latest == "b" and self.sources and not self.sources[-1].name:
            self.sources[-1].name = data.strip()
        if self._latest not in ("style", "script", "title"):
            self._words.append(data)


def _choose_person(people: Sequence[AnnouncedPerson], wanted: Optional[str]) -> AnnouncedPerson:
    for person in people:
        if wanted in (None, person["name"], person["login"]):
            return person
    known = ", ".join(person["name"] for person in people)
    msg = f"person: there is nobody of the name or login {wanted!r}; there are {known}"
    raise ValueError(msg)


def _ask(address: str, form: Optional[bytes] = None) -> tuple[int, str, Optional[str]]:
    """Give the status of the answer, its text, and where it sends the browser."""
    try:
        answer: addinfourl = _BROWSER.open(address, data=form)
    except urllib.error.HTTPError as error:
        answer = error
    with answer:
        return answer.code or 0, answer.read().decode(errors="replace"), answer.headers["location"]


class _NoRedirect(urllib.request.HTTPRedirectHandler):
    """The browser is not to leave for the application: whoever plays it does."""

    def redirect_request(
        self, req: urllib.request.Request, fp: IO[bytes], code: int, msg: str, headers: HTTPMessage, newurl: str
    ) -> None:
        return None


# The sandbox is on this machine, whatever proxy there is.
_BROWSER = urllib.request.build_opener(urllib.request.ProxyHandler({}), _NoRedirect)
