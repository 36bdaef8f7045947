"""What a browser can do for a person, however it does it."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Mapping

from .page import Form, Page

File = tuple[str, bytes, str]
"""Name, content and media type."""


class Browser(ABC):
    """A browser of one person. It remembers where it was, redirects included, and everything that it was shown."""

    def __init__(self, pages: list[Page] | None = None) -> None:
        self.visited: list[str] = []
        self.pages: list[Page] = [] if pages is None else pages
        """What was shown, also to the others whom it was asked for."""

    @abstractmethod
    def another(self) -> Browser:
        """Give the browser of another person."""

    @abstractmethod
    def close(self) -> None:
        """Let go of its connections."""

    @abstractmethod
    def open(self, address: str) -> Page:
        """Go to an address."""

    @abstractmethod
    def download(self, address: str) -> bytes:
        """Get what is there to be saved."""

    @abstractmethod
    def stay(self, page: Page) -> Page:
        """Stay on the page that is shown until it does not load itself anew any more."""

    @abstractmethod
    def submit(
        self, form: Form, fields: Mapping[str, str] | None = None, files: Mapping[str, File] | None = None
    ) -> Page:
        """Fill in a form of the page that is shown and send it, by the button that is among the fields, if one is."""

    def _shown(self, page: Page, way: list[str]) -> Page:
        """Remember a page, and by which addresses it came."""
        self.visited += way
        self.pages.append(page)
        return page
