"""A page that came, and its forms, as they can be read without running anything."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property
from urllib.parse import urljoin

from bs4 import BeautifulSoup, Tag

from .checks import CheckFailedError


@dataclass(frozen=True)
class Form:
    """A form as the page gives it: where it goes, and what its fields hold."""

    action: str
    multipart: bool
    fields: dict[str, str]
    element: Tag
    index: int
    """Which one it is among the forms of its page."""

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
    source: str = field(repr=False)

    @cached_property
    def content(self) -> BeautifulSoup:
        """What it is made of."""
        return BeautifulSoup(self.source, "html.parser")

    @property
    def heading(self) -> str:
        """What the page calls itself."""
        heading = self.content.find("h1")
        return heading.get_text(strip=True) if heading else ""

    @property
    def title(self) -> tuple[int, str]:
        """Its status, and what it calls itself."""
        return self.status, self.heading

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
        for index, element in enumerate(self.content.find_all("form")):
            if (element.get("method"), element.get("action")) != ("post", action):
                continue
            form = _form(urljoin(self.address, action), element, index)
            if fields.items() <= form.fields.items():
                return form
        msg = f"no form for {action} on the page {self.heading!r} ({self.status})"
        raise CheckFailedError(msg)


def _form(action: str, element: Tag, index: int) -> Form:
    fields: dict[str, str] = {}
    for control in element.find_all("input"):
        kind = control.get("type", "text")
        if kind == "file" or (kind == "radio" and not control.has_attr("checked")):
            continue
        fields[str(control["name"])] = str(control.get("value", ""))
    return Form(action, element.get("enctype") == "multipart/form-data", fields, element, index)
