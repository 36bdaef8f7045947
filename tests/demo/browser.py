"""A browser without a screen: it follows redirects, keeps cookies, finds forms and submits them."""

from __future__ import annotations

import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from urllib.parse import urljoin

import httpx
from bs4 import BeautifulSoup, Tag

from .checks import CheckFailedError

File = tuple[str, bytes, str]
"""Name, content and media type."""


@dataclass(frozen=True)
class Form:
    """A form as the page gives it: where it goes, and what its fields hold."""

    action: str
    multipart: bool
    fields: dict[str, str]
    element: Tag

    def choice(self, name: str, label: str) -> str:
        """Give the value of the radio button whose label says this."""
        for button in self.element.find_all("input", attrs={"type": "radio", "name": name}):
            described = button.find_parent("label")
            if described and label in described.get_text():
                return str(button["value"])
        msg = f"no choice {label!r} in the form"
        raise CheckFailedError(msg)

    def button(self, name: str, label: str) -> str:
        """Give the value of the button that says this."""
        for button in self.element.find_all("button", attrs={"name": name}):
            if button.get_text(strip=True) == label:
                return str(button["value"])
        msg = f"no button {label!r} in the form"
        raise CheckFailedError(msg)


@dataclass(frozen=True)
class Page:
    """A page that came."""

    address: str
    status: int
    content: BeautifulSoup = field(repr=False)

    @property
    def heading(self) -> str:
        """What the page calls itself."""
        heading = self.content.find("h1")
        return heading.get_text(strip=True) if heading else ""

    @property
    def loads_again_after(self) -> float | None:
        """In how many seconds it loads itself anew, without JavaScript; `None` if it does not."""
        refresh = self.content.select_one("meta[http-equiv=refresh]")
        return float(str(refresh["content"])) if refresh else None

    @property
    def text(self) -> str:
        """Give all that can be read."""
        return self.content.get_text(" ", strip=True)

    def form(self, action: str, **fields: str) -> Form:
        """Give the form that goes there and has these hidden values."""
        for element in self.content.find_all("form", attrs={"method": "post", "action": action}):
            form = _form(urljoin(self.address, action), element)
            if fields.items() <= form.fields.items():
                return form
        msg = f"no form for {action} on the page {self.heading!r} ({self.status})"
        raise CheckFailedError(msg)


class Browser:
    """A browser of one person. It remembers where it was, redirects included, and everything that it was shown."""

    def __init__(self) -> None:
        self._client = httpx.Client(follow_redirects=True, trust_env=False, timeout=30)
        self.visited: list[str] = []
        self.seen: list[str] = []

    def close(self) -> None:
        """Let go of its connections."""
        self._client.close()

    def open(self, address: str) -> Page:
        """Go to an address."""
        return self._shown(self._client.get(address))

    def download(self, address: str) -> bytes:
        """Get what is there to be saved."""
        return self._client.get(address).raise_for_status().content

    def stay(self, page: Page) -> Page:
        """Stay on a page until it does not load itself anew any more."""
        while (seconds := page.loads_again_after) is not None:
            time.sleep(seconds)
            page = self.open(page.address)
        return page

    def submit(
        self, form: Form, fields: Mapping[str, str] | None = None, files: Mapping[str, File] | None = None
    ) -> Page:
        """Fill in the form and send it."""
        data = {**form.fields, **(fields or {})}
        if form.multipart:
            return self._shown(self._client.post(form.action, data=data, files=files or {}))
        return self._shown(self._client.post(form.action, data=data))

    def _shown(self, response: httpx.Response) -> Page:
        self.visited += [str(each.url) for each in (*response.history, response)]
        self.seen.append(response.text)
        return Page(str(response.url), response.status_code, BeautifulSoup(response.text, "html.parser"))


def _form(action: str, element: Tag) -> Form:
    fields: dict[str, str] = {}
    for control in element.find_all("input"):
        kind = control.get("type", "text")
        if kind == "file" or (kind == "radio" and not control.has_attr("checked")):
            continue
        fields[str(control["name"])] = str(control.get("value", ""))
    return Form(action, element.get("enctype") == "multipart/form-data", fields, element)
