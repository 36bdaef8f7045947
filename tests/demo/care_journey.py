"""What comes before a patient links, and afterwards: an invitation, a care team, what it extracts, PKB's own pages."""

from __future__ import annotations

import time
from contextlib import closing
from urllib.parse import parse_qsl, urlsplit

from .app_user import AppUser, TeamPage
from .browser import Browser
from .checks import Checks, expect, expect_equal
from .journey import Journey
from .sandbox import Sandbox
from .settings import extracts_in
from .stage import App

_MEASURED = ("REST", "Measurements")
_OBSERVED = ("Aggregated", "Observation")
_CONDITIONS = ("Aggregated", "Condition")
_PATIENCE_SECONDS = 30


class CareJourney(Journey):
    """A patient who has no record yet, and one who has."""

    def __init__(self, app: App, sandbox: Sandbox, browser: Browser, checks: Checks) -> None:
        super().__init__(app, sandbox, browser, checks)
        self._pkb = sandbox.pkb
        self._bobby = AppUser(app.address, browser, "Bobby")

    def go(self) -> None:
        """Go all the way."""
        with closing(self._browser.another()) as browser:
            self._invite(AppUser(self._app.address, browser, "Nia"))
        self._connect()
        self._join()
        with self._app.watching():
            self._extract()
            self._measure()
            self._tell()
        self._open_pkb()
        self._leave()

    def _invite(self, nia: AppUser) -> None:
        with (
            self._check(
                "who cannot log in to PKB is invited: the address to register at is shown once, and not logged"
            ),
            self._pkb.expect_tally(invitations=1),
        ):
            invited = nia.send(nia.log_in(), "/invite")
            expect_equal("page", invited.title, (200, "You are invited"))
            link = invited.content.select_one("a[rel=noreferrer]")
            join_url = str(link and link["href"])
            secrets = [value for name, value in parse_qsl(urlsplit(join_url).query) if name in {"t1", "t2"}]
            expect_equal("codes", len(secrets), 2)
            shown = [page for page in nia.browser.pages if any(secret in page.source for secret in secrets)]
            expect_equal("pages with the codes", len(shown), 1)
            expect(condition=not any(secret in nia.open("/").source for secret in secrets), otherwise="shown again")
            self._expect_unlogged(secrets)
            expect_equal("page of PKB's", nia.browser.open(join_url).title, (200, "You are invited"))

    def _connect(self) -> None:
        with self._check("who has a record is not invited to one"), self._pkb.expect_tally(invitations=0):
            page = self._bobby.send(self._bobby.log_in(), "/invite")
            expect_equal("page", page.title, (409, "You have a record"))
        with self._check("and connects it"):
            expect_equal("page", self._bobby.connect(self._pkb.patients["Bobby Barton"]).status, 200)

    def _join(self) -> None:
        with self._check("the page of the care team shows what it may see, by the labels of PKB's consents"):
            team = self._bobby.team()
            expect_equal("labels", team.visible, ["General health", "Social care"])
            self._expect_on_page(team.page, "This is enough")
            expect(condition=not team.is_current, otherwise="something was extracted before anybody watched")
        with self._check("the team takes the patient in, as often as they like"), self._pkb.expect_tally(joins=2):
            for _ in range(2):
                page = self._bobby.send(self._bobby.team().page, "/join")
                expect_equal("page", page.title, (200, "Your care team"))

    def _extract(self) -> None:
        with self._check("the worker extracts a record that it has not seen, from the REST API and from Aggregated"):
            extracted = self._extracted()
            expect(condition=extracted[_MEASURED] > 0, otherwise="no measurements")
            # Of the three one is of mental health.
            expect_equal("conditions", extracted[_CONDITIONS], 2)

    def _measure(self) -> None:
        with self._check("a measurement that is added is extracted from the REST API, and is not in Aggregated"):
            before = self._extracted()
            record = self._bobby.record().page
            self._bobby.send(record, "/measurements?kind=weight", taken_on="2026-01-16", weight="86.5")
            self._expect_extracted({**before, _MEASURED: before[_MEASURED] + 1})

    def _tell(self) -> None:
        with self._check("an answer that makes no sense is refused"), self._pkb.expect_tally(stored=0):
            page = self._bobby.send(self._bobby.team().page, "/pain", pain="11")
            expect_equal("page", page.title, (422, "Your answer is not complete"))
        with self._check("what the team is told goes to Customer, and is extracted from Aggregated"):
            team = self._bobby.team()
            before = self._extracted()
            form = team.page.form("/pain")
            for _ in range(2):
                # A form that is sent again is stored once.
                self._bobby.send(self._bobby.team().page, "/pain", pain="3", id=form.fields["id"])
            self._expect_extracted({**before, _OBSERVED: before[_OBSERVED] + 1})
        with self._check("organisation and patient are there once, and what is about them has come through"):
            kept = self._pkb.sent_to_customer()
            kinds = [reference.split("/")[0] for reference, _ in kept]
            expect_equal("sent once", (kinds.count("Organization"), kinds.count("Patient")), (1, 1))
            # Aggregated has no organisations of its own.
            expect_equal("fates", {fate for _, fate in kept[1:]}, {"aggregated"})

    def _open_pkb(self) -> None:
        with self._check("PKB's own page opens without logging in, by an address that is not logged"):
            page = self._bobby.send(self._bobby.record().page, "/open-pkb")
            expect_equal("page", page.title, (200, "You are logged in"))
            expect(condition=page.address.startswith(self._pkb.base_url), otherwise=f"at {page.address}")
            secrets = [value for name, value in parse_qsl(urlsplit(page.address).query) if name == "otpToken"]
            expect_equal("passwords", len(secrets), 1)
            self._expect_unlogged(secrets)
            self._expect_discretion(secrets)

    def _leave(self) -> None:
        with self._check("with the connection goes what was extracted"):
            folder = extracts_in(self._app.data)
            expect_equal("records", len([*folder.iterdir()]), 1)
            self._bobby.send(self._bobby.open("/"), "/unlink")
            expect_equal("records", len([*folder.iterdir()]), 0)

    def _extracted(self) -> dict[tuple[str, str], int]:
        """Give what was extracted, once nothing has changed since."""
        return self._once_current().extracted

    def _expect_extracted(self, expected: dict[tuple[str, str], int]) -> None:
        expect_equal("extracted", self._extracted(), expected)

    def _once_current(self) -> TeamPage:
        until = time.monotonic() + _PATIENCE_SECONDS
        while not (team := self._bobby.team()).is_current:
            expect(condition=time.monotonic() < until, otherwise="what has changed is not extracted")
            time.sleep(0.2)
        return team
