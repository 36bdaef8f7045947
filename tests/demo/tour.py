"""Goes through the example apps, one after the other, and tells what came of it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import closing
from functools import partial
from typing import Protocol

from .browser import Browser
from .checks import CheckFailedError, Checks
from .journey import Journey
from .page import Page
from .stage import App, Stage

Step = tuple[type[Journey], Callable[[], Browser]]
"""What a person does in an app, and in which browser."""

Inspect = Callable[[str, Sequence[Page]], None]
"""Looks at the pages that were shown at a place of this name."""


class Going(Protocol):
    """What a person does."""

    def go(self) -> None:
        """Go all the way."""


def tour(stage: Stage, checks: Checks, steps: Callable[[App], Sequence[Step]], inspect: Inspect | None = None) -> None:
    """Take these steps in each app."""
    for app in stage.apps:
        print(f"\n{app.name} is at {app.address}")
        journeys = [
            (partial(journey, app, stage.sandbox, checks=checks), new_browser) for journey, new_browser in steps(app)
        ]
        visit(app.name, journeys, inspect)


def visit(
    name: str,
    journeys: Sequence[tuple[Callable[[Browser], Going], Callable[[], Browser]]],
    inspect: Inspect | None,
) -> None:
    """Go on journeys at one place, and have looked at what was shown there."""
    pages: list[Page] = []
    try:
        for journey, new_browser in journeys:
            with closing(new_browser()) as browser:
                journey(browser).go()
                pages += browser.pages
        if inspect:
            inspect(name, pages)
    except CheckFailedError:
        print("  The rest builds on this and was left out.")
