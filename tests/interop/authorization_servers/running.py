"""A server of others with PKB's own calls beside it, behind one address, and what was asked of its token endpoint."""

from __future__ import annotations

import json
import subprocess
import sys
import threading
from collections.abc import Generator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import httpx

from authorization_servers.parties import CLIENT_ID, CLIENT_SECRET, PATIENT, REDIRECT_URI

_HERE = Path(__file__).parent
_ROUTES = {"/apiAuthorize.action": "/authorize", "/apiToken.action": "/token"}


def _command(server: str, mode: str) -> list[str]:
    if server == "oauth2_server":
        parties = [CLIENT_ID, CLIENT_SECRET, REDIRECT_URI, PATIENT]
        return ["node", str(_HERE / "with_oauth2_server.mjs"), *parties, mode]
    return [sys.executable, "-m", f"authorization_servers.with_{server}", mode]


@dataclass
class Platform:
    """A platform whose tokens are another's."""

    upstream: httpx.Client
    address: str = ""
    # The grant types that tokens were asked by.
    grants: list[str] = field(default_factory=lambda: list[str]())
    # The refresh token that was presented last.
    presented: str = ""
    # Access tokens that count as expired.
    expired: set[str] = field(default_factory=lambda: set[str]())
    # The access token that was used last.
    used: str = ""
    loses_answer: bool = False

    def begin(self) -> None:
        """Forget what was asked so far: another test begins."""
        self.grants.clear()
        self.expired.clear()

    def expire(self) -> None:
        """Let the access token that was used last count as expired."""
        self.expired.add(self.used)

    def spend(self, refresh_token: str) -> httpx.Response:
        """Present a refresh token, as whoever got hold of it."""
        grant = {"grant_type": "refresh_token", "refresh_token": refresh_token}
        credentials = {"client_id": CLIENT_ID, "client_secret": CLIENT_SECRET}
        return self.upstream.post("/token", data=grant | credentials)

    def tokens(self, query: str, body: bytes, headers: dict[str, str]) -> httpx.Response:
        """Pass a request for tokens on."""
        form = parse_qs(body.decode())
        self.grants.append(form["grant_type"][0])
        self.presented = form.get("refresh_token", [self.presented])[0]
        return self.upstream.post(f"/token{query}", content=body, headers=headers)

    def fhir(self, path: str, authorization: str) -> tuple[int, object]:
        """Answer a call of the patient's, if the server says that the token serves."""
        # Other calls are answered at the same time.
        used = self.used = authorization.removeprefix("Bearer ")
        known = self.upstream.get("/whoami", headers={"authorization": authorization})
        if used in self.expired:
            return 401, {}
        if known.is_client_error:
            return known.status_code, {}
        reference = f"Patient/{known.raise_for_status().json()['patient']}"
        if path == f"/fhir/{reference}":
            return 200, {"resourceType": "Patient", "id": PATIENT}
        purview = {"name": "purview", "valueReference": {"reference": reference}}
        return 200, {"resourceType": "Parameters", "parameter": [purview]}


@contextmanager
def running(server: str, mode: str) -> Generator[Platform]:
    """Start one of the servers, with a platform around it."""
    command = _command(server, mode)
    with subprocess.Popen(command, cwd=_HERE.parent, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE) as process:
        try:
            assert process.stdout
            port = json.loads(process.stdout.readline())["port"]
            with httpx.Client(base_url=f"http://127.0.0.1:{port}", trust_env=False, timeout=30) as upstream:
                yield from _around(Platform(upstream))
        finally:
            process.terminate()


def _around(platform: Platform) -> Generator[Platform]:
    class Front(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self._answer()

        def do_POST(self) -> None:
            self._answer()

        def _answer(self) -> None:
            asked = urlsplit(self.path)
            query = f"?{asked.query}" if asked.query else ""
            body = self.rfile.read(int(self.headers.get("content-length", 0)))
            if asked.path.startswith("/fhir/"):
                status, answer = platform.fhir(asked.path, self.headers["authorization"])
                self._send(status, json.dumps(answer).encode(), {"content-type": "application/fhir+json"})
                return
            kept = {name: self.headers[name] for name in ("content-type", "authorization") if name in self.headers}
            if asked.path == "/apiToken.action":
                answered = platform.tokens(query, body, kept)
                if platform.loses_answer:
                    platform.loses_answer = False
                    self.close_connection = True
                    return
            else:
                answered = platform.upstream.get(f"{_ROUTES[asked.path]}{query}")
            told = {name: answered.headers[name] for name in ("content-type", "location") if name in answered.headers}
            self._send(answered.status_code, answered.content, told)

        def _send(self, status: int, body: bytes, headers: dict[str, str]) -> None:
            self.send_response(status)
            for name, value in (headers | {"content-length": str(len(body))}).items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Front) as front:
        platform.address = f"http://127.0.0.1:{front.server_port}"
        serving = threading.Thread(target=front.serve_forever)
        serving.start()
        try:
            yield platform
        finally:
            front.shutdown()
            serving.join()
