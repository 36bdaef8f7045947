"""The crates are published with where the project is found and of what they are made, and none of them twice."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
from known import ROOT
from publish_crates import there, with_address


@pytest.fixture
def index() -> Iterator[str]:
    """An index as crates.io has it, with one version of one crate."""

    class Answer(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            known = self.path == "/di/gi/digime-sdk"
            self.send_response_only(200 if known else 404)
            self.end_headers()
            self.wfile.write(b'{"name":"digime-sdk","vers":"1.2.3"}\n' if known else b"")

    with ThreadingHTTPServer(("127.0.0.1", 0), Answer) as server:
        threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True).start()
        yield f"http://127.0.0.1:{server.server_address[1]}"
        server.shutdown()


def test_what_the_registry_has_is_known(index: str) -> None:
    assert there("digime-sdk", "1.2.3", index)
    assert not there("digime-sdk", "1.2.30", index)
    assert not there("digime-sandbox", "1.2.3", index)


@pytest.mark.parametrize("folder", ["core", "tests/sandbox"])
def test_a_manifest_says_where_the_project_is_found_and_packs_the_bill(folder: str) -> None:
    manifest = (ROOT / folder / "Cargo.toml").read_text(encoding="utf-8")
    written = with_address(manifest, "https://git.example/owner/name")
    assert 'repository = "https://git.example/owner/name"\n' in written
    assert '"/LICENSE", "/sbom.cdx.json"]' in written


def test_a_manifest_without_a_place_for_it_is_refused() -> None:
    with pytest.raises(ValueError, match="license"):
        with_address("[package]\n", "https://git.example/owner/name")
