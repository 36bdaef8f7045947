"""What gateways make of a large `fileDescriptor`, which travels in a header: as docs/gateways.md says."""

from __future__ import annotations

import json
from pathlib import Path

import digime_sdk
from digime_sdk import FileDescriptor

from gate import Gate
from gateways.gateway import Gateway
from sandbox import Sandbox

DOCUMENT = Path(__file__).parents[2] / "docs" / "gateways.md"
SIZES = (4_000, 5_500, 6_500, 11_500, 23_000)


def test_a_descriptor_passes_or_not_as_the_document_says(gate: Gate, gateway: Gateway, sandbox: Sandbox) -> None:
    assert answers(gate, sandbox) == documented(gateway, gate)


def answers(gate: Gate, sandbox: Sandbox) -> list[str]:
    """Push files with descriptors of these sizes; tell what came of each as the document does."""
    person, sdk = Gate(sandbox.origin, sandbox).pusher(), gate.digime()
    said: list[str] = []
    for size in SIZES:
        try:
            sdk.push_data(
                contract_details=person.contract,
                user_access_token=person.token,
                data={"file_data": b"a letter", "file_name": "letter.txt", "file_descriptor": descriptor(size)},
            )
            said.append("passes")
        except digime_sdk.HTTPError as refused:
            said.append(str(refused.response.status_code))
        except digime_sdk.TransportError:
            said.append("cut off")
        assert len(sandbox.pushed(person.user_id)) == said.count("passes")
    return said


def descriptor(size: int) -> FileDescriptor:
    """Give a descriptor of so many bytes of JSON."""
    described = {"mimeType": "text/plain", "accounts": [{"accountId": "1"}], "reference": [""]}
    rest = size - len(json.dumps(described, separators=(",", ":")))
    return {"mime_type": "text/plain", "accounts": [{"account_id": "1"}], "reference": ["r" * rest]}


def documented(gateway: Gateway, gate: Gate) -> list[str]:
    """Give what the document says, by size."""
    protocol = "HTTP/2" if gate.secure and gateway.speaks_http2 else "HTTP/1.1"
    rows = [
        [cell.strip() for cell in line.strip("|").split("|")]
        for line in DOCUMENT.read_text(encoding="utf-8").splitlines()
        if line.startswith("|")
    ]
    [row] = [row for row in rows if row[:2] == [gateway.name, protocol]]
    return row[2:]
