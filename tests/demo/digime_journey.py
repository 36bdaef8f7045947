"""What the apps for digi.me have in common for a person: connecting, and what is stored of it."""

from __future__ import annotations

import json
import sqlite3

from .browser import Browser
from .checks import Checks, expect, expect_equal
from .journey import Journey
from .page import Page
from .sandbox import Contract, Sandbox
from .stage import App


class DigimeJourney(Journey):
    """One person in one app."""

    token_columns: tuple[str, ...] = ("user_access_token",)
    """Where the app keeps the tokens of a browser's session."""

    def __init__(self, app: App, sandbox: Sandbox, browser: Browser, checks: Checks) -> None:
        super().__init__(app, sandbox, browser, checks)
        self._tokens: set[str] = set()

    def _ask(self, **fields: str) -> Page:
        """Ask digi.me to connect, and give its consent page."""
        return self._browser.submit(self._open("/").form("/connect", **fields))

    def _answer(self, consent: Page, decision: str, source: str | None = None) -> Page:
        """Accept, having chosen the source of this name if there are several; or decline."""
        form = consent.form("/apps/saas/authorize")
        fields = {"source": form.choice("source", source)} if source else {}
        return self._browser.submit(form, {"decision": decision, **fields})

    def _decline(self, contract: Contract, **fields: str) -> None:
        with self._check("the start page sends to digi.me's consent page, which names app and contract"):
            consent = self._ask(**fields)
            expect(condition=consent.address.startswith(self._sandbox.onboard_url), otherwise=f"at {consent.address}")
            for known in (self._sandbox.application_id, contract.contract_id):
                expect(condition=known in consent.text, otherwise=f"{known} is not on the consent page")
        with self._check("declining ends on a friendly page"):
            page = self._answer(consent, "decline")
            expect_equal("page", (page.status, page.heading), (200, "Not connected"))
            expect(condition="That is fine" in page.text, otherwise=page.text)
        with self._check("a code that digi.me did not give out ends on a page that explains the SDK's error"):
            page = self._browser.open(page.address.replace("success=false", "success=true&code=made-up"))
            expect_equal("status", page.status, 403)
            for part in ("ServerError", "ERR_SERVER", "Reference"):
                expect(condition=part in page.text, otherwise=f"{part} is not in: {page.text}")

    def _return_uninvited(self, **fields: str) -> None:
        with self._check("coming back with another state is refused"):
            self._ask(**fields)
            page = self._open("/return?success=true&state=forged&code=any")
            expect_equal("page", (page.status, page.heading), (400, "This way back is not known"))
        with self._check("a form of another browser is refused"):
            self._expect_refused_form("/connect", **fields)

    def _check_discretion(self) -> None:
        with self._check("no page has shown a token, a key or a stack"):
            self._stored_tokens()
            self._expect_discretion(self._tokens)

    def _stored_tokens(self) -> set[str]:
        """Give the tokens that the app has stored now."""
        database = sqlite3.connect(self._app.database)
        rows = database.execute(f"SELECT {', '.join(self.token_columns)} FROM session").fetchall()  # noqa: S608 - our own
        database.close()
        documents = [json.loads(column) for row in rows for column in row if column is not None]
        tokens = {document[kind]["value"] for document in documents for kind in ("accessToken", "refreshToken")}
        expect(condition=bool(tokens), otherwise="the app has stored no token")
        self._tokens |= tokens
        return tokens
