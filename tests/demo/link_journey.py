"""What people do in an app that links patients, and what must come of it; the same in every language."""

from __future__ import annotations

from collections.abc import Generator
from contextlib import closing, contextmanager
from urllib.parse import parse_qs, urlsplit

from . import local
from .app_user import AppUser
from .browser import Browser
from .checks import Checks, expect, expect_equal
from .journey import Journey
from .page import Page
from .sandbox import Sandbox
from .stage import App

_RECORD = (200, "Your record")
_NOT_CONNECTED = (409, "Your record is not connected")
_WEEKS = 40
"""For how many weeks the first patient has measured; three measurements each, of which a page of PKB's has 20."""

_DEMOGRAPHICS = ("Dr. Bobby Barton", "2000-01-01", "Male", "bobby.barton@example.com", "1 Sandbox Street", "178 cm")
_NHS_NUMBER = ("NHS number", "9991566171", "https://fhir.nhs.uk/Id/nhs-number")
_CHI_NUMBER = ("CHI number", "0102850004", "urn:oid:2.16.840.1.113883.2.1.3.2.4.16.53")
_WEIGHED = {"taken_on": "2026-01-15", "weight": "86.4"}


class LinkJourney(Journey):
    """Two users of one app, each with a PKB record."""

    def __init__(self, app: App, sandbox: Sandbox, browser: Browser, checks: Checks) -> None:
        super().__init__(app, sandbox, browser, checks)
        self._pkb = sandbox.pkb
        self._bobby = AppUser(app.address, browser, "Bobby")
        self._record = sandbox.pkb.patients["Bobby Barton"]
        # By those who went through other apps: nothing but weights is written, and in no other record.
        self._weighed_before = sandbox.pkb.tally()["writes"]

    def go(self) -> None:
        """Go all the way."""
        self._log_in()
        self._deny()
        self._return_uninvited()
        self._connect()
        self._look()
        self._refresh()
        self._measure()
        with closing(self._browser.another()) as browser:
            self._contend(AppUser(self._app.address, browser, "Morag"))
        self._freeze()
        self._go_on_elsewhere()
        self._expire()
        self._leave()
        with self._check("no page has shown a code, a key or a stack"):
            codes = [code for address in self._browser.visited for code in _parameter(address, "code")]
            expect(condition=bool(codes), otherwise="no code came by")
            self._expect_discretion(codes)

    def _log_in(self) -> None:
        with self._check("nobody sees a record before they log in, and connect it"):
            expect_equal("page", self._bobby.open("/record").title, (401, "Nobody is logged in"))
            expect_equal("page", self._bobby.log_in().title, (200, "Hello, Bobby"))
            expect_equal("page", self._bobby.record().title, _NOT_CONNECTED)

    def _deny(self) -> None:
        with self._check("the start page sends to PKB's page, which names the client"):
            asked = self._bobby.ask(self._bobby.open("/"))
            expect(condition=asked.address.startswith(self._pkb.base_url), otherwise=f"at {asked.address}")
            expect(condition=self._pkb.client_id in asked.text, otherwise="the client is not named")
        with self._check("denying ends on a friendly page"):
            page = self._bobby.deny(asked)
            expect_equal("page", page.title, (200, "Not connected"))
            expect(condition="That is fine" in page.text, otherwise=page.text)
        with self._check("a code does not help after that: the attempt is over"):
            address = page.address.replace("error=access_denied", "code=made-up-code")
            expect_equal("page", self._browser.open(address).title, (409, "The way back ends here"))

    def _return_uninvited(self) -> None:
        with self._check("coming back with another state is refused, with a button to connect again"):
            self._bobby.ask(self._bobby.open("/"))
            page = self._bobby.open("/return?state=forged&code=forged-code")
            expect_equal("page", page.title, (400, "The way back ends here"))
            page.form("/connect")
        with self._check("a form of another browser is refused"):
            self._expect_refused_form("/connect")

    def _connect(self) -> None:
        with self._check("approving connects, and goes on with the measurements that were wanted"):
            asked = self._bobby.ask(self._bobby.record("heart-rate").page)
            with self._pkb.expect_tally(exchanges=1, purviews=1):
                page = self._bobby.approve(asked, self._record)
            expect_equal("page", page.title, _RECORD)
            expect(condition=page.address.endswith("/record?kind=heart-rate"), otherwise=f"at {page.address}")
        with (
            self._check("coming back twice does no harm: the code is exchanged once"),
            self._pkb.expect_tally(exchanges=0),
        ):
            expect_equal("page", self._browser.open(self._callback()).title, _RECORD)

    def _look(self) -> None:
        with self._check("the patient's demographics are there, and the NHS number with its system"):
            self._expect_on_page(self._bobby.record().page, *_DEMOGRAPHICS, *_NHS_NUMBER)
        with self._check("each kind of measurement is a chart with axes, and a table, from all pages of the search"):
            for kind, unit, lines, count in (
                ("Weight", "kg", 1, _WEEKS + self._weighed_before),
                ("Blood pressure", "mmHg", 2, _WEEKS),
                ("Heart rate", "beats/minute", 1, _WEEKS),
            ):
                record = self._bobby.record(kind.lower().replace(" ", "-"))
                expect_equal("kind", record.kind, kind)
                expect_equal("dots", record.dots, [count] * lines)
                expect_equal("rows", len(record.rows), count)
                expect_equal("latest row", (record.rows[0][0], len(record.rows[0])), ("2026-06-30", lines + 1))
                expect(condition={unit, "2026-06-30"} <= set(record.labels), otherwise=f"axes: {record.labels}")
                expect(condition=f"Measured {count} times" in record.description, otherwise=record.description)

    def _refresh(self) -> None:
        with self._check(
            "the access token expires: the two calls of the next page refresh it once, and the page is there"
        ):
            self._pkb.expire_access_tokens()
            with self._pkb.expect_tally(refreshes=1, reuses=0):
                expect_equal("page", self._bobby.record().title, _RECORD)

    def _measure(self) -> None:
        with self._check("a measurement that makes no sense is refused"), self._pkb.expect_tally(writes=0):
            page = self._add(weight="8640", taken_on="2026-01-15")
            expect_equal("page", page.title, (422, "The measurement is not complete"))
        with self._check("a measurement that is added is stored once, and shown once"), self._expect_weighed_once():
            expect_equal("page", self._add(**_WEIGHED).title, _RECORD)
        with self._check("it is not sent again if the answer is lost: the page says to look first"):
            self._sandbox.lose_answer("POST /json/v1/measurements")
            with self._expect_weighed_once():
                page = self._add(**_WEIGHED)
            expect_equal("page", page.title, (504, "It is not certain that this was stored"))

    def _contend(self, morag: AppUser) -> None:
        with self._check("another user cannot complete what this one began"):
            morag.log_in()
            page = morag.browser.open(self._callback())
            expect_equal("page", page.title, (403, "The way back ends here"))
            expect_equal("page", morag.record().title, _NOT_CONNECTED)
        with self._check("another user who approves the same record is told, and takes nothing unasked"):
            conflict = morag.connect(self._record)
            expect_equal("page", conflict.title, (200, "This record is connected to another user"))
            expect(condition="code=" not in conflict.address, otherwise=f"the code is still in {conflict.address}")
            expect_equal("page", self._bobby.record().title, _RECORD)
        with self._check(
            "with the button to replace they get it, though the code is spent, and the first user loses it"
        ):
            with self._pkb.expect_tally(exchanges=0):
                page = morag.send(conflict, "/replace")
            expect_equal("page", page.title, _RECORD)
            self._expect_on_page(page, *_NHS_NUMBER)
            expect_equal("page", self._bobby.record().title, _NOT_CONNECTED)
        with self._check("a user who approves another record is asked too, and has that one then"):
            conflict = morag.connect(self._pkb.patients["Morag Specimen"])
            expect_equal("page", conflict.title, (200, "You are connected to another record"))
            self._expect_on_page(morag.send(conflict, "/replace"), "Morag Specimen", *_CHI_NUMBER)
        with self._check("the record is free again: the first user connects it with no question"):
            expect_equal("page", self._bobby.connect(self._record).title, _RECORD)

    def _freeze(self) -> None:
        with self._check("PKB freezes the access: the page says so, and all is well again after that"):
            self._pkb.freeze(self._record)
            expect_equal("page", self._bobby.record().title, (403, "Access to your record is frozen"))
            self._pkb.unfreeze(self._record)
            expect_equal("page", self._bobby.record().title, _RECORD)

    def _go_on_elsewhere(self) -> None:
        with self._check(
            "another process of the app has the same user connected: the tokens are refreshed once for both"
        ):
            self._pkb.expire_access_tokens()
            with self._app.another() as address, self._pkb.expect_tally(refreshes=1, reuses=0):
                with self._at(address):
                    expect_equal("page", self._open("/record").title, _RECORD)
                expect_equal("page", self._bobby.record().title, _RECORD)
        with self._check("it tells a probe that it is ready"):
            expect_equal("answer", local.get(f"{self._app.address}/ready"), {"ready": True})
        with self._check("the daily work looks at everybody, and lets be who was here today"):
            printed = self._app.work_daily()
            expect(condition=" 0 refreshed, 0 ended, 0 failed" in printed, otherwise=printed)

    def _expire(self) -> None:
        with self._check("PKB's session is over: the page asks to connect again, and so does the start page"):
            self._pkb.expire_sessions()
            ended = self._bobby.record("blood-pressure")
            expect_equal("page", ended.title, (403, "Your connection has ended"))
            self._expect_on_page(self._bobby.open("/"), "Your connection has ended")
        with self._check("connecting again from there goes on where it ended"):
            asked = self._bobby.ask(self._bobby.record("blood-pressure").page)
            page = self._bobby.approve(asked, self._record)
            expect_equal("page", page.title, _RECORD)
            expect(condition=page.address.endswith("/record?kind=blood-pressure"), otherwise=f"at {page.address}")

    def _leave(self) -> None:
        with (
            self._check("disconnecting ends it, and PKB is not asked for the record any more"),
            self._pkb.expect_tally(calls=0),
        ):
            self._expect_on_page(self._bobby.send(self._bobby.open("/"), "/unlink"), "It is not connected")
            expect_equal("page", self._bobby.record().title, _NOT_CONNECTED)
        with self._check("who logs out sees nothing"):
            self._bobby.send(self._bobby.open("/"), "/log-out")
            expect_equal("page", self._bobby.open("/record").title, (401, "Nobody is logged in"))

    def _add(self, **fields: str) -> Page:
        return self._bobby.send(self._bobby.record().page, "/measurements?kind=weight", **fields)

    @contextmanager
    def _expect_weighed_once(self) -> Generator[None]:
        """Fail unless what happens inside stores the weight once, so that it is shown once more than before."""
        row = list(_WEIGHED.values())
        before = self._bobby.record().rows.count(row)
        with self._pkb.expect_tally(writes=1):
            yield
        expect_equal("rows", self._bobby.record().rows.count(row), before + 1)

    def _callback(self) -> str:
        """Give the address that PKB last sent the first user back to."""
        return [address for address in self._browser.visited if _parameter(address, "code")][-1]


def _parameter(address: str, name: str) -> list[str]:
    return parse_qs(urlsplit(address).query).get(name, [])
