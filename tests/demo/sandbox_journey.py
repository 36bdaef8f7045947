"""What a person sees of the sandbox itself, beside the pages to which the example apps lead."""

from __future__ import annotations

from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

from digime_sdk import ContractDetails, UserAccessToken, blocking

from .browser import Browser
from .checks import Checks, expect, expect_equal
from .page import Page
from .sandbox import Sandbox

_SOURCE = "MedMij GP data"
_CONFIRMATIONS = ("Log in again", "Do you still agree?", "Take back your permission?")
_ASK = "/apiAuthorize.action"


class SandboxJourney:
    """One person, whom no app sends."""

    def __init__(self, sandbox: Sandbox, browser: Browser, checks: Checks) -> None:
        self._sandbox = sandbox
        self._browser = browser
        self._check = checks.check
        self._back = f"{sandbox.origin}/return"
        """Where an app would be. A page says that nothing is there."""

    def go(self) -> None:
        """Go all the way."""
        self._look_around()
        self._lose_the_way()
        self._confirm()
        self._fail_at_pkb()

    def _look_around(self) -> None:
        with self._check("the front page tells what the sandbox is, and each of its links and buttons works"):
            front = self._browser.open(self._sandbox.origin)
            expect_equal("page", front.title, (200, "digi.me and Patients Know Best, offline"))
            for link in front.content.select("main a"):
                expect_equal(link.get_text(), self._browser.open(f"{self._sandbox.origin}{link['href']}").status, 200)
            for form in front.content.select("form"):
                front = self._browser.open(self._sandbox.origin)
                answer = self._browser.submit(front.form(str(form["action"])))
                expect_equal(form.get_text(strip=True), answer.status, 200)

    def _lose_the_way(self) -> None:
        with self._check("who loses the way is told so"):
            expect_equal("page", self._open("/none").title, (404, "There is no such page"))
            page = self._open("/apps/saas/authorize?code=made-up&sourceType=pull")
            expect_equal("page", page.title, (400, "This link cannot be used"))

    def _confirm(self) -> None:
        with self._check("an account is logged in to again, a consent renewed, and a permission taken back"):
            sdk, contract = self._sdk()
            asked = sdk.get_authorize_url(contract_details=contract, callback=self._back, state="sandbox")
            consent = self._browser.open(asked["url"]).form("/apps/saas/authorize")
            page = self._browser.submit(consent, {"source": consent.choice("source", _SOURCE), "decision": "accept"})
            token = sdk.exchange_code_for_token(
                contract_details=contract,
                code_verifier=asked["code_verifier"],
                authorization_code=parse_qs(urlsplit(page.address).query)["code"][0],
            )
            for question, address in zip(_CONFIRMATIONS, self._addresses(sdk, contract, token)):
                page = self._browser.open(address)
                expect_equal("page", page.title, (200, question))
                page = self._browser.submit(page.form(urlsplit(address).path), {"decision": "accept"})
                expect(condition=page.address.startswith(self._back), otherwise=f"at {page.address}")

    def _addresses(self, sdk: Any, contract: ContractDetails, token: UserAccessToken) -> list[str]:  # noqa: ANN401
        (account,) = sdk.read_accounts(contract_details=contract, user_access_token=token)["accounts"]
        given = {"contract_details": contract, "user_access_token": token}
        account_given = {**given, "account_id": account["id"]}
        return [
            sdk.get_reauthorize_account_url(**account_given, callback=self._back)["url"],
            sdk.get_reauthorize_url(**given, callback=self._back)["url"],
            sdk.get_revoke_account_permission_url(**account_given, redirect_uri=self._back)["location"],
        ]

    def _fail_at_pkb(self) -> None:
        with self._check("PKB tells of an unknown login, and of a request that it does not understand"):
            asked = self._ask_at_pkb()
            stranger = {"login": "nobody@example.com", "password": "none", "decision": "approve"}
            page = self._browser.submit(asked.form(_ASK), stranger)
            expect(condition="There is nobody with this login" in page.text, otherwise=page.text)
            page = self._open(_ASK)
            expect_equal("page", page.title, (400, "This application's request cannot be answered"))
        with self._check("PKB may keep it to itself that somebody denied"):
            self._sandbox.pkb.set_mode("denial", "page")
            page = self._browser.submit(self._ask_at_pkb().form(_ASK), {"decision": "deny"})
            self._sandbox.pkb.set_mode("denial", "redirect")
            expect_equal("page", page.title, (200, "You denied the request"))

    def _ask_at_pkb(self) -> Page:
        asked = {
            "client_id": self._sandbox.pkb.client_id,
            "response_type": "code",
            "redirect_uri": self._back,
            "scope": "PATIENT",
        }
        return self._open(f"{_ASK}?{urlencode(asked)}")

    def _sdk(self) -> tuple[blocking.DigiMeSDK, ContractDetails]:
        sdk = blocking.init(
            application_id=self._sandbox.application_id,
            base_url=self._sandbox.base_url,
            onboard_url=self._sandbox.onboard_url,
            cloud_base_url=self._sandbox.cloud_base_url,
        )
        read = self._sandbox.read
        return sdk, {"contract_id": read.contract_id, "private_key": read.private_key}

    def _open(self, path: str) -> Page:
        return self._browser.open(f"{self._sandbox.origin}{path}")
