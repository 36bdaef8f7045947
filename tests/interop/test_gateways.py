"""That the SDK's calls pass the gateways that stand before most APIs, and what it says of what one refuses."""

from __future__ import annotations

import hashlib
import json
import os
import socket
import ssl
import subprocess
import sys
import tempfile
import threading
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

import digime_sdk
import pytest
from digime_sdk import FileData, ReadFileListOptions

from gate import LARGEST_BODY, Consented, Gate
from gateways.authority import Certificate
from gateways.gateway import Gateway, Place
from sandbox import Sandbox

CHUNK = bytes(range(256)) * 256
LARGE = LARGEST_BODY * 3 // 4 // len(CHUNK)
TOO_LARGE = 16 * 1024 * 1024 // len(CHUNK)
"""More than systems take in advance, so that whoever is cut off has not sent it all."""
PREFACE = b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"


@pytest.fixture
def direct(sandbox: Sandbox) -> Gate:
    """The sandbox without a gateway."""
    return Gate(sandbox.origin, sandbox)


def test_a_code_is_exchanged_and_an_expired_token_refreshed(gate: Gate) -> None:
    person = gate.pusher()
    gate.sandbox.expire_access_tokens()
    answer = gate.digime().read_accounts(contract_details=person.contract, user_access_token=person.token)
    assert answer["user_access_token"]["accessToken"] != person.token["accessToken"]
    assert len(answer["accounts"]) == 1


@pytest.mark.parametrize("content", [b"%PDF-1.7 a letter", b"", CHUNK * LARGE], ids=["small", "empty", "large"])
def test_a_file_is_pushed_as_it_is(gate: Gate, direct: Gate, content: bytes) -> None:
    assert push(gate, direct.pusher(), content) == [described(content)]


def test_a_stream_is_pushed_as_it_is(gate: Gate, direct: Gate, gateway: Gateway) -> None:
    if gate.secure and not gateway.streams_over_http2:
        assert_refused(gate, direct.pusher(), chunks(LARGE), (411,))
    else:
        assert push(gate, direct.pusher(), chunks(LARGE)) == [described(CHUNK * LARGE)]


def test_all_files_of_a_session_are_read_as_they_are(gate: Gate, direct: Gate) -> None:
    person = direct.reader()
    options: ReadFileListOptions = {
        "session_key": person.session_key,
        "contract_id": person.contract["contract_id"],
        "private_key": person.contract["private_key"],
        "user_access_token": person.token,
    }
    reading = gate.digime().read_all_files(**options, polling_interval=10)
    read = {event["data"]["file_name"]: event["data"]["file_data"] for event in reading if event["type"] == "file_data"}
    beside = direct.digime()
    assert reading.response["status"]["state"] == "completed"
    assert len(read) == 4
    for name, content in read.items():
        assert content == beside.read_file(**options, file_name=name)["file_data"]


@pytest.mark.parametrize("name", ["large.bin", "größer&100%+später?.bin"])
def test_a_storage_takes_lists_gives_and_deletes_a_file(gate: Gate, direct: Gate, name: str) -> None:
    sdk, contract = gate.digime(), gate.sandbox.contract("push")
    storage = sdk.create_provisional_storage(contract_details=contract)["storage"]["id"]
    uploaded = sdk.upload_file_to_storage(
        contract_details=contract, storage_id=storage, file_name=name, file_data=CHUNK * LARGE
    )
    assert uploaded["status_code"] == 201
    for each in (sdk, direct.digime()):
        files = each.list_storage_files(contract_details=contract, storage_id=storage)["files"]
        assert [file.get("originalName") for file in files] == [name]
    with sdk.download_storage_file(contract_details=contract, storage_id=storage, path=name)["body"] as body:
        digest = hashlib.sha256()
        for chunk in body:
            digest.update(chunk)
    assert digest.digest() == hashlib.sha256(CHUNK * LARGE).digest()
    sdk.delete_storage_files(contract_details=contract, storage_id=storage, path=name)
    assert sdk.list_storage_files(contract_details=contract, storage_id=storage)["files"] == []


def test_a_patient_links_and_is_read_searched_and_written_to(gate: Gate) -> None:
    sdk, name = gate.pkb(), "Bobby Barton"
    asked = sdk.get_link_url(app_user_id=name)
    link = sdk.complete_link(app_user_id=name, callback_url=gate.sandbox.approve(asked["url"], name))
    patient = sdk.fhir_read(app_user_id=name, resource_type="Patient", id=link["public_id"])
    assert patient["id"] == link["public_id"] == gate.sandbox.person(name)["publicId"]
    parameters: dict[str, str | int] = {"patient": link["public_id"], "category": "vital-signs"}
    by_page_size = [
        [
            entry["resource"]
            for page in sdk.fhir_search(
                app_user_id=name, resource_type="Observation", parameters={**parameters, "_count": count}
            )
            for entry in page["entry"]
        ]
        for count in (30, 100)
    ]
    assert by_page_size[0] == by_page_size[1] != []
    measured = {
        "apiRef": "weight",
        "takenDate": "2026-07-01",
        "values": [{"apiRef": "weight", "value": "86.5"}],
    }
    stored = sdk.request(app_user_id=name, method="POST", path="/json/v1/measurements", body=measured)
    assert stored["status_code"] < 300


