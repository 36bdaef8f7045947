"""The packages for npm are published once and whole, and what is not whole is refused before any of it is there."""

from __future__ import annotations

import base64
import hashlib
import io
import json
import os
import tarfile
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest
from binaries import VERSION, made
from binary import Platform
from known import ROOT
from npm_contents import PRODUCTS, Package, faults, names, read, targets
from publish_npm import integrity, publish

Files = dict[str, bytes]
PAPERS = {"LICENSE": b"", "THIRD_PARTY_NOTICES": b"", "sbom.cdx.json": b"{}"}
REPOSITORY = {"type": "git", "url": "git+https://repository.example/owner/project.git"}


def manifest(name: str, **members: object) -> bytes:
    described = {"name": name, "version": VERSION, "repository": REPOSITORY} | members
    return json.dumps({key: value for key, value in described.items() if value is not None}).encode()


def root(name: str) -> Files:
    needed = {f"{name}-{target['name']}": VERSION for target in targets()}
    described = manifest(name, main="dist/index.js", types="dist/index.d.ts", optionalDependencies=needed)
    files = {
        "package.json": described,
        "README.md": b"",
        "LICENSE": b"",
        "dist/index.js": b'const call = require("./call"); const { read } = require("./parts");',
        "dist/index.d.ts": b'import type { Call } from "./call";\nexport * from "./parts";',
        "dist/call.js": b'require("node:fs"); require("../native");' if name == "digime-sdk" else b"",
        "dist/call.d.ts": b"",
        "dist/parts/index.js": b"",
        "dist/parts/index.d.ts": b"",
    }
    own = {"native.js": f"if (version !== '{VERSION}') throw".encode(), "native.d.ts": b""}
    return files | (own if name == "digime-sdk" else {})


def platform(product: str, target: dict[str, str]) -> Files:
    libc = target.get("libc")
    described = manifest(
        f"{product}-{target['name']}", os=[target["os"]], cpu=[target["cpu"]], libc=[libc] if libc else None
    )
    program = f"digime-sandbox{'.exe' if target['os'] == 'win32' else ''}"
    name = f"digime-sdk.{target['name']}.node" if product == "digime-sdk" else program
    return {"package.json": described, name: made(Platform(target["os"], target["cpu"], libc)), **PAPERS}


def packed(folder: Path, files: Files) -> Package:
    described = json.loads(files["package.json"])
    archive = folder / f"{described['name']}-{described['version']}.tgz"
    with tarfile.open(archive, "w:gz") as out:
        for name, content in files.items():
            member = tarfile.TarInfo(f"package/{name}")
            member.size, member.mode = len(content), 0o755
            out.addfile(member, io.BytesIO(content))
    return read(archive)


@pytest.fixture
def whole(tmp_path: Path) -> dict[str, Package]:
    """All packages."""
    all_files = [root(product) for product in PRODUCTS]
    all_files += [platform(product, target) for product in PRODUCTS for target in targets()]
    return {package.manifest["name"]: package for package in (packed(tmp_path, files) for files in all_files)}


def changed(package: Package, **files: bytes | None) -> Package:
    """The package with other files, or without some."""
    kept = {name: content for name, content in (dict(package.files) | files).items() if content is not None}
    return Package(package.archive, kept, package.programs, json.loads(kept["package.json"]))


def test_what_is_whole_is_taken(whole: dict[str, Package]) -> None:
    assert faults(whole, VERSION) == []
    assert len(names()) == 18
    assert names()[-2:] == ["digime-sdk", "digime-sandbox"]


def test_a_platform_that_is_missing_and_a_package_of_others_are_named(whole: dict[str, Package]) -> None:
    del whole["digime-sdk-darwin-x64"]
    whole["left-pad"] = whole["digime-sdk"]
    assert faults(whole, VERSION) == [
        "digime-sdk-darwin-x64 is missing: it was not built, or not staged, or not packed",
        "left-pad is none of this project's packages",
    ]


@pytest.mark.parametrize(
    ("name", "files", "fault"),
    [
        ("digime-sdk", {"dist/call.js": None}, "dist/call.js is missing"),
        ("digime-sdk", {"dist/call.d.ts": None}, "dist/call.d.ts is missing"),
        ("digime-sandbox", {"dist/index.js": None}, "dist/index.js is missing"),
        ("digime-sdk", {"native.js": b"'0.0.9'"}, f"native.js is of another version than {VERSION}"),
        ("digime-sdk", {"digime-sdk.darwin-x64.node": b""}, "digime-sdk.darwin-x64.node is a build for one platform"),
        ("digime-sdk-darwin-x64", {"THIRD_PARTY_NOTICES": None}, "it has no THIRD_PARTY_NOTICES"),
        ("digime-sdk-darwin-x64", {"sbom.cdx.json": None}, "it has no sbom.cdx.json"),
        (
            "digime-sdk-darwin-x64",
            {"digime-sdk.darwin-x64.node": made(Platform("linux", "x64", "glibc"))},
            "digime-sdk.darwin-x64.node is built for linux-x64-glibc, and not for darwin-x64",
        ),
        (
            "digime-sandbox-win32-x64-msvc",
            {"digime-sandbox.exe": b""},
            "digime-sandbox.exe is no program or library of a system that is known, of 0 bytes",
        ),
    ],
)
def test_a_package_that_is_not_as_it_should_be_is_refused(
    whole: dict[str, Package], name: str, files: dict[str, bytes | None], fault: str
) -> None:
    whole[name] = changed(whole[name], **files)
    assert faults(whole, VERSION) == [f"{name}: {fault}"]


