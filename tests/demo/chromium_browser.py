"""A person in Chromium, on a screen as narrow as a small phone's: they fill in what they see, and click."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from tempfile import TemporaryDirectory

from playwright.sync_api import Browser as Chromium
from playwright.sync_api import Error, Locator, Response

from .browser import Browser, File
from .checks import CheckFailedError, expect
from .page import Form, Page

NARROW = 320
"""The least width at which pages must be usable: 1280 px, enlarged four times (WCAG 1.4.10)."""

_PATIENCE_MS = 60_000


class ChromiumBrowser(Browser):
    """A browser of one person, without JavaScript unless it is asked for."""

    def __init__(self, chromium: Chromium, pages: list[Page] | None = None, *, scripts: bool = False) -> None:
        super().__init__(pages)
        self._chromium = chromium
        self._context = chromium.new_context(
            java_script_enabled=scripts, viewport={"width": NARROW, "height": 640}, locale="en-GB"
        )
        self._context.set_default_timeout(_PATIENCE_MS)
        self._tab = self._context.new_page()
        self._documents: list[Response] = []
        self._tab.on("response", self._responded)

    def another(self, *, scripts: bool = False) -> ChromiumBrowser:
        """Give the browser of another person."""
        return ChromiumBrowser(self._chromium, self.pages, scripts=scripts)

    def close(self) -> None:
        """Let go of its cookies and connections."""
        self._context.close()

    def open(self, address: str) -> Page:
        """Go to an address."""
        seen = len(self._documents)
        return self._came(self._tab.goto(address) or self._since(seen))

    def download(self, address: str) -> bytes:
        """Get what is there to be saved."""
        response = self._context.request.get(address)
        expect(condition=response.ok, otherwise=f"{response.status} for {address}")
        return response.body()

    def stay(self, page: Page) -> Page:
        """Stay on the page that is shown until it does not load itself anew any more."""
        seen = len(self._documents)
        waited = 0
        while page.loads_again_after is not None:
            expect(condition=waited < _PATIENCE_MS, otherwise=f"the page {page.heading!r} stays as it is")
            # Playwright hands on what happens while it is waited.
            self._tab.wait_for_timeout(100)
            waited += 100
            if len(self._documents) > seen:
                seen, waited = len(self._documents), 0
                page = self._newest() or page
        return page

    def submit(
        self, form: Form, fields: Mapping[str, str] | None = None, files: Mapping[str, File] | None = None
    ) -> Page:
        """Fill in a form of the page that is shown and click its button."""
        shown = self._tab.evaluate("index => document.forms[index]?.action", form.index)
        expect(condition=shown == form.action, otherwise=f"the form for {form.action} is not on {self._tab.url}")
        element = self._tab.locator("form").nth(form.index)
        button = element.locator("button:not([name])").first
        for name, value in (fields or {}).items():
            button = _fill(element, form, name, value) or button
        with TemporaryDirectory() as folder:
            for name, (file, content, _) in (files or {}).items():
                path = Path(folder, file)
                path.write_bytes(content)
                # Its media type is what Chromium takes it for.
                element.locator(f'[name="{name}"]').set_input_files(path)
            # The server's refusal is wanted, and Chromium would not send what does not fit.
            element.evaluate("form => { form.noValidate ||= !form.checkValidity(); }")
            seen = len(self._documents)
            with self._tab.expect_navigation() as navigation:
                button.click()
        return self._came(navigation.value or self._since(seen))

    def _responded(self, response: Response) -> None:
        request = response.request
        if request.is_navigation_request() and request.frame == self._tab.main_frame:
            self._documents.append(response)

    def _since(self, seen: int) -> Response | None:
        """Give what came last, where Playwright knows of nothing: what was left loaded itself anew in that moment."""
        return self._documents[-1] if len(self._documents) > seen else None

    def _newest(self) -> Page | None:
        """Give the page that came last; `None` if the next one has come meanwhile, or a redirect leads to it."""
        try:
            return self._came(self._documents[-1])
        except Error:
            return None

    def _came(self, response: Response | None) -> Page:
        if response is None:
            msg = f"nothing came: Chromium is on {self._tab.url}"
            raise CheckFailedError(msg)
        page = Page(response.url, response.status, response.text())
        way = [response.url]
        before = response.request.redirected_from
        while before:
            way.insert(0, before.url)
            before = before.redirected_from
        return self._shown(page, way)


def _fill(shown: Locator, form: Form, name: str, value: str) -> Locator | None:
    """Fill in one field; if it is a button, give it."""
    control = form.element.select_one(f'[name="{name}"]')
    kind = control and (control.get("type") or control.name)
    one = shown.locator(f'[name="{name}"][value="{value}"]')
    if kind == "button":
        return one
    if kind == "radio":
        one.check()
    elif kind == "hidden":
        shown.locator(f'[name="{name}"]').evaluate("(control, value) => { control.value = value; }", value)
    else:
        shown.locator(f'[name="{name}"]').fill(value)
    return None
