"""What the apps for digi.me have in common for a person who connects."""

from __future__ import annotations

from .checks import expect, expect_equal
from .journey import Journey
from .page import Page
from .sandbox import Contract


class DigimeJourney(Journey):
    """One person in one app."""

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
        with self._check(
            "a code that digi.me did not give out does not help after that: a page explains the SDK's error"
        ):
            page = self._browser.open(
                page.address.replace("success=false", "success=true&code=made-up").replace("errorCode", "was")
            )
            expect_equal("page", (page.status, page.heading), (400, "This way back is not known"))
            for part in ("ConnectStateError", "ERR_CONNECT_STATE"):
                expect(condition=part in page.text, otherwise=f"{part} is not in: {page.text}")

    def _return_uninvited(self, **fields: str) -> None:
        with self._check("coming back with another state is refused"):
            self._ask(**fields)
            page = self._open("/return?success=true&state=forged&code=any")
            expect_equal("page", (page.status, page.heading), (400, "This way back is not known"))
        with self._check("a form of another browser is refused"):
            self._expect_refused_form("/connect", **fields)
