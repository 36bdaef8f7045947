"""The same work as an application would write it without an SDK, from the usual libraries."""

from __future__ import annotations

import asyncio
import base64
import hashlib
import json
import secrets
import ssl
import sys
import time
from collections.abc import AsyncIterator, Callable
from typing import Any
from urllib.parse import urlencode

import brotli  # type: ignore[import-untyped]
import httpx
import jwt
import works
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import padding
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes
from cryptography.hazmat.primitives.padding import PKCS7
from cryptography.hazmat.primitives.serialization import load_pem_private_key
from task import PLATFORM, Zeros

APPLICATION, CONTRACT = PLATFORM["applicationId"], PLATFORM["contractId"]
OAEP = padding.OAEP(padding.MGF1(hashes.SHA1()), hashes.SHA1(), None)


class Plain:
    """An application without an SDK. Its key is PEM text or a key object."""

    def __init__(self, key: str | RSAPrivateKey) -> None:
        self._key = key
        far = _far() if PLATFORM["ca"] else {}
        self._api = httpx.AsyncClient(base_url=PLATFORM["baseUrl"], **far)
        folder = f"clouds/bench-storage/files/apps/{APPLICATION}/"
        self._storage = httpx.AsyncClient(base_url=PLATFORM["cloudBaseUrl"] + folder, **far)
        self._key_sets: dict[str, Any] = {}

    async def authorize(self) -> str:
        verifier = secrets.token_urlsafe(32)
        challenge = base64.urlsafe_b64encode(hashlib.sha256(verifier.encode()).digest())
        headers = self._bearer(
            code_challenge=challenge.rstrip(b"=").decode(),
            code_challenge_method="S256",
            redirect_uri="http://localhost/return",
            response_mode="query",
            response_type="code",
            state="bench-state",
        )
        agent = {"sdk": {"name": "nodejs", "version": "16.1.5", "meta": {}}}
        response = await self._api.post("oauth/authorize", headers=headers, json={"agent": agent})
        claims = await self._verified(response.raise_for_status().json()["token"])
        return f"{PLATFORM['onboardUrl']}authorize?{urlencode({'code': claims['preauthorization_code']})}"

    async def exchange(self) -> None:
        headers = self._bearer(grant_type="authorization_code", code="c" * 64, code_verifier="v" * 43)
        response = await self._api.post("oauth/token", headers=headers)
        await self._verified(response.raise_for_status().json()["token"])

    async def push(self, content: bytes) -> None:
        descriptor = {
            "mimeType": "application/pdf",
            "accounts": [{"accountId": "bench-account"}],
            "reference": ["push.pdf"],
        }
        headers = {
            **self._as_user(),
            "content-type": "application/octet-stream",
            "filedescriptor": self._sign({"metadata": descriptor}),
        }
        response = await self._api.post("permission-access/import", headers=headers, content=content)
        response.raise_for_status()

    async def read(self, session_key: str, on_file: Callable[[str, bytes], None]) -> None:
        """Five at once, as the SDK begins; from afar all of them, as the JavaScript SDK does."""
        session = f"permission-access/query/{session_key}"
        listed = await self._api.get(session, headers=self._as_user())
        all_names = [entry["name"] for entry in listed.raise_for_status().json()["fileList"]]
        names = iter(all_names)

        async def task() -> None:
            for name in names:
                response = await self._api.get(f"{session}/{name}", headers=self._as_user())
                sealed = response.raise_for_status().content
                opening = self._opening(sealed)
                content = opening.update(sealed[272:]) + opening.finalize()
                described = json.loads(base64.urlsafe_b64decode(response.headers["x-metadata"] + "=="))
                compressed = described.get("compression") == "brotli"
                on_file(name, brotli.decompress(content) if compressed else content)

        await asyncio.gather(*(task() for _ in range(len(all_names) if PLATFORM["ca"] else 5)))

    async def upload(self, content: Zeros) -> None:
        headers = {**self._for_storage(), "content-type": "application/octet-stream"}
        response = await self._storage.post("upload", headers=headers, content=self._sealed(content))
        response.raise_for_status()

    async def download(self, mebibytes: int) -> AsyncIterator[bytes]:
        async with self._storage.stream("GET", str(mebibytes), headers=self._for_storage()) as response:
            response.raise_for_status()
            head = b""
            opening: Opening | None = None
            async for chunk in response.aiter_bytes():
                if opening:
                    yield opening.update(chunk)
                elif len(head := head + chunk) >= 272:
                    opening = self._opening(head)
                    yield opening.update(head[272:])
            if opening:
                yield opening.finalize()

    async def search(self, parameters: dict[str, str]) -> AsyncIterator[Any]:
        headers = {"authorization": f"Bearer {'t' * 64}", "accept": "application/fhir+json"}
        url = f"{PLATFORM['pkbBaseUrl']}fhir/Observation?{urlencode(parameters)}"
        while url:
            page = (await self._api.get(url, headers=headers)).raise_for_status().json()
            yield page
            url = next((link["url"] for link in page["link"] if link["relation"] == "next"), "")

    def _sign(self, claims: dict[str, Any], headers: dict[str, Any] | None = None) -> str:
        return jwt.encode(claims, self._key, algorithm="PS512", headers=headers)

    def _bearer(self, **claims: str) -> dict[str, str]:
        basic = {
            "client_id": f"{APPLICATION}_{CONTRACT}",
            "nonce": secrets.token_hex(16),
            "timestamp": int(time.time() * 1000),
        }
        return {"authorization": f"Bearer {self._sign({**basic, **claims})}"}

    def _as_user(self) -> dict[str, str]:
        return self._bearer(access_token=PLATFORM["userAccessToken"]["accessToken"]["value"])

    def _for_storage(self) -> dict[str, str]:
        now = int(time.time())
        claims = {"sub": APPLICATION, "iss": CONTRACT, "aud": "cloud", "iat": now, "exp": now + 60}
        token = self._sign(claims, {"typ": "at+jwt", "kid": f"{CONTRACT}_{APPLICATION}_0"})
        return {"authorization": f"Bearer {token}"}

    async def _verified(self, token: str) -> dict[str, Any]:
        header = jwt.get_unverified_header(token)
        jku, kid = header["jku"], header["kid"]
        if jku not in self._key_sets:
            self._key_sets[jku] = (await self._api.get(jku)).raise_for_status().json()["keys"]
        pem = next(key["pem"] for key in self._key_sets[jku] if key["kid"] == kid)
        claims: dict[str, Any] = jwt.decode(token, pem, algorithms=["PS512"])
        return claims

    def _private_key(self) -> RSAPrivateKey:
        return _load(self._key) if isinstance(self._key, str) else self._key

    def _opening(self, head: bytes) -> Opening:
        return Opening(self._private_key().decrypt(head[:256], OAEP), head[256:272])

    async def _sealed(self, content: Zeros) -> AsyncIterator[bytes]:
        key, vector = secrets.token_bytes(32), secrets.token_bytes(16)
        cipher = Cipher(algorithms.AES(key), modes.CBC(vector)).encryptor()
        padder = PKCS7(128).padder()
        yield self._private_key().public_key().encrypt(key, OAEP) + vector
        while chunk := content.read(64 * 1024):
            yield cipher.update(padder.update(chunk))
        yield cipher.update(padder.finalize()) + cipher.finalize()


