"""A release that broke off on PyPI is finished with the files that were begun with, and with no others."""

from __future__ import annotations

import hashlib
import json
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
from pypi.contents import version
from pypi.there import others

NAME = f"digime_sdk-{version()}.tar.gz"


@pytest.fixture
def index() -> Iterator[str]:
    """An index that has one file of the SDK, and none of the sandbox."""
    digest = hashlib.sha256(b"as published").hexdigest()

    class Answer(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            known = self.path == f"/digime-sdk/{version()}/json"
            self.send_response_only(200 if known else 404)
            self.end_headers()
            self.wfile.write(json.dumps({"urls": [{"filename": NAME, "digests": {"sha256": digest}}]}).encode())

    with ThreadingHTTPServer(("127.0.0.1", 0), Answer) as server:
        threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True).start()
        yield f"http://127.0.0.1:{server.server_address[1]}"
        server.shutdown()


def test_what_is_there_to_the_byte_is_no_hindrance(index: str, tmp_path: Path) -> None:
    (tmp_path / NAME).write_bytes(b"as published")
    (tmp_path / "digime_sdk-of-another-platform.whl").write_bytes(b"not there yet")
    assert others(tmp_path, index) == []


def test_another_content_under_the_same_name_is_refused(index: str, tmp_path: Path) -> None:
    (tmp_path / NAME).write_bytes(b"built again")
    assert others(tmp_path, index) == [f"{NAME} is on PyPI with another content: release another version"]


def test_a_file_that_nobody_has_made_now_is_refused(index: str, tmp_path: Path) -> None:
    assert others(tmp_path, index) == [f"{NAME} is on PyPI, and not among what is to be published"]
