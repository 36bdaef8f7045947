"""Takes the pictures of the example apps and the sandbox that their READMEs show."""

from __future__ import annotations

import sys
from contextlib import closing

from playwright.sync_api import Page as Tab

from .checks import Checks
from .chromium import chromium
from .http_browser import HttpBrowser
from .journeys import JOURNEYS
from .looking_glass import looking_glass
from .page import Page
from .places import IMAGES, read_places
from .stage import set_up

_PICTURES = {
    "push-data": ("What would you like to send?", "body"),
    "read-data": ("Observation", "body"),
    "link-patient": ("Your record", "[aria-labelledby=measurements]"),
    "sandbox": ("digi.me and Patients Know Best, offline", "body"),
    "sandbox-consent": ("An application asks to read your data", "body"),
    "sandbox-log-in": ("An application asks to act for you", "body"),
}
"""The heading of the page that each of them shows, and what of it is at the top."""

_WIDTH, _HEIGHT = 800, 440
_MOST_BYTES = 60_000


def main() -> int:
    """Take the pictures; give the exit code."""
    places = read_places("Take the pictures of the example apps and the sandbox that their READMEs show.")
    checks = Checks()
    with set_up(places) as stage, chromium() as browser, looking_glass(browser, _WIDTH, _HEIGHT) as glass:
        with closing(HttpBrowser()) as person:
            person.open(stage.sandbox.origin)
            pages = person.pages
        for app in stage.apps:
            if app.name.endswith("JavaScript"):
                for journey in JOURNEYS[app.kind]:
                    with closing(HttpBrowser()) as person:
                        journey(app, stage.sandbox, person, checks).go()
                        pages += person.pages
        for name, (heading, top) in _PICTURES.items():
            glass.show(_fullest(pages, heading))
            glass.tab.locator(top).evaluate("element => element.scrollIntoView()")
            _take(glass.tab, name)
    return checks.sum_up()


def _fullest(pages: list[Page], heading: str) -> Page:
    """Give the page with this heading that shows most."""
    return max((page for page in pages if page.heading == heading), key=lambda page: len(page.source))


def _take(tab: Tab, name: str) -> None:
    picture = tab.screenshot()
    if len(picture) > _MOST_BYTES:
        sys.exit(f"{name}.png has {len(picture)} bytes: at most {_MOST_BYTES} are to be committed")
    IMAGES.mkdir(parents=True, exist_ok=True)
    (IMAGES / f"{name}.png").write_bytes(picture)


if __name__ == "__main__":
    sys.exit(main())
