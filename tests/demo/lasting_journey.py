"""What becomes of a person who is connected: in other processes of the app, after a restart, and in the end."""

from __future__ import annotations

from abc import abstractmethod
from contextlib import closing

from . import local
from .browser import Browser
from .checks import Checks, expect, expect_equal
from .digime_journey import DigimeJourney
from .kept import Kept
from .page import Page
from .sandbox import Sandbox
from .stage import App


class LastingJourney(DigimeJourney):
    """One person in one app."""

    def __init__(self, app: App, sandbox: Sandbox, browser: Browser, checks: Checks) -> None:
        super().__init__(app, sandbox, browser, checks)
        self._kept = Kept(app, sandbox)
        self._tokens: set[str] = set()
        """All that were stored when this journey looked."""

    @abstractmethod
    def _connect(self) -> Page:
        """Connect, and give the page that shows that."""

    @abstractmethod
    def _act(self) -> Page:
        """Do something for which digi.me wants a token, and give the page that comes of it."""

    @abstractmethod
    def _expect_done(self, page: Page) -> None:
        """Fail unless that is the page of something that went well."""

    def _come_back_again(self) -> None:
        back = [address for address in self._browser.visited if "code=" in address and "/return" in address][-1]
        with self._check("the way back may be loaded again by who was sent away, and by nobody else"):
            page = self._browser.open(back)
            expect_equal("status", page.status, 200)
            expect(condition="code=" not in page.address, otherwise=f"the code is still in {page.address}")
            with closing(self._browser.another()) as stranger:
                page = stranger.open(back)
                expect_equal("page", (page.status, page.heading), (400, "This way back is not known"))
                expect(condition="Connected:" not in stranger.open(f"{self._app.address}/").text, otherwise="connected")

    def _go_on_elsewhere(self) -> None:
        with self._check("another process of the app has the same user connected: a token is refreshed once for both"):
            refreshes = self._sandbox.refreshes()
            with self._app.another() as address:
                self._sandbox.expire_access_tokens()
                with self._at(address):
                    self._expect_done(self._act())
                self._expect_done(self._act())
            expect_equal("refreshes", self._sandbox.refreshes() - refreshes, 1)
        with self._check("the app is started again, and still has them connected"), self._app.another() as address:
            self._sandbox.expire_access_tokens()
            with self._at(address):
                self._expect_done(self._act())
        with self._check("it tells a probe that it is ready"):
            expect_equal("answer", local.get(f"{self._app.address}/ready"), {"ready": True})

    def _check_discretion(self) -> None:
        self._stored_tokens()
        with self._check("no page has shown a token, a key or a stack"):
            self._expect_discretion(self._tokens)
        with self._check("no file of the app's holds a token or a key that can be read"):
            self._kept.expect_unreadable([*self._tokens, *self._app.secrets])

    def _end(self) -> None:
        with self._check("digi.me accepts a consent no more: the page says so, and whoever connects again goes on"):
            self._kept.spend()
            self._sandbox.expire_access_tokens()
            page = self._act()
            expect_equal("status", page.status, 403)
            expect(condition="Connect again from the start page" in page.text, otherwise=page.text)
            self._expect_not_connected()
            self._connect()
            self._expect_done(self._act())
        with self._check("disconnecting ends it"):
            expect_equal("users", len(self._kept.users()), 1)
            self._browser.submit(self._open("/").form("/disconnect"))
            self._expect_not_connected()
            expect_equal("users", self._kept.users(), set[str]())
        with self._check("who stays away for a month is forgotten by the daily work, and disconnected"):
            self._connect()
            self._work_daily(forgets=False)
            expect_equal("users", len(self._kept.users()), 1)
            self._kept.age()
            self._work_daily(forgets=True)
            self._expect_not_connected()
            expect_equal("users", self._kept.users(), set[str]())

    def _work_daily(self, *, forgets: bool) -> None:
        printed = self._app.work_daily()
        expect_equal("anybody forgotten", not printed.startswith("0 forgotten"), forgets)
        expect(condition="looked at" in printed, otherwise=printed)

    def _expect_not_connected(self) -> None:
        page = self._open("/")
        expect(condition="Connected:" not in page.text, otherwise=page.text)

    def _stored_tokens(self) -> set[str]:
        """Give the tokens that the app has stored now."""
        tokens = self._kept.tokens()
        expect(condition=bool(tokens), otherwise="the app has stored no token")
        self._tokens |= tokens
        return tokens
