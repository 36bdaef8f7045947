"""The network as an application in Python has it: its certificates, its proxy, and what its people's variables say."""

from __future__ import annotations

import ssl
import subprocess
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import TYPE_CHECKING, Any

import digime_sdk
import pytest
from digime_sdk import TransportError, TypeValidationError

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from digime_sdk import ContractDetails, UserAccessToken


class _Empty(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        assert isinstance(self.server, Server)
        self.server.asked.append(self.path)
        self.send_response(200)
        self.send_header("content-length", "2")
        self.end_headers()
        self.wfile.write(b"[]")

    def log_request(self, code: int | str = "-", size: int | str = "-") -> None:
        """Say nothing."""


class Server(ThreadingHTTPServer):
    """A server that answers with an empty list."""

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Empty)
        self.asked: list[str] = []

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Say nothing: some do not believe it."""


@pytest.fixture
def server() -> Iterator[Server]:
    """Serve while a test runs."""
    server = Server()
    Thread(target=server.serve_forever).start()
    yield server
    server.shutdown()
    server.server_close()


@pytest.fixture
def certificate(server: Server, tmp_path: Path) -> Path:
    """Let the server speak TLS, by a certificate that is its own authority."""
    key, certificate = tmp_path / "key.pem", tmp_path / "cert.pem"
    wanted = "req -x509 -newkey rsa:2048 -nodes -days 1 -subj /CN=127.0.0.1 -addext subjectAltName=IP:127.0.0.1"
    own = ["-addext", "basicConstraints=critical,CA:FALSE", "-keyout", str(key), "-out", str(certificate)]
    command = ["openssl", *wanted.split(), *own]
    subprocess.run(command, check=True, capture_output=True)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate, key)
    server.socket = context.wrap_socket(server.socket, server_side=True, do_handshake_on_connect=False)
    return certificate


@pytest.fixture
def call(contract_details: ContractDetails, user_access_token: UserAccessToken) -> Any:
    """Ask for a person's accounts."""

    def called(base_url: str, **config: Any) -> None:
        sdk = digime_sdk.blocking.init(application_id="app", base_url=base_url, retry_options={"limit": 0}, **config)
        sdk.read_accounts(contract_details=contract_details, user_access_token=user_access_token)

    return called


def test_a_server_is_believed_whose_authority_the_configuration_names(
    server: Server, certificate: Path, call: Any
) -> None:
    address = f"https://127.0.0.1:{server.server_port}/"
    with pytest.raises(TransportError, match="certificate"):
        call(address)
    call(address, ca=certificate.read_text())
    call(address, ca=certificate.read_bytes())


@pytest.mark.parametrize("variable", ["REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE"])
def test_authorities_of_the_variables_that_requests_knows_are_believed(
    variable: str, server: Server, certificate: Path, call: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    address = f"https://127.0.0.1:{server.server_port}/"
    for other in ("SSL_CERT_FILE", "SSL_CERT_DIR", "REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE"):
        monkeypatch.delenv(other, raising=False)
    monkeypatch.setenv(variable, str(certificate))
    call(address)
    monkeypatch.setenv(variable, str(certificate.with_suffix(".not")))
    with pytest.raises(TypeValidationError, match=variable):
        call(address)


def test_all_requests_go_through_a_proxy_that_is_named_and_none_through_one_that_is_off(
    server: Server, call: Any
) -> None:
    call("http://platform.invalid/", proxy=f"http://127.0.0.1:{server.server_port}")
    assert server.asked == ["http://platform.invalid/permission-access/accounts"]
    with pytest.raises(TransportError) as failure:
        call("http://platform.invalid/", proxy=False)
    assert failure.value.network_error == "ENOTFOUND"


@pytest.mark.parametrize(
    ("path", "odd"),
    [
        ("config.ca", {"ca": "none"}),
        ("config.client_certificate.key", {"client_certificate": {"cert": "x"}}),
        ("config.proxy", {"proxy": True}),
        ("config.proxy", {"proxy": "socks5://localhost"}),
        ("config.trusted_origins[0]", {"trusted_origins": ["https://api.digi.me/v1.7"]}),
    ],
)
def test_what_is_no_certificate_proxy_or_origin_is_refused_by_its_name(path: str, odd: Any) -> None:
    with pytest.raises(TypeValidationError) as refusal:
        digime_sdk.init(application_id="app", **odd)
    assert refusal.value.path == path
    with pytest.raises(TypeValidationError) as refusal:
        digime_sdk.init_pkb(client_id="c", redirect_uri="https://app.example/linked", environment="sandbox", **odd)
    assert refusal.value.path == path
