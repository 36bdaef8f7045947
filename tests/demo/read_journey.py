"""What a person does in an app that reads, and what must come of it; the same in every language."""

from __future__ import annotations

import json
from contextlib import closing
from typing import Any

from .checks import expect, expect_equal
from .lasting_journey import LastingJourney
from .page import Page

_GENERAL_PRACTICE = "MedMij GP data"
_FITNESS_TRACKER = "Stappenteller"
_LAPSED = "Apotheek Zuid"

_RECORD = {"Patient": 1, "Observation": 240, "MedicationStatement": 18, "AllergyIntolerance": 4}
_TRACKED = {"Fitness Activity Summary": 730, "Fitness Activity": 120, "Fitness Sleep": 60}
"""What the sources of the sandbox hold: how many objects of each type."""

_READABLE = {
    "Patient": ("Johanna Voorbeeld", "1971-03-14"),
    "Observation": ("Systolic blood pressure: 118 mmHg, Diastolic blood pressure: 74 mmHg", "68 kg", "69 /min"),
    "MedicationStatement": ("Paracetamol tablet 500 mg", "1 maal per dag 1 stuk"),
    "AllergyIntolerance": ("Penicilline", "high"),
}
"""What a person can read in the table of each type."""


class ReadJourney(LastingJourney):
    """One person in one app."""

    def go(self) -> None:
        """Go all the way."""
        self._decline(self._sandbox.read)
        self._return_uninvited()
        self._read_record()
        self._look_at_record()
        self._read_more()
        self._read_again()
        self._check_privacy()
        self._come_back_again()
        self._go_on_elsewhere()
        self._check_discretion()
        self._end()

    def _read_record(self) -> None:
        with self._check(f"accepting {_GENERAL_PRACTICE} begins to read, and a page shows how far it is"):
            page = self._connect()
            expect_equal("page", (page.status, page.heading), (200, "Your files are being read"))
            expect(condition=page.content.find("progress") is not None, otherwise="no progress bar")
            expect(condition="code=" not in page.address, otherwise=f"the code is still in {page.address}")
        with self._check("the page loads itself anew until every file is there, and lists them all"):
            page = self._browser.stay(page)
            expect_equal("page", (page.status, page.heading), (200, "What was read"))
            expect_equal("files", _listed(page), _RECORD)

    def _look_at_record(self) -> None:
        with self._check("FHIR can be read as tables: names, values with their units, medication"):
            for kind, texts in _READABLE.items():
                page = self._file(kind)
                expect_equal("tables", [table.get_text() for table in page.content.find_all("h2")], [kind])
                expect_equal("rows", len(page.content.select("tbody tr")), _RECORD[kind])
                for text in texts:
                    expect(condition=text in page.text, otherwise=f"{text!r} is not on the page of {kind}")
        with self._check("a file can be saved as it is"):
            bundle = self._saved("Observation")
            expect_equal("bundle", (bundle["resourceType"], len(bundle["entry"])), ("Bundle", _RECORD["Observation"]))

    def _read_more(self) -> None:
        with self._check(f"{_FITNESS_TRACKER} is added for the same person, and {_LAPSED} while that is being read"):
            page = self._answer(self._ask(), "accept", source=_FITNESS_TRACKER)
            expect_equal("page", (page.status, page.heading), (200, "Your files are being read"))
            page = self._browser.stay(self._answer(self._ask(), "accept", source=_LAPSED))
            expect_equal("files", _listed(page), {**_RECORD, **_TRACKED})
        with self._check(f"{_LAPSED} wants the person to log in again: the page says so, and shows the rest"):
            expect(condition="asks the person to log in again" in page.text, otherwise=page.text)
        with self._check("what digi.me has mapped is shown as the JSON that it is"):
            shown = self._file("Fitness Sleep").content.select_one("pre.shown")
            expect_equal("JSON", json.loads(shown.get_text() if shown else "null"), self._saved("Fitness Sleep"))

    def _read_again(self) -> None:
        with self._check(
            "it is read again with no question, though the access token has expired: it is refreshed, once"
        ):
            refreshes, old_tokens = self._sandbox.refreshes(), self._stored_tokens()
            self._sandbox.expire_access_tokens()
            self._expect_done(self._act())
            expect_equal("refreshes", self._sandbox.refreshes() - refreshes, 1)
            expect(condition=not old_tokens & self._stored_tokens(), otherwise="the old token is still stored")

    def _check_privacy(self) -> None:
        with self._check("another browser sees none of it"), closing(self._browser.another()) as stranger:
            link = self._open("/data").content.select_one("tbody a")
            page = stranger.open(f"{self._app.address}{link['href'] if link else ''}")
            expect_equal("page", (page.status, page.heading), (404, "There is no such file"))

    def _connect(self) -> Page:
        return self._answer(self._ask(), "accept", source=_GENERAL_PRACTICE)

    def _act(self) -> Page:
        return self._browser.stay(self._browser.submit(self._browser.stay(self._open("/data")).form("/read")))

    def _expect_done(self, page: Page) -> None:
        expect_equal("page", (page.status, page.heading), (200, "What was read"))
        expect(condition=_RECORD.items() <= _listed(page).items(), otherwise=page.text)

    def _file(self, kind: str) -> Page:
        """Open the file with objects of this type."""
        for link in self._open("/data").content.select("tbody a"):
            if link.get_text() == kind:
                return self._open(str(link["href"]))
        return self._open("/files/none")

    def _saved(self, kind: str) -> Any:  # noqa: ANN401 - it is JSON
        return json.loads(self._browser.download(f"{self._file(kind).address}/content"))


def _listed(page: Page) -> dict[str, int]:
    """Give how many objects of each type the list of files says there are."""
    counts: dict[str, int] = {}
    for row in page.content.select("tbody tr"):
        name, content, *_ = (cell.get_text("\n", strip=True).split("\n")[0] for cell in row.find_all("td"))
        counts[name] = int(content.partition(" ")[0])
    return counts
