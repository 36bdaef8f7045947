"""What a person does in an app that pushes, and what must come of it; the same in every language."""

from __future__ import annotations

import hashlib
import json
from typing import Any

from .browser import Browser, File
from .checks import Checks, expect, expect_equal
from .lasting_journey import LastingJourney
from .page import Page
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
_ANY_SOURCE = "Stappenteller"
_TOO_MUCH = 20_000_001


class PushJourney(LastingJourney):
    """One person in one app."""

    def __init__(self, app: App, sandbox: Sandbox, browser: Browser, checks: Checks) -> None:
        super().__init__(app, sandbox, browser, checks)
        self._pushed_before = len(sandbox.pushed())

    def go(self) -> None:
        """Go all the way."""
        self._decline(self._sandbox.push, destination="library")
        self._return_uninvited(destination="library")
        self._connect_library()
        self._push_files()
        self._push_nonsense()
        self._connect_provider()
        self._push_measurement()
        self._look_back()
        self._read_back()
        self._come_back_again()
        self._go_on_elsewhere()
        self._check_discretion()
        self._end()

    def _connect_library(self) -> None:
        with self._check("accepting connects the library"):
            page = self._connect()
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
            page = self._answer(self._ask(destination="provider"), "accept", source=_PROVIDER)
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
            page = self._open("/pushed")
            names = [name.get_text() for name in page.content.select("tbody b")]
            expect_equal("names", names, ["Self-measurement", "photo.jpg", "letter.pdf", "receipt.json"])
            pushed = self._sandbox.pushed()[self._pushed_before :]
            expect_equal("pushes that arrived", len(pushed), len(names))
            expect_equal("people", len({push["userId"] for push in pushed}), 1)
            digests = [digest.get_text() for digest in page.content.select("tbody code")]
            expect_equal("SHA-256", digests, [push["sha256"] for push in reversed(pushed[:-1])])

    def _read_back(self) -> None:
        with self._check("what was pushed is read back, byte for byte, once the same person has agreed to it"):
            consent = self._browser.submit(self._open("/pushed").form("/read-back"))
            expect(condition=self._sandbox.read.contract_id in consent.text, otherwise="not asked for reading")
            page = self._answer(consent, "accept", source=_ANY_SOURCE)
            expect_equal("page", (page.status, page.heading), (200, "Read back"))
            self._expect_read_back(page)
        with self._check("it is read back again with no question, though that access token has expired as well"):
            refreshes = self._sandbox.refreshes()
            self._sandbox.expire_access_tokens()
            page = self._browser.submit(page.form("/read-back"))
            expect_equal("page", (page.status, page.heading), (200, "Read back"))
            self._expect_read_back(page)
            expect_equal("refreshes", self._sandbox.refreshes() - refreshes, 1)

    def _expect_read_back(self, page: Page) -> None:
        rows = page.content.select("tbody tr")
        for row, name in zip(rows, ("photo.jpg", "letter.pdf", "receipt.json")):
            expect(condition=name in row.get_text() and "✓" in row.get_text(), otherwise=row.get_text(" ", strip=True))
            link = row.find("a")
            content = self._browser.download(f"{self._app.address}{link['href']}") if link else b""
            expect_equal(name, hashlib.sha256(content).hexdigest(), _sha256_of(name))
        expect_equal("files", len(rows), 3)

    def _connect(self) -> Page:
        return self._answer(self._ask(destination="library"), "accept")

    def _act(self) -> Page:
        return self._upload(("note.txt", b"A note", "text/plain"))

    def _expect_done(self, page: Page) -> None:
        expect_equal("page", (page.status, page.heading), (200, "What was pushed"))

    def _upload(self, file: File, tags: str = "") -> Page:
        form = self._open("/push").form("/push/file")
        return self._browser.submit(form, {"tags": tags}, {"file": file})

    def _push_file(self, name: str, mime_type: str, tags: str = "") -> None:
        content = (FILES / name).read_bytes()
        page = self._upload((name, content, mime_type), tags)
        expect_equal("page", (page.status, page.heading), (200, "What was pushed"))
        pushed = self._sandbox.pushed()[-1]
        expect_equal("SHA-256", pushed["sha256"], _sha256_of(name))
        descriptor = pushed["fileDescriptor"]
        expect_equal("descriptor", (descriptor["mimeType"], descriptor["reference"]), (mime_type, [name]))
        expect(condition=bool(descriptor["accounts"][0]["accountId"]), otherwise="no account is named")

    def _measure(self, fields: dict[str, str]) -> Page:
        form = self._open("/push").form("/push/measurement")
        return self._browser.submit(form, fields)


def _sha256_of(name: str) -> str:
    return hashlib.sha256((FILES / name).read_bytes()).hexdigest()


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
