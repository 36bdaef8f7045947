"""A browser without a screen: it follows redirects, keeps cookies, and submits forms."""

from __future__ import annotations

import time
from collections.abc import Mapping

import httpx

from .browser import Browser, File
from .local import TLS
from .page import Form, Page


class HttpBrowser(Browser):
    """A browser of one person, over HTTP alone."""

    def __init__(self, pages: list[Page] | None = None) -> None:
        super().__init__(pages)
        self._client = httpx.Client(follow_redirects=True, trust_env=False, verify=TLS, timeout=30)

    def another(self) -> HttpBrowser:
        """Give the browser of another person."""
        return HttpBrowser(self.pages)

    def close(self) -> None:
        """Let go of its connections."""
        self._client.close()

    def open(self, address: str) -> Page:
        """Go to an address."""
        return self._came(self._client.get(address))

    def download(self, address: str) -> bytes:
        """Get what is there to be saved."""
        return self._client.get(address).raise_for_status().content

    def stay(self, page: Page) -> Page:
        """Stay on the page that is shown until it does not load itself anew any more."""
        while (seconds := page.loads_again_after) is not None:
            time.sleep(seconds)
            page = self.open(page.address)
        return page

    def submit(
        self, form: Form, fields: Mapping[str, str] | None = None, files: Mapping[str, File] | None = None
    ) -> Page:
        """Fill in a form of the page that is shown and send it."""
        data = {**form.fields, **(fields or {})}
        if form.multipart:
            return self._came(self._client.post(form.action, data=data, files=files or {}))
        return self._came(self._client.post(form.action, data=data))

    def _came(self, response: httpx.Response) -> Page:
        way = [str(each.url) for each in (*response.history, response)]
        return self._shown(Page(str(response.url), response.status_code, response.text), way)
