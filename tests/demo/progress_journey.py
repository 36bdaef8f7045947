"""What JavaScript adds to an app that reads, for those who have it."""

from __future__ import annotations

from .checks import expect_equal
from .digime_journey import DigimeJourney

_FITNESS_TRACKER = "Stappenteller"


class ProgressJourney(DigimeJourney):
    """One person in one app, whose browser runs scripts."""

    def go(self) -> None:
        """Go all the way."""
        with self._check(
            "with JavaScript the page of a reading keeps itself up to date, and is loaded again once, at the end"
        ):
            reading = self._answer(self._ask(), "accept", source=_FITNESS_TRACKER)
            expect_equal("page", (reading.status, reading.heading), (200, "Your files are being read"))
            page = self._browser.stay(reading)
            expect_equal("page", (page.status, page.heading), (200, "What was read"))
            expect_equal("times that it was loaded", self._browser.visited.count(reading.address), 2)
