"""Goes through the example apps and the sandbox's own pages in Chromium, and looks at every page that is shown."""

from __future__ import annotations

import shutil
import sys
from functools import partial

from playwright.sync_api import Browser as Chromium

from .checks import Checks
from .chromium import chromium
from .chromium_browser import NARROW, ChromiumBrowser
from .http_browser import HttpBrowser
from .inspection import Inspection
from .journeys import JOURNEYS
from .looking_glass import looking_glass
from .places import SCREENSHOTS, read_places
from .progress_journey import ProgressJourney
from .sandbox_journey import SandboxJourney
from .stage import App, set_up
from .tour import Step, tour, visit

_CLICKED_THROUGH = ("push-data in JavaScript", "read-data in Python", "link-patient in JavaScript")
"""Each kind of app once. The others are gone through over HTTP, since Chromium takes its time; their pages are looked
at all the same."""


def main() -> int:
    """Run the demo; give the exit code."""
    places = read_places("Go through the example apps and the sandbox in Chromium, and look at every page.")
    checks = Checks()
    shutil.rmtree(SCREENSHOTS, ignore_errors=True)
    with set_up(places) as stage, chromium() as browser, looking_glass(browser, NARROW, 640) as glass:
        inspection = Inspection(glass, SCREENSHOTS, checks)
        tour(stage, checks, partial(_steps, browser), inspection.check)
        print(f"\nThe sandbox of digi.me and PKB is at {stage.sandbox.origin}")
        journey = (partial(SandboxJourney, stage.sandbox, checks=checks), partial(ChromiumBrowser, browser))
        visit("sandbox", [journey], inspection.check)
        if checks.failed:
            stage.complaints.show()
    return checks.sum_up()


def _steps(browser: Chromium, app: App) -> list[Step]:
    new_browser = partial(ChromiumBrowser, browser) if app.name in _CLICKED_THROUGH else HttpBrowser
    steps: list[Step] = [(journey, new_browser) for journey in JOURNEYS[app.kind]]
    if app.kind == "read-data":
        steps.append((ProgressJourney, partial(ChromiumBrowser, browser, scripts=True)))
    return steps


if __name__ == "__main__":
    sys.exit(main())
