"""What has to be in a package for PyPI, and what must not."""

from __future__ import annotations

import itertools
import json
import re
import tarfile
import zipfile
from collections.abc import Iterator
from email import message_from_bytes
from pathlib import Path

import binary
from version import current

from .products import ROOT, SDK, Product, targets
from .stage import LICENSE, NOTICES, SBOM

_LICENSES = {LICENSE, NOTICES}
# What compiling does not need: tests and what they are done with, whoever's they are.
_NEEDLESS = re.compile(r"(^|/)(tests/(?!sandbox/)|scenarios/|keys/|examples/|scripts/|requirements[^/]*$|[^/]*\.pem$)")
_PRIVATE_KEY = b"PRIVATE KEY-----\n"
_ADDRESSES = {"Homepage", "Documentation", "Source", "Issues", "Changelog"}


def version() -> str:
    """Give the version that everything in the project has."""
    return current(ROOT)


def faults_of_wheel(wheel: Path, product: Product) -> list[str]:
    """Say what is wrong with a wheel; nothing where it is as it should be."""
    with zipfile.ZipFile(wheel) as archive:
        files = {name: archive.read(name) for name in archive.namelist()}
    info = f"{product.file_name}-{version()}.dist-info"
    if f"{info}/METADATA" not in files:
        return [f"it has no {info}"]
    return [
        *_faults_of_metadata(files[f"{info}/METADATA"], product),
        *_faults_of_tags(wheel.name, files.get(f"{info}/WHEEL", b"")),
        *_faults_of_binary(wheel.name, files, product),
        *_faults_of_sboms(files),
        *(f"it has no {name}" for name in sorted(_needed(product, info) - files.keys())),
        *(f"it has {name}" for name in files if name.endswith((".rs", ".pem")) or "/tests/" in name),
    ]


def faults_of_sdist(sdist: Path, product: Product) -> list[str]:
    """Say what is wrong with an sdist."""
    folder = f"{product.file_name}-{version()}/"
    with tarfile.open(sdist) as archive:
        members = [member for member in archive.getmembers() if member.isfile()]
        files = {member.name: _read(archive, member) for member in members}
    inside = {name[len(folder) :]: content for name, content in files.items() if name.startswith(folder)}
    if "PKG-INFO" not in inside:
        return [f"it has no {folder}PKG-INFO"]
    needed = {"Cargo.toml", "Cargo.lock", "pyproject.toml", "README.md", SBOM, *_LICENSES}
    return [
        *_faults_of_metadata(inside["PKG-INFO"], product),
        *(f"it has no {name}" for name in sorted(needed - inside.keys())),
        *(f"it has {name}, which nobody needs who compiles it" for name in inside if _is_needless(name)),
        *(f"{name} has a private key" for name, content in inside.items() if _has_key(name, content)),
    ]


def _is_needless(name: str) -> bool:
    return _NEEDLESS.search(name) is not None or name.startswith("tests/sandbox/tests/")


def _has_key(name: str, content: bytes) -> bool:
    # Sources name the marks of keys; what is between them is a line's length of base64.
    return re.search(_PRIVATE_KEY + rb"[A-Za-z0-9+/=]{40}", content) is not None or name.endswith((".key", ".pem"))


def _read(archive: tarfile.TarFile, member: tarfile.TarInfo) -> bytes:
    content = archive.extractfile(member)
    assert content is not None
    with content:
        return content.read()


def _needed(product: Product, info: str) -> set[str]:
    names = {f"{info}/licenses/{name}" for name in _LICENSES}
    own = {"py.typed", "__init__.py", *(["_native.pyi", "_generated/types.py"] if product is SDK else [])}
    return names | {f"{product.file_name}/{name}" for name in own}


def _faults_of_metadata(text: bytes, product: Product) -> Iterator[str]:
    metadata = message_from_bytes(text)
    expected = {
        "Name": product.name,
        "Version": version(),
        "Requires-Python": ">=3.9",
        "License-Expression": "Apache-2.0",
    }
    for field, value in expected.items():
        if metadata[field] != value:
            yield f"its {field} is {metadata[field]}, and not {value}"
    if set(metadata.get_all("License-File", [])) != _LICENSES:
        yield "it names other licence files than it should"
    if not str(metadata["Description-Content-Type"]).startswith("text/markdown"):
        yield "its description is no Markdown"
    for required in metadata.get_all("Requires-Dist", []):
        if "extra ==" not in required:
            yield f"it requires {required}"


def leads_somewhere(text: bytes) -> bool:
    """Whether metadata name where the project is found."""
    named = message_from_bytes(text).get_all("Project-URL", [])
    return {each.partition(",")[0] for each in named} == _ADDRESSES


def _faults_of_tags(name: str, text: bytes) -> Iterator[str]:
    """A wheel that was given another name is still what it was built as."""
    python, abi, platforms = (part.split(".") for part in name.removesuffix(".whl").split("-")[-3:])
    named = {"-".join(tag) for tag in itertools.product(python, abi, platforms)}
    told = set(message_from_bytes(text).get_all("Tag", []))
    if told != named:
        yield f"it is built as {', '.join(sorted(told)) or 'nothing'}"


def _faults_of_binary(wheel: str, files: dict[str, bytes], product: Product) -> Iterator[str]:
    wanted = r"digime_sdk/_native(\.abi3\.so|\.pyd)" if product is SDK else r".*\.data/scripts/digime-sandbox(\.exe)?"
    binaries = [content for name, content in files.items() if re.fullmatch(wanted, name)]
    if len(binaries) != 1:
        yield f"it has {len(binaries)} binaries"
    target = next((target for target in targets() if target.wheel in wheel), None)
    if target is None:
        yield "it is for no platform of release/targets.json"
        return
    for content in binaries:
        faults = binary.faults(content, product.name, target.platform, version())
        yield from (f"its binary {fault}" for fault in faults)


def _faults_of_sboms(files: dict[str, bytes]) -> Iterator[str]:
    sboms = [content for name, content in files.items() if ".dist-info/sboms/" in name]
    if not sboms:
        yield "it has no SBOM"
    for sbom in sboms:
        if not json.loads(sbom).get("components"):
            yield "its SBOM names nothing"
        if b"file:/" in sbom:
            yield "its SBOM has paths of the machine that it was built on"
