"""What all journeys have in common: one person in one app, to whom nothing secret is ever shown."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Generator, Iterable
from contextlib import contextmanager
from dataclasses import replace

from .browser import Browser
from .checks import Checks, expect, expect_equal
from .page import Page
from .sandbox import Sandbox
from .stage import App


class Journey(ABC):
    """One person in one app."""

    def __init__(self, app: App, sandbox: Sandbox, browser: Browser, checks: Checks) -> None:
        self._app: App = app
        self._sandbox = sandbox
        self._browser = browser
        self._check = checks.check

    @abstractmethod
    def go(self) -> None:
        """Go all the way."""

    def _open(self, path: str) -> Page:
        return self._browser.open(f"{self._app.address}{path}")

    @contextmanager
    def _at(self, address: str) -> Generator[None]:
        """Be at another process of the app while inside."""
        first, pages = self._app, self._browser.pages
        shown_before = len(pages)
        self._app = replace(first, address=address)
        yield
        self._app = first
        # Who looks at them later finds that process gone.
        there = [replace(page, address=page.address.replace(address, first.address)) for page in pages[shown_before:]]
        pages[shown_before:] = there

    def _expect_refused_form(self, action: str, **fields: str) -> None:
        """Send the form of the start page as if another browser had it."""
        form = self._open("/").form(action, **fields)
        page = self._browser.submit(form, {"form_token": "forged"})
        expect_equal("page", (page.status, page.heading), (403, "This form is out of date"))

    def _expect_on_page(self, page: Page, *texts: str) -> None:
        for text in texts:
            expect(condition=text in page.text, otherwise=f"{text!r} is not on the page {page.heading!r}")

    def _expect_discretion(self, secrets: Iterable[str]) -> None:
        hidden = [*secrets, *self._app.secrets, "Traceback", "node:internal"]
        leaks = [secret for secret in hidden for page in self._browser.pages if secret in page.source]
        expect_equal("leaks", len(leaks), 0)

    def _expect_unlogged(self, secrets: Iterable[str]) -> None:
        logged = self._app.program.complaints.path(self._app.name).read_text(errors="replace")
        expect_equal("secrets that were logged", [secret for secret in secrets if secret in logged], list[str]())