class Opening:
    """A file being decrypted."""

    def __init__(self, key: bytes, vector: bytes) -> None:
        self._cipher = Cipher(algorithms.AES(key), modes.CBC(vector)).decryptor()
        self._unpadder = PKCS7(128).unpadder()

    def update(self, sealed: bytes) -> bytes:
        return self._unpadder.update(self._cipher.update(sealed))

    def finalize(self) -> bytes:
        return self._unpadder.update(self._cipher.finalize()) + self._unpadder.finalize()


def _far() -> dict[str, Any]:
    # Who waits for a turn among 100 connections, as many as there are at most, must be able to wait.
    context = ssl.create_default_context(cadata=PLATFORM["ca"])
    return {"verify": context, "http2": PLATFORM["http2"], "timeout": 60}


def _load(pem: str) -> RSAPrivateKey:
    key = load_pem_private_key(pem.encode(), None)
    if isinstance(key, RSAPrivateKey):
        return key
    raise TypeError(type(key))


async def main() -> None:
    """Hold the PEM text, or with `parsed` as the last argument a key object that is made once."""
    pem = PLATFORM["privateKey"]
    key = _load(pem) if sys.argv[3:] == ["parsed"] else pem
    await works.run(lambda: Plain(key))


if __name__ == "__main__":
    asyncio.run(main())