def test_a_push_beyond_the_limit_is_told_as_such_and_stores_nothing(gate: Gate, direct: Gate, gateway: Gateway) -> None:
    assert_refused(gate, direct.pusher(), CHUNK * TOO_LARGE, gateway.too_large)


def test_a_stream_beyond_the_limit_is_told_as_such_and_stores_nothing(
    gate: Gate, direct: Gate, gateway: Gateway
) -> None:
    if gateway.measures_streams:
        refusals = gateway.too_large if gateway.streams_over_http2 else (*gateway.too_large, 411)
        assert_refused(gate, direct.pusher(), chunks(TOO_LARGE), refusals)
    else:
        beyond = LARGEST_BODY // len(CHUNK) + 1
        assert push(gate, direct.pusher(), chunks(beyond)) == [described(CHUNK * beyond)]


def test_a_gateway_ends_with_whoever_started_it(gateway: Gateway, sandbox: Sandbox) -> None:
    here = Path(__file__).parent
    with tempfile.TemporaryDirectory() as folder:
        # Gateways are to get at what is theirs in there, as another user.
        Path(folder).chmod(0o711)
        with subprocess.Popen(
            [sys.executable, "-m", "gateways", gateway.name, str(sandbox.port)],
            cwd=here,
            env={**os.environ, "PYTHONPATH": str(here.parent), "TMPDIR": folder},
            stdout=subprocess.PIPE,
        ) as started:
            assert started.stdout
            announced = json.loads(started.stdout.readline())
            started.kill()
        for protocol in ("HTTP", "TLS"):
            wait_until_nobody_listens(announced[protocol])


def test_gateways_offer_http_2(gateway: Gateway, place: Place, trusted: Certificate) -> None:
    context = ssl.create_default_context(cafile=str(trusted.authority))
    context.set_alpn_protocols(["h2", "http/1.1"])
    with (
        socket.create_connection(("127.0.0.1", place.tls)) as connection,
        context.wrap_socket(connection, server_hostname="127.0.0.1") as wrapped,
    ):
        assert (wrapped.selected_alpn_protocol() == "h2") is gateway.speaks_http2


def test_the_sdk_takes_the_offer_of_http_2(trusted: Certificate, sandbox: Sandbox) -> None:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(trusted.chain, trusted.key)
    context.set_alpn_protocols(["h2", "http/1.1"])
    heard: list[bytes] = []

    def listen() -> None:
        connection, _ = listener.accept()
        with context.wrap_socket(connection, server_side=True) as wrapped:
            heard.append(wrapped.recv(len(PREFACE)))

    with socket.create_server(("127.0.0.1", 0)) as listener:
        listening = threading.Thread(target=listen)
        listening.start()
        gate = Gate(f"https://127.0.0.1:{listener.getsockname()[1]}", sandbox)
        with pytest.raises(digime_sdk.TransportError):
            gate.digime().create_provisional_storage(contract_details=sandbox.contract("push"))
        listening.join()
    assert heard == [PREFACE]


def wait_until_nobody_listens(origin: str) -> None:
    """Return when connections are refused there."""
    address = urlsplit(origin)
    assert address.port
    while True:
        try:
            # While it ends, it may accept nobody any more, and the system then answers nobody for minutes.
            socket.create_connection(("127.0.0.1", address.port), timeout=1).close()
        except ConnectionRefusedError:
            return
        except (ConnectionResetError, TimeoutError):
            continue


def chunks(count: int) -> Iterator[bytes]:
    """Give a file in pieces, whose length is not known before its end."""
    for _ in range(count):
        yield CHUNK


def described(content: bytes) -> tuple[int, str]:
    """Give size and digest."""
    return len(content), hashlib.sha256(content).hexdigest()


def push(gate: Gate, person: Consented, content: FileData, *, repeats: int = 2) -> list[tuple[int, str]]:
    """Push a file; give size and digest of each that the person has pushed then."""
    gate.digime(repeats).push_data(
        contract_details=person.contract,
        user_access_token=person.token,
        data={
            "file_data": content,
            "file_name": "a file",
            "file_descriptor": {"mime_type": "application/octet-stream", "accounts": [{"account_id": "1"}]},
        },
    )
    return [(each["size"], each["sha256"]) for each in gate.sandbox.pushed(person.user_id)]


def assert_refused(gate: Gate, person: Consented, content: FileData, statuses: tuple[int, ...]) -> None:
    """Push what a gateway refuses by one of these statuses, whatever becomes of the connection, or unread (HTTP/2)."""
    # Bytes may be pushed again and again.
    for _ in range(10 if isinstance(content, bytes) else 1):
        with pytest.raises((digime_sdk.HTTPError, digime_sdk.TransportError)) as refused:
            push(gate, person, content, repeats=0)
        error = refused.value
        status = error.response.status_code if isinstance(error, digime_sdk.HTTPError) else None
        sent = error.sent if isinstance(error, digime_sdk.TransportError) else None
        assert status in statuses or sent == "nothing" or (sent == "maybe" and not isinstance(content, bytes))
    assert gate.sandbox.pushed(person.user_id) == []
