"""An index of packages on the loopback address, as PyPI is one.

It is a folder for each package, whose listing is what installers read (PEP 503).
"""

from __future__ import annotations

import shutil
from collections.abc import Generator
from contextlib import contextmanager
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread

from .products import PRODUCTS


class _Quiet(SimpleHTTPRequestHandler):
    def log_message(self, format: str, *args: object) -> None:
        """Say nothing of requests that were answered."""


@contextmanager
def serve(dist: Path, folder: Path) -> Generator[str]:
    """Serve the packages of a folder until the end of the block; the index' address."""
    shutil.rmtree(folder, ignore_errors=True)
    for product in PRODUCTS:
        (folder / product.name).mkdir(parents=True)
        for package in dist.glob(f"{product.file_name}-*"):
            shutil.copy2(package, folder / product.name)
    with ThreadingHTTPServer(("127.0.0.1", 0), partial(_Quiet, directory=str(folder))) as server:
        Thread(target=server.serve_forever, args=(0.05,), daemon=True).start()
        try:
            yield f"http://127.0.0.1:{server.server_port}/"
        finally:
            server.shutdown()
