"""Goes through the example apps as a person would, against the sandbox, and tells what came of it."""

from __future__ import annotations

import sys
from contextlib import closing

from .browser import Browser
from .checks import CheckFailedError, Checks
from .journey import Journey
from .link_journey import LinkJourney
from .places import read_places
from .push_journey import PushJourney
from .read_journey import ReadJourney
from .settings import Kind
from .stage import set_up

_JOURNEYS: dict[Kind, type[Journey]] = {
    "push-data": PushJourney,
    "read-data": ReadJourney,
    "link-patient": LinkJourney,
}


def main() -> int:
    """Run the demo; give the exit code."""
    places = read_places("Go through the example apps as a person would, and tell what came of it.")
    checks = Checks()
    with set_up(places) as stage:
        print(f"The sandbox of digi.me and PKB is at {stage.sandbox.origin}")
        for app in stage.apps:
            print(f"\n{app.name} is at {app.address}")
            with closing(Browser()) as browser:
                try:
                    _JOURNEYS[app.kind](app, stage.sandbox, browser, checks).go()
                except CheckFailedError:
                    print("  The rest builds on this and was left out.")
        if checks.failed:
            stage.complaints.show()
    print(f"\n{checks.passed} passed, {checks.failed} failed")
    return 1 if checks.failed else 0


if __name__ == "__main__":
    sys.exit(main())
