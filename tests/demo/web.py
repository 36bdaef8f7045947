"""Starts the sandbox and the example apps for a person to click through, until Ctrl-C."""

from __future__ import annotations

import threading
from contextlib import ExitStack, suppress

from .places import FILES, read_places
from .stage import set_up


def main() -> None:
    """Leave everything running until told to stop."""
    places = read_places("Start the sandbox and the example apps, for a person to click through.")
    with set_up(places) as stage, ExitStack() as workers, suppress(KeyboardInterrupt):
        print("Open one of the apps:")
        for app in stage.apps:
            print(f"  {app.address}  {app.name}")
            if app.kind == "link-patient":
                workers.enter_context(app.watching())
        origin = stage.sandbox.origin
        print(f"The sandbox:\n  {origin}  what it is, and who can log in at PKB")
        print(f"  {origin}/pushed  what arrived at digi.me")
        print(f"Files to upload are in {FILES}. Nothing here is real. Ctrl-C stops everything.", flush=True)
        threading.Event().wait()


if __name__ == "__main__":
    main()
