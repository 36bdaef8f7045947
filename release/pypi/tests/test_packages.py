"""The packages for PyPI are looked at before they are published, and what must not be published is refused."""

from __future__ import annotations

import io
import json
import shutil
import tarfile
import zipfile
from pathlib import Path

import pytest
from binaries import MARK, made
from binary import LARGEST
from known import Project
from pypi import prepublish
from pypi.build import build_sdist
from pypi.contents import faults_of_sdist, faults_of_wheel, version
from pypi.products import PRODUCTS, SANDBOX, SDK, Product, targets
from pypi.stage import LICENSE, NOTICES, SBOM, stage

KNOWN = Project("https://repository.example/digime-sdk", "somebody@repository.example")


@pytest.fixture(scope="session")
def sdists(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The sdists of both packages, as if the repository's address were known, and with stand-ins for their papers."""
    folder: Path = tmp_path_factory.mktemp("sdists")
    for product in PRODUCTS:
        staged = tmp_path_factory.mktemp("staged") / product.name
        stage(product, staged, KNOWN)
        for name in (LICENSE, NOTICES, SBOM):
            (staged / product.folder / name).write_text("{}", encoding="utf-8")
        build_sdist(product, staged, folder)
    return folder


def packed(folder: Path, product: Product) -> Path:
    return folder / f"{product.file_name}-{version()}.tar.gz"


def wheel_of(
    sdist: Path, folder: Path, *, tag: str, binary: bytes | None = None, sbom: str = '{"components": [{}]}'
) -> Path:
    """Make a wheel with the metadata of an sdist, and with the names that a wheel of the SDK's has."""
    platform = next(target.platform for target in targets() if target.wheel == tag)
    stem = f"digime_sdk-{version()}"
    with tarfile.open(sdist) as archive:
        content = archive.extractfile(f"{stem}/PKG-INFO")
        assert content is not None
        metadata = content.read()
    info = f"{stem}.dist-info"
    wheel = folder / f"{stem}-cp39-abi3-{tag}.whl"
    files: dict[str, bytes] = {
        "digime_sdk/__init__.py": b"",
        "digime_sdk/py.typed": b"",
        "digime_sdk/_native.pyi": b"",
        "digime_sdk/_generated/types.py": b"",
        "digime_sdk/_native.abi3.so": made(platform) if binary is None else binary,
        f"{info}/METADATA": metadata,
        f"{info}/WHEEL": f"Wheel-Version: 1.0\nTag: cp39-abi3-{tag}\n".encode(),
        f"{info}/licenses/LICENSE": b"",
        f"{info}/licenses/THIRD_PARTY_NOTICES": b"",
        f"{info}/sboms/{SBOM}": sbom.encode(),
    }
    with zipfile.ZipFile(wheel, "w") as packed_wheel:
        for name, text in files.items():
            packed_wheel.writestr(name, text)
    return wheel


@pytest.mark.parametrize("product", PRODUCTS, ids=lambda product: product.name)
def test_an_sdist_has_what_compiling_needs_and_nothing_else(sdists: Path, product: Product) -> None:
    assert faults_of_sdist(packed(sdists, product), product) == []


def test_an_sdist_with_a_key_or_with_tests_is_refused(sdists: Path, tmp_path: Path) -> None:
    sdist = tmp_path / packed(sdists, SDK).name
    with tarfile.open(packed(sdists, SDK)) as old, tarfile.open(sdist, "w:gz") as new:
        for member in old.getmembers():
            new.addfile(member, old.extractfile(member))
        key = b"-----BEGIN PRIVATE KEY-----\n" + b"A" * 64 + b"\n"
        for name in ("core/src/key.rs", "core/tests/behaviour/main.rs"):
            added = tarfile.TarInfo(f"digime_sdk-{version()}/{name}")
            added.size = len(key)
            new.addfile(added, io.BytesIO(key))
    assert faults_of_sdist(sdist, SDK) == [
        "it has core/tests/behaviour/main.rs, which nobody needs who compiles it",
        "core/src/key.rs has a private key",
        "core/tests/behaviour/main.rs has a private key",
    ]


def test_a_debug_build_is_refused(sdists: Path, tmp_path: Path) -> None:
    tag = targets()[0].wheel
    good = wheel_of(packed(sdists, SDK), tmp_path, tag=tag)
    assert faults_of_wheel(good, SDK) == []
    largest = LARGEST[SDK.name]
    content = made(targets()[0].platform, mark=MARK + bytes(largest))
    debug = wheel_of(packed(sdists, SDK), tmp_path, tag=tag, binary=content)
    assert faults_of_wheel(debug, SDK) == ["its binary is a debug build"]


def test_a_wheel_under_the_name_of_another_platform_is_refused(sdists: Path, tmp_path: Path) -> None:
    first, last = targets()[0], targets()[-1]
    good = wheel_of(packed(sdists, SDK), tmp_path, tag=first.wheel)
    renamed = good.with_name(good.name.replace(first.wheel, last.wheel))
    good.rename(renamed)
    assert faults_of_wheel(renamed, SDK) == [
        f"it is built as cp39-abi3-{first.wheel}",
        f"its binary is built for {first.platform}, and not for {last.platform}",
    ]


def test_whoever_builds_without_the_tools_is_told_which_to_install(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sys.executable", str(tmp_path / "python"))
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(SystemExit, match=r"maturin is not there: pip install .*release/builders\.txt"):
        build_sdist(SDK, tmp_path, tmp_path)


def test_an_sbom_with_paths_of_the_machine_is_refused(sdists: Path, tmp_path: Path) -> None:
    sbom = json.dumps({"components": [{"bom-ref": f"path+file:///home/somebody/core#digime-sdk@{version()}"}]})
    wheel = wheel_of(packed(sdists, SDK), tmp_path, tag=targets()[0].wheel, sbom=sbom)
    assert faults_of_wheel(wheel, SDK) == ["its SBOM has paths of the machine that it was built on"]


def test_nothing_is_published_while_a_platform_is_missing_or_the_repository_unknown(
    sdists: Path, tmp_path: Path
) -> None:
    for product in PRODUCTS:
        shutil.copy2(packed(sdists, product), tmp_path)
    last = targets()[-1].wheel
    for target in targets()[:-1]:
        wheel_of(packed(sdists, SDK), tmp_path, tag=target.wheel)
    (tmp_path / "digime_sdk-0.0.0.tar.gz").touch()
    assert prepublish.faults_of(tmp_path, Project("", "")) == [
        f"digime_sdk-{version()}-cp39-abi3-*{last}*.whl is missing",
        *(f"digime_sandbox-{version()}-{SANDBOX.python_tags}-*{target.wheel}*.whl is missing" for target in targets()),
        "the repository's address is not known: fill in `repository` in release/project.json, build anew",
        f"digime_sdk-0.0.0.tar.gz is none of the packages of version {version()}",
    ]


def test_what_does_not_lead_to_the_repository_is_not_published(sdists: Path, tmp_path: Path) -> None:
    sdist = tmp_path / packed(sdists, SDK).name
    with tarfile.open(packed(sdists, SDK)) as old, tarfile.open(sdist, "w:gz") as new:
        for member in old.getmembers():
            content = old.extractfile(member)
            assert content is not None
            lines = content.readlines()
            text = b"".join(line for line in lines if not line.startswith(b"Project-URL"))
            member.size = len(text)
            new.addfile(member, io.BytesIO(text))
    fault = "it does not say where the project is found"
    assert f"{sdist.name}: {fault}" in prepublish.faults_of(tmp_path, KNOWN)
    shutil.copy2(packed(sdists, SDK), sdist)
    assert f"{sdist.name}: {fault}" not in prepublish.faults_of(tmp_path, KNOWN)
