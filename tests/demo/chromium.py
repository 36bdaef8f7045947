"""Chromium: where it is on this machine, or how it gets there, and how it is started: to talk to this machine alone."""

from __future__ import annotations

import shutil
import sys
from collections.abc import Generator
from contextlib import contextmanager

from debian import install
from playwright.sync_api import Browser as Chromium
from playwright.sync_api import sync_playwright

_NAMES = ("chromium", "chromium-browser", "google-chrome")
"""By which programs it can be started, wherever it is from."""

_ARGUMENTS = (
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--no-proxy-server",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)


@contextmanager
def chromium() -> Generator[Chromium]:
    """Start Chromium without a window; stop it in the end."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=_find(), args=_ARGUMENTS)
        try:
            yield browser
        finally:
            browser.close()


def _find() -> str:
    if not any(map(shutil.which, _NAMES)):
        install("chromium")
    found = next(filter(None, map(shutil.which, _NAMES)), None)
    return found or sys.exit(f"Chromium is not among the programs of this machine: {', '.join(_NAMES)}")