@pytest.mark.parametrize(
    ("members", "fault"),
    [
        ({"version": "0.0.9"}, f"it has version 0.0.9, and not {VERSION}"),
        ({"repository": None}, "it does not say where the project is found"),
        ({"private": True}, "its manifest has private"),
        ({"os": ["linux"]}, r"it says that its os is ['linux'], and not darwin"),
    ],
)
def test_a_manifest_that_tells_another_story_is_refused(
    whole: dict[str, Package], members: dict[str, Any], fault: str
) -> None:
    name = "digime-sdk-darwin-x64"
    described = manifest(name, **({"os": ["darwin"], "cpu": ["x64"]} | members))
    whole[name] = changed(whole[name], **{"package.json": described})
    (told,) = faults(whole, VERSION)
    assert told.startswith(f"{name}: {fault}")


def test_a_program_that_may_not_be_run_is_refused(whole: dict[str, Package]) -> None:
    there = whole["digime-sandbox-linux-x64-gnu"]
    whole["digime-sandbox-linux-x64-gnu"] = Package(there.archive, there.files, frozenset(), there.manifest)
    assert faults(whole, VERSION) == ["digime-sandbox-linux-x64-gnu: digime-sandbox may not be run"]


class Registry:
    """A registry that keeps what is published."""

    def __init__(self) -> None:
        self.kept: dict[str, dict[str, Any]] = {}
        """What it has, by name."""
        kept = self.kept

        class Answer(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                name, _, version = self.path.strip("/").partition("/")
                # npm itself asks for all versions.
                self.say(200 if name in kept and version else 404, kept.get(name, {}))

            def do_PUT(self) -> None:
                said = json.loads(self.rfile.read(int(self.headers["content-length"])))
                (attached,) = said["_attachments"].values()
                digest = hashlib.sha512(base64.b64decode(attached["data"])).digest()
                kept[said["name"]] = {"dist": {"integrity": f"sha512-{base64.b64encode(digest).decode()}"}}
                self.say(201, {"ok": True})

            def say(self, status: int, body: object) -> None:
                text = json.dumps(body).encode()
                self.send_response_only(status)
                self.send_header("content-length", str(len(text)))
                self.end_headers()
                self.wfile.write(text)

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Answer)
        self.address = f"http://127.0.0.1:{self.server.server_address[1]}/"


@pytest.fixture
def registry() -> Iterator[Registry]:
    """A registry that is empty."""
    registry = Registry()
    with registry.server as server:
        threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True).start()
        yield registry
        server.shutdown()


def test_a_release_that_broke_off_is_finished_and_nothing_is_published_twice(
    whole: dict[str, Package], registry: Registry, tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "npmrc").write_text(f"//{registry.address.partition('//')[2]}:_authToken=x\n", encoding="utf-8")
    environment = {"PATH": os.environ["PATH"], "HOME": str(tmp_path), "npm_config_userconfig": str(tmp_path / "npmrc")}
    environment["npm_config_update_notifier"] = "false"
    first, second = whole["digime-sandbox-darwin-x64"], whole["digime-sandbox"]
    registry.kept["digime-sandbox-darwin-x64"] = {"dist": {"integrity": integrity(first.archive)}}
    assert publish([first, second], registry.address, environment) == []
    assert registry.kept["digime-sandbox"]["dist"]["integrity"] == integrity(second.archive)
    said = capfd.readouterr().out
    assert f"digime-sandbox-darwin-x64 {VERSION} is there already" in said
    assert f"digime-sandbox {VERSION} is published" in said


def test_what_is_there_with_another_content_stops_the_release(whole: dict[str, Package], registry: Registry) -> None:
    registry.kept["digime-sandbox-darwin-x64"] = {"dist": {"integrity": "sha512-other"}}
    packages = [whole["digime-sandbox-darwin-x64"], whole["digime-sandbox"]]
    (fault,) = publish(packages, registry.address, os.environ)
    assert "is there already, with another content" in fault
    assert "digime-sandbox" not in registry.kept


def test_whoever_names_publishers_is_told_all_packages() -> None:
    told = (ROOT / "release/README.md").read_text(encoding="utf-8").split()
    assert [name for name in names() if name not in told] == []
