"""A user of the app that links patients: logging in, connecting a PKB record, and what their page of it shows."""

from __future__ import annotations

from dataclasses import dataclass

from .browser import Browser
from .page import Page
from .pkb import Patient

ASK = "/apiAuthorize.action"
"""Where PKB asks a patient to approve."""


@dataclass(frozen=True)
class RecordPage:
    """What a page of a record shows."""

    page: Page

    @property
    def title(self) -> tuple[int, str]:
        """The status and the heading."""
        return self.page.title

    @property
    def kind(self) -> str:
        """Which measurements it shows."""
        return self._text("nav a[aria-current=page]")

    @property
    def description(self) -> str:
        """What the chart says to those who do not see it."""
        return self._text("svg[role=img] > desc")

    @property
    def dots(self) -> list[int]:
        """How many dots each line of the chart has."""
        lines = [line.parent for line in self.page.content.select("svg polyline")]
        return [len(line.find_all("circle")) for line in lines if line]

    @property
    def labels(self) -> list[str]:
        """What the axes of the chart say."""
        return [label.get_text() for label in self.page.content.select("svg .axis text")]

    @property
    def rows(self) -> list[list[str]]:
        """The table of the measurements, the latest first."""
        rows = self.page.content.select("details tbody tr")
        return [[cell.get_text(strip=True) for cell in row.find_all("td")] for row in rows]

    def _text(self, selector: str) -> str:
        found = self.page.content.select_one(selector)
        return found.get_text(strip=True) if found else ""


@dataclass(frozen=True)
class TeamPage:
    """What the page of a person's care team shows."""

    page: Page

    @property
    def visible(self) -> list[str]:
        """What the team may see."""
        return [label.get_text(strip=True) for label in self.page.content.select("[aria-labelledby=visible] li")]

    @property
    def is_current(self) -> bool:
        """Whether nothing has changed since the record was extracted."""
        return "Nothing has changed in your record" in self.page.text

    @property
    def extracted(self) -> dict[tuple[str, str], int]:
        """How much there was, by the API that it is from and what it is."""
        lines = self.page.content.select("[aria-labelledby=extract] li")
        parts = [[part.get_text() for part in line.find_all("span")] for line in lines]
        return {(surface, name): int(count) for name, count, surface in parts}


class AppUser:
    """One user, in a browser of their own."""

    def __init__(self, address: str, browser: Browser, name: str) -> None:
        self._address = address
        self._name = name
        self.browser = browser

    def open(self, path: str) -> Page:
        """Go to a page of the app."""
        return self.browser.open(f"{self._address}{path}")

    def log_in(self) -> Page:
        """Log in to the app, and give the start page."""
        form = self.open("/").form("/log-in")
        return self.browser.submit(form, {"user": form.button("user", f"Log in as {self._name}")})

    def ask(self, page: Page) -> Page:
        """Ask to connect from a page that offers it, and give the page of PKB's that asks back."""
        return self.browser.submit(page.form("/connect"))

    def approve(self, asked: Page, patient: Patient) -> Page:
        """Log in at PKB, and approve."""
        return self.browser.submit(
            asked.form(ASK), {"decision": "approve", "login": patient.login, "password": patient.password}
        )

    def deny(self, asked: Page) -> Page:
        """Refuse at PKB."""
        return self.browser.submit(asked.form(ASK), {"decision": "deny"})

    def connect(self, patient: Patient) -> Page:
        """Connect this record, from the start page."""
        return self.approve(self.ask(self.open("/")), patient)

    def send(self, page: Page, action: str, **fields: str) -> Page:
        """Fill in a form of a page and send it."""
        return self.browser.submit(page.form(action), fields)

    def record(self, kind: str = "weight") -> RecordPage:
        """Look at the record, and in it at measurements of this kind."""
        return RecordPage(self.open(f"/record?kind={kind}"))

    def team(self) -> TeamPage:
        """Look at the page of the care team."""
        return TeamPage(self.open("/team"))
