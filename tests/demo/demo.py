"""Goes through the example apps as a person would, against the sandbox, and tells what came of it."""

from __future__ import annotations

import sys

from .checks import Checks
from .http_browser import HttpBrowser
from .journeys import JOURNEYS
from .places import read_places
from .stage import set_up
from .tour import tour


def main() -> int:
    """Run the demo; give the exit code."""
    places = read_places("Go through the example apps as a person would, and tell what came of it.")
    checks = Checks()
    with set_up(places) as stage:
        print(f"The sandbox of digi.me and PKB is at {stage.sandbox.origin}")
        tour(stage, checks, lambda app: [(journey, HttpBrowser) for journey in JOURNEYS[app.kind]])
        if checks.failed:
            stage.complaints.show()
    return checks.sum_up()


if __name__ == "__main__":
    sys.exit(main())
