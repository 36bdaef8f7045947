"""An authority of the suite's own, and the certificate that it gives the gateways for the loopback address."""

from __future__ import annotations

import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path

from debian import install

_CONFIGURATION = """\
[req]
distinguished_name = subject
prompt = no
[subject]
CN = digime-sdk interoperation
[authority]
basicConstraints = critical, CA:TRUE
keyUsage = critical, keyCertSign
[server]
basicConstraints = critical, CA:FALSE
subjectAltName = IP:127.0.0.1
"""


@dataclass(frozen=True)
class Certificate:
    """Files in PEM."""

    authority: Path
    """What clients are to trust: the file for SSL_CERT_FILE."""
    chain: Path
    key: Path


def certificate(folder: Path) -> Certificate:
    """Make an authority and a certificate, good for a day."""
    if shutil.which("openssl") is None:
        install("openssl")
    (folder / "openssl.cnf").write_text(_CONFIGURATION, encoding="ascii")
    _make(folder, "authority")
    _make(folder, "server", "-CA", "authority.pem", "-CAkey", "authority.key")
    return Certificate(folder / "authority.pem", folder / "server.pem", folder / "server.key")


def _make(folder: Path, name: str, *signed_by: str) -> None:
    command = ["openssl", "req", "-x509", "-config", "openssl.cnf", "-extensions", name, "-days", "1", *signed_by]
    command += ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes"]
    command += ["-keyout", f"{name}.key", "-out", f"{name}.pem"]
    subprocess.run(command, cwd=folder, check=True, capture_output=True)
