"""A looking glass: a page that somebody was shown is shown again, unasked for, with no script of its own."""

from __future__ import annotations

from collections.abc import Generator
from contextlib import contextmanager

from playwright.sync_api import Browser as Chromium
from playwright.sync_api import Page as Tab
from playwright.sync_api import Route

from .page import Page


class LookingGlass:
    """A tab in which pages lie, one after the other."""

    def __init__(self, tab: Tab) -> None:
        self.tab = tab
        self._page: Page | None = None
        tab.route("**/*", self._answer)

    def show(self, page: Page) -> None:
        """Show a page again. It may be the answer to a form that must not be sent twice."""
        self._page = page
        self.tab.goto(page.address)

    def _answer(self, route: Route) -> None:
        if self._page and route.request.is_navigation_request():
            route.fulfill(body=self._page.source, content_type="text/html; charset=utf-8")
        elif route.request.resource_type == "script":
            route.abort()
        else:
            route.continue_()


@contextmanager
def looking_glass(chromium: Chromium, width: int, height: int) -> Generator[LookingGlass]:
    """Open a tab of this size; close it in the end."""
    context = chromium.new_context(viewport={"width": width, "height": height}, locale="en-GB")
    try:
        yield LookingGlass(context.new_page())
    finally:
        context.close()
