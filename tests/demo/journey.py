"""What a person does in an example app, and what must come of it; the same for every app."""

from __future__ import annotations

import hashlib
import json
import sqlite3
from typing import Any

from .browser import Browser, File, Page
from .checks import Checks, expect, expect_equal
from .places import FILES
from .sandbox import Sandbox
from .stage import App

_MEASUREMENT = {
    "given_name": "Johanna",
    "family_name": "de Vries-Özdemir",
    "birth_date": "1961-04-30",
    "measured_on": "2026-01-15",
    "weight": "72.5",
    "systolic": "128",
    "diastolic": "82",
    "heart_rate": "64",
}
_PROVIDER = "Huisartsenpraktijk De Linde"
_TOO_MUCH = 20_000_001


class Journey:
    """One person in one app."""

    def __init__(self, app: App, sandbox: Sandbox, browser: Browser, checks: Checks) -> None:
        self._app = app
        self._sandbox = sandbox
        self._browser = browser
        self._check = checks.check
        self._pushed_before = len(sandbox.pushed())
        self._tokens: set[str] = set()

    def go(self) -> None:
        """Go all the way."""
        self._decline()
        self._return_uninvited()
        self._connect_library()
        self._push_files()
        self._push_nonsense()
        self._connect_provider()
        self._push_measurement()
        self._look_back()

    def _decline(self) -> None:
        with self._check("the start page sends to digi.me's consent page, which names app and contract"):
            consent = self._ask("library")
            expect(condition=consent.address.startswith(self._sandbox.onboard_url), otherwise=f"at {consent.address}")
            for known in (self._sandbox.application_id, self._sandbox.contract_id):
                expect(condition=known in consent.text, otherwise=f"{known} is not on the consent page")
        with self._check("declining ends on a friendly page"):
            page = self._answer(consent, "decline")
            expect_equal("page", (page.status, page.heading), (200, "Not connected"))
            expect(condition="nothing was sent" in page.text, otherwise=page.text)
        with self._check("a code that digi.me did not give out ends on a page that explains the SDK's error"):
            page = self._browser.open(page.address.replace("success=false", "success=true&code=made-up"))
            expect_equal("status", page.status, 403)
            for part in ("ServerError", "ERR_SERVER", "Reference"):
                expect(condition=part in page.text, otherwise=f"{part} is not in: {page.text}")

    def _return_uninvited(self) -> None:
        with self._check("coming back with another state is refused"):
            self._ask("library")
            page = self._browser.open(f"{self._app.address}/return?success=true&state=forged&code=any")
            expect_equal("page", (page.status, page.heading), (400, "This way back is not known"))
        with self._check("a form of another browser is refused"):
            form = self._start().form("/connect", destination="library")
            page = self._browser.submit(form, {"form_token": "forged"})
            expect_equal("page", (page.status, page.heading), (403, "This form is out of date"))

    def _connect_library(self) -> None:
        with self._check("accepting connects the library"):
            page = self._answer(self._ask("library"), "accept")
            expect_equal("page", (page.status, page.heading), (200, "What would you like to send?"))
            expect(condition="code=" not in page.address, otherwise=f"the code is still in {page.address}")

    def _push_files(self) -> None:
        with self._check("receipt.json arrives unchanged"):
            self._push_file("receipt.json", "application/json", tags="receipt, pharmacy")
            descriptor = self._sandbox.pushed()[-1]["fileDescriptor"]
            expect_equal("tags", descriptor["tags"], ["receipt", "pharmacy"])
        refreshes = self._sandbox.refreshes()
        old_tokens = self._stored_tokens()
        with self._check("letter.pdf arrives unchanged though the access token has expired: it is refreshed, once"):
            self._sandbox.expire_access_tokens()
            self._push_file("letter.pdf", "application/pdf")
            expect_equal("refreshes", self._sandbox.refreshes() - refreshes, 1)
        with self._check("the app has stored the new token: photo.jpg arrives unchanged with no other refresh"):
            # The SDK knows while it runs which token it got for the old one, so the refreshes alone prove nothing.
            expect(condition=not old_tokens & self._stored_tokens(), otherwise="the old token is still stored")
            self._push_file("photo.jpg", "image/jpeg")
            expect_equal("refreshes", self._sandbox.refreshes() - refreshes, 1)

    def _push_nonsense(self) -> None:
        with self._check("a file of more than 20 MB is refused"):
            page = self._upload(("large.bin", bytes(_TOO_MUCH), "application/octet-stream"))
            expect_equal("page", (page.status, page.heading), (413, "The file is too large"))

    def _connect_provider(self) -> None:
        with self._check(f"{_PROVIDER} is connected for the same person"):
            consent = self._ask("provider")
            source = consent.form("/apps/saas/authorize").choice("source", _PROVIDER)
            page = self._answer(consent, "accept", source=source)
            expect(condition=f"Connected: {_PROVIDER}" in page.text, otherwise=page.text)
            expect(condition="Add to my library" in page.content.text, otherwise="the library is gone")

    def _push_measurement(self) -> None:
        with self._check("half a blood pressure is refused"):
            page = self._measure({**_MEASUREMENT, "diastolic": ""})
            expect_equal("status", page.status, 422)
        with self._check("a measurement arrives unchanged as a FHIR batch of a Patient and three Observations"):
            shown = self._measure(_MEASUREMENT).content.select_one("tr[data-destination=provider] pre")
            document = json.loads(shown.get_text() if shown else "{}")
            pushed = self._sandbox.pushed()[-1]
            expect_equal("kind", (pushed["kind"], pushed["version"]), ("provider", "stu3"))
            expect_equal("bundle", pushed["json"], document)
            expect_equal("bundle", _summary(document), _summary_expected())

    def _look_back(self) -> None:
        with self._check("the last page lists everything that was pushed, by the same person"):
            page = self._browser.open(f"{self._app.address}/pushed")
            names = [name.get_text() for name in page.content.select("tbody b")]
            expect_equal("names", names, ["Self-measurement", "photo.jpg", "letter.pdf", "receipt.json"])
            pushed = self._sandbox.pushed()[self._pushed_before :]
            expect_equal("pushes that arrived", len(pushed), len(names))
            expect_equal("people", len({push["userId"] for push in pushed}), 1)
            digests = [digest.get_text() for digest in page.content.select("tbody code")]
            expect_equal("SHA-256", digests, [push["sha256"] for push in reversed(pushed[:-1])])
        with self._check("no page has shown a token, a key or a stack"):
            self._stored_tokens()
            secrets = [*self._tokens, self._sandbox.private_key.splitlines()[1], "Traceback", "node:internal"]
            leaks = [secret for secret in secrets for text in self._browser.seen if secret in text]
            expect_equal("leaks", len(leaks), 0)

    def _stored_tokens(self) -> set[str]:
        """Give the tokens that the app has stored now."""
        database = sqlite3.connect(self._app.database)
        rows = database.execute("SELECT user_access_token FROM session WHERE user_access_token IS NOT NULL").fetchall()
        database.close()
        documents = [json.loads(row[0]) for row in rows]
        tokens = {document[kind]["value"] for document in documents for kind in ("accessToken", "refreshToken")}
        expect(condition=bool(tokens), otherwise="the app has stored no token")
        self._tokens |= tokens
        return tokens

    def _start(self) -> Page:
        return self._browser.open(f"{self._app.address}/")

    def _ask(self, destination: str) -> Page:
        """Ask digi.me to connect, and give its consent page."""
        return self._browser.submit(self._start().form("/connect", destination=destination))

    def _answer(self, consent: Page, decision: str, **fields: str) -> Page:
        return self._browser.submit(consent.form("/apps/saas/authorize"), {"decision": decision, **fields})

    def _upload(self, file: File, tags: str = "") -> Page:
        form = self._browser.open(f"{self._app.address}/push").form("/push/file")
        return self._browser.submit(form, {"tags": tags}, {"file": file})

    def _push_file(self, name: str, mime_type: str, tags: str = "") -> None:
        content = (FILES / name).read_bytes()
        page = self._upload((name, content, mime_type), tags)
        expect_equal("page", (page.status, page.heading), (200, "What was pushed"))
        pushed = self._sandbox.pushed()[-1]
        expect_equal("SHA-256", pushed["sha256"], hashlib.sha256(content).hexdigest())
        descriptor = pushed["fileDescriptor"]
        expect_equal("descriptor", (descriptor["mimeType"], descriptor["reference"]), (mime_type, [name]))
        expect(condition=bool(descriptor["accounts"][0]["accountId"]), otherwise="no account is named")

    def _measure(self, fields: dict[str, str]) -> Page:
        form = self._browser.open(f"{self._app.address}/push").form("/push/measurement")
        return self._browser.submit(form, fields)


def _summary(bundle: dict[str, Any]) -> tuple[object, ...]:
    """Say what a bundle holds: its type, whose it is, and the LOINC codes with their values."""
    patient, *observations = [entry["resource"] for entry in bundle.get("entry", [{"resource": {}}])]
    values: dict[str, object] = {}
    for observation in observations:
        for part in observation.get("component", [observation]):
            values[part["code"]["coding"][0]["code"]] = part["valueQuantity"]["value"]
    return bundle.get("type"), patient.get("birthDate"), patient.get("name", [{}])[0].get("text"), values


def _summary_expected() -> tuple[object, ...]:
    values = {"29463-7": 72.5, "8480-6": 128, "8462-4": 82, "8867-4": 64}
    return "batch", _MEASUREMENT["birth_date"], "Johanna de Vries-Özdemir", values
