"""Where the platform is: beside its clients, or far away over one version of HTTP."""

from __future__ import annotations

import json

NEAR, HTTP1, HTTP2 = "near", "http1", "http2"

FAR = {HTTP1: "HTTP/1.1", HTTP2: "HTTP/2"}
"""As the server announces those that are far away, and what is spoken there."""

DISTANCES = (NEAR, *FAR)


def announced_at(distance: str, announced: str) -> str:
    """Give the announcement as it is for who works there."""
    platform = json.loads(announced)
    return json.dumps(platform | platform["far"].get(distance, {}))
