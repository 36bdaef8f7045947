"""The navigation of the site, in its order."""

from __future__ import annotations

from typing import Any

Entry = dict[str, Any]


def navigation(errors: list[Any], reference: list[Any]) -> list[Entry]:
    """The navigation, with the pages of errors and of the reference that are printed."""
    return [
        {
            "Start": [
                "index.md",
                {"Start in five minutes": "start.md"},
                {"The sandbox": "sandbox.md"},
                {"Example apps": "examples.md"},
            ]
        },
        {
            "Guides": [
                {"Push": "push.md"},
                {"Self-measurements": "self-measurements.md"},
                {"Read": "read.md"},
                {"Storage": "storage.md"},
                {"A web app for digi.me": "digime-web-app.md"},
                {"Keep users connected": "connections.md"},
                {"Link a patient": "pkb.md"},
                {"A store of your own": "stores.md"},
                {"Events": "events.md"},
                {"In Node": "node.md"},
                {"Express, Nest, Next": "frameworks-javascript.md"},
                {"In Python": "python.md"},
                {"Django, FastAPI": "frameworks-python.md"},
            ]
        },
        {"Errors": errors},
        {"Testing": ["testing.md"]},
        {
            "Deploying": [
                {"Deploying": "deploying.md"},
                {"The network between": "network.md"},
                {"Gateways": "gateways.md"},
            ]
        },
        {"Security": ["security.md", {"Reporting a weakness": "reporting.md"}]},
        {"Migrating": ["migrating.md"]},
        {"Performance": [{"What it costs": "performance.md"}, {"Reliability": "reliability.md"}]},
        {"Reference": reference},
        {
            "Project": [
                {"Changelog": "changelog.md"},
                {"Architecture": "architecture.md"},
                {"Contributing": "contributing.md"},
                {"Code of conduct": "conduct.md"},
            ]
        },
    ]


def pages(entries: list[Any]) -> list[str]:
    """The pages that a navigation names."""
    found = []
    for entry in entries:
        for place in entry.values() if isinstance(entry, dict) else [entry]:
            found += [place] if isinstance(place, str) else pages(place)
    return found
