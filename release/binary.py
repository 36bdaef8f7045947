"""What a compiled program or library says of itself: the platform that it is for, whether it is a release build, and of which version."""

from __future__ import annotations

import json
import struct
from dataclasses import dataclass
from pathlib import Path

_ROOT = Path(__file__).resolve().parents[1]
LARGEST: dict[str, int] = json.loads((_ROOT / "release/sizes.json").read_text(encoding="utf-8"))
"""No release build of a product is as large, and no debug build as small, stripped or not."""
_ELF = {0x3E: "x64", 0xB7: "arm64"}
_MACH_O = {0x01000007: "x64", 0x0100000C: "arm64"}
_PE = {0x8664: "x64", 0xAA64: "arm64"}
_DYNAMIC, _NEEDED = 6, 1


@dataclass(frozen=True)
class Platform:
    """What a binary runs on, by the names of targets.json."""

    os: str
    cpu: str
    libc: str | None = None

    def __str__(self) -> str:
        return "-".join(filter(None, (self.os, self.cpu, self.libc)))


def faults(content: bytes, product: str, wanted: Platform, version: str) -> list[str]:
    """Say what is wrong with the binary of a product."""
    found = platform_of(content)
    if found is None:
        return [f"is no program or library of a system that is known, of {len(content)} bytes"]
    told = []
    if found != wanted:
        told.append(f"is built for {found}, and not for {wanted}")
    if len(content) > LARGEST[product] or b".debug_info" in _names_of_sections(content):
        told.append("is a debug build")
    # What the SDK tells servers, and what the sandbox's --version says.
    mark = f"digime-sdk/{version}" if product == "digime-sdk" else version
    if mark.encode() not in content:
        told.append(f"is not of version {version}")
    return told


def platform_of(content: bytes) -> Platform | None:
    """What it runs on; `None` where it is nothing of the kind."""
    try:
        if content.startswith(b"\x7fELF\x02\x01"):
            (machine,) = struct.unpack_from("<H", content, 0x12)
            _names_of_sections(content)  # or it is broken
            libc = "glibc" if b"libc.so.6" in _needed(content) else "musl"
            return Platform("linux", _ELF[machine], libc)
        if content.startswith(b"\xcf\xfa\xed\xfe"):
            (machine,) = struct.unpack_from("<I", content, 4)
            return Platform("darwin", _MACH_O[machine])
        if content.startswith(b"MZ"):
            (header,) = struct.unpack_from("<I", content, 0x3C)
            signature, machine = struct.unpack_from("<4sH", content, header)
            return Platform("win32", _PE[machine]) if signature == b"PE\0\0" else None
    except (struct.error, KeyError, IndexError, ValueError, OverflowError):
        return None
    return None


@dataclass(frozen=True)
class _Section:
    name: int
    kind: int
    offset: int
    size: int
    link: int


def _sections(content: bytes) -> list[_Section]:
    """The sections of an ELF file of 64 bits."""
    (headers,) = struct.unpack_from("<Q", content, 0x28)
    size, count = struct.unpack_from("<HH", content, 0x3A)
    found = []
    for index in range(count):
        name, kind, _, _, offset, length, link = struct.unpack_from("<IIQQQQI", content, headers + index * size)
        found.append(_Section(name, kind, offset, length, link))
    return found


def _names_of_sections(content: bytes) -> list[bytes]:
    """The names of the sections of an ELF file; of another nothing: on other systems debug information has files of its own."""
    if not content.startswith(b"\x7fELF\x02\x01"):
        return []
    sections = _sections(content)
    if not sections:
        return []
    (names,) = struct.unpack_from("<H", content, 0x3E)
    return [_text(content, sections[names].offset + section.name) for section in sections]


def _needed(content: bytes) -> list[bytes]:
    """The libraries that an ELF file asks for."""
    sections = _sections(content)
    wanted = []
    for dynamic in (section for section in sections if section.kind == _DYNAMIC):
        strings = sections[dynamic.link].offset
        entries = struct.iter_unpack("<QQ", content[dynamic.offset : dynamic.offset + dynamic.size // 16 * 16])
        wanted += [_text(content, strings + value) for tag, value in entries if tag == _NEEDED]
    return wanted


def _text(content: bytes, offset: int) -> bytes:
    return content[offset : content.index(b"\0", offset)]
