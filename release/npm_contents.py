"""What has to be in the packages for npm, all of them together, and what must not."""

from __future__ import annotations

import json
import posixpath
import re
import tarfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import binary
from known import ROOT

PRODUCTS = ("digime-sdk", "digime-sandbox")
_PAPERS = ("LICENSE", "THIRD_PARTY_NOTICES", "sbom.cdx.json")
_NAMED = re.compile(rb"""(?:\brequire\(|\bfrom |\bimport\()\s*["'](\.\.?/[^"']+)["']""")


@dataclass(frozen=True)
class Package:
    """A package as it is packed."""

    archive: Path
    files: Mapping[str, bytes]
    programs: frozenset[str]
    """The files that may be run."""
    manifest: dict[str, Any] = field(default_factory=dict)


def read(archive: Path) -> Package:
    """Read what was packed."""
    files: dict[str, bytes] = {}
    programs = set()
    with tarfile.open(archive) as packed:
        for member in packed:
            content = packed.extractfile(member)
            if content is None:
                continue
            name = member.name.removeprefix("package/")
            files[name] = content.read()
            if member.mode & 0o111:
                programs.add(name)
    return Package(archive, files, frozenset(programs), json.loads(files["package.json"]))


def targets() -> list[dict[str, str]]:
    """The platforms."""
    listed: list[dict[str, str]] = json.loads((ROOT / "release/targets.json").read_text(encoding="utf-8"))
    return listed


def names() -> list[str]:
    """All packages, in the order in which they are published: a root package whose platforms are not there cannot be installed."""
    platforms = [f"{product}-{target['name']}" for product in PRODUCTS for target in targets()]
    return [*platforms, *PRODUCTS]


def faults(packages: Mapping[str, Package], version: str) -> list[str]:
    """Say what speaks against publishing these packages, by their names; nothing where all are there, and as they should be."""
    told = [
        f"{name} is missing: it was not built, or not staged, or not packed" for name in names() if name not in packages
    ]
    for name, package in packages.items():
        if name not in names():
            told.append(f"{name} is none of this project's packages")
            continue
        found = [*_of_manifest(package, version), *_of_package(name, package, version)]
        told += [f"{name}: {fault}" for fault in found]
    return told


def _of_manifest(package: Package, version: str) -> Iterator[str]:
    manifest = package.manifest
    if manifest["version"] != version:
        yield f"it has version {manifest['version']}, and not {version}"
    if not manifest.get("repository"):
        yield "it does not say where the project is found: fill in `repository` in release/project.json, and stage anew"
    for unwanted in ("scripts", "private", "devDependencies"):
        if unwanted in manifest:
            yield f"its manifest has {unwanted}, which are for developing it"


def _of_package(name: str, package: Package, version: str) -> Iterator[str]:
    if name in PRODUCTS:
        yield from _of_root(name, package, version)
        return
    product = next(each for each in PRODUCTS if name.startswith(f"{each}-"))
    target = next(each for each in targets() if name == f"{product}-{each['name']}")
    yield from _of_platform(product, target, package, version)


def _of_root(name: str, package: Package, version: str) -> Iterator[str]:
    manifest = package.manifest
    wanted = {"LICENSE", "README.md", *_entries(manifest)}
    if name == "digime-sdk":
        wanted |= {"native.js", "native.d.ts"}
        if f"'{version}'".encode() not in package.files.get("native.js", b""):
            yield f"native.js is of another version than {version}"
    wanted |= {needed for file in package.files if file.startswith("dist/") for needed in _named(file, package)}
    yield from (f"{file} is missing" for file in sorted(wanted - package.files.keys()))
    yield from (f"{file} is a build for one platform" for file in package.files if file.endswith(".node"))
    for target in targets():
        platform = f"{name}-{target['name']}"
        needed = manifest.get("optionalDependencies", {}).get(platform)
        if needed != version:
            yield f"it needs {f'version {needed}' if needed else 'no version'} of {platform}, where it has to be {version}"


def _entries(manifest: dict[str, Any]) -> Iterator[str]:
    """The files that a manifest names."""
    waiting: list[Any] = [manifest.get(name) for name in ("main", "types", "bin", "exports")]
    while waiting:
        entry = waiting.pop()
        if isinstance(entry, dict):
            waiting += entry.values()
        elif isinstance(entry, str):
            yield posixpath.normpath(entry)


def _named(file: str, package: Package) -> Iterator[str]:
    """The files beside it that a module or a declaration needs."""
    ending = next((ending for ending in (".d.ts", ".js") if file.endswith(ending)), None)
    for found in _NAMED.findall(package.files[file]) if ending else ():
        path = posixpath.normpath(posixpath.join(posixpath.dirname(file), found.decode()))
        if path.endswith((".js", ".json")):
            path = path.removesuffix(".js") + ending if path.endswith(".js") and ending else path
        elif f"{path}/index{ending}" in package.files:
            path = f"{path}/index{ending}"
        else:
            path = f"{path}{ending}"
        yield path


def _of_platform(product: str, target: dict[str, str], package: Package, version: str) -> Iterator[str]:
    manifest = package.manifest
    for said, one in (("os", target["os"]), ("cpu", target["cpu"]), ("libc", target.get("libc"))):
        if manifest.get(said) != ([one] if one else None):
            yield f"it says that its {said} is {manifest.get(said)}, and not {one}"
    windows = target["os"] == "win32"
    name = (
        f"digime-sdk.{target['name']}.node" if product == "digime-sdk" else f"digime-sandbox{'.exe' if windows else ''}"
    )
    yield from (f"it has no {file}" for file in (name, *_PAPERS) if file not in package.files)
    if name not in package.files:
        return
    if product == "digime-sandbox" and not windows and name not in package.programs:
        yield f"{name} may not be run"
    platform = binary.Platform(target["os"], target["cpu"], target.get("libc"))
    yield from (f"{name} {fault}" for fault in binary.faults(package.files[name], product, platform, version))
