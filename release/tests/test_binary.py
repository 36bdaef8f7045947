"""A binary that is for another platform, of another version or not of a release is told from one that is as it should be."""

from __future__ import annotations

import pytest
from binaries import MARK, VERSION, made
from binary import LARGEST, Platform, faults, platform_of

PLATFORMS = [
    Platform("linux", "x64", "glibc"),
    Platform("linux", "arm64", "glibc"),
    Platform("linux", "x64", "musl"),
    Platform("linux", "arm64", "musl"),
    Platform("darwin", "x64"),
    Platform("darwin", "arm64"),
    Platform("win32", "x64"),
    Platform("win32", "arm64"),
]


@pytest.mark.parametrize("platform", PLATFORMS, ids=str)
def test_a_binary_says_what_it_is_built_for(platform: Platform) -> None:
    content = made(platform)
    assert platform_of(content) == platform
    assert faults(content, "digime-sdk", platform, VERSION) == []
    for other in PLATFORMS:
        wrong = [f"is built for {platform}, and not for {other}"] if other != platform else []
        assert faults(content, "digime-sdk", other, VERSION) == wrong


@pytest.mark.parametrize(
    "nothing", [b"", b"a text", b"MZ", b"\x7fELF\x02\x01", b"\x7fELF\x02\x01" + b"\xff" * 64, b"MZ" * 64]
)
def test_what_is_no_binary_is_refused(nothing: bytes) -> None:
    (fault,) = faults(nothing, "digime-sdk", PLATFORMS[0], VERSION)
    assert "is no program or library" in fault


def test_a_binary_of_another_version_is_refused() -> None:
    content = made(PLATFORMS[0], mark=b"digime-sdk/0.0.9")
    assert faults(content, "digime-sdk", PLATFORMS[0], VERSION) == [f"is not of version {VERSION}"]


@pytest.mark.parametrize("product", ["digime-sdk", "digime-sandbox"])
def test_a_debug_build_is_refused_stripped_or_not(product: str) -> None:
    stripped = made(PLATFORMS[0], mark=MARK + bytes(LARGEST[product]))
    whole = made(PLATFORMS[0], sections=(b".debug_info",))
    for content in (stripped, whole):
        assert faults(content, product, PLATFORMS[0], VERSION) == ["is a debug build"]
    read_by_the_standard_library = made(PLATFORMS[0], mark=MARK + b".debug_info\0")
    assert faults(read_by_the_standard_library, product, PLATFORMS[0], VERSION) == []
