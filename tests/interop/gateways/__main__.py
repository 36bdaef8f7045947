"""A gateway to look at: `python -m gateways NAME PORT` runs it before what serves on that port, until interrupted."""

from __future__ import annotations

import json
import signal
import sys
import tempfile
from pathlib import Path

from . import GATEWAYS
from .authority import certificate
from .gateway import Setting


def main() -> None:
    """Run it, and print where it is."""
    _, name, port = sys.argv
    [gateway] = [each for each in GATEWAYS if each.name == name]
    with tempfile.TemporaryDirectory() as folder:
        trusted = certificate(Path(folder))
        with gateway.running(Setting(int(port), 1 << 20, trusted)) as place:
            print(json.dumps({**place.origins, "authority": str(trusted.authority)}), flush=True)
            signal.pause()


if __name__ == "__main__":
    main()
