"""Binaries of few bytes that say of themselves what those of releases say, for tests."""

from __future__ import annotations

import struct

from binary import Platform
from version import ROOT, current

VERSION = current(ROOT)
MARK = f"digime-sdk/{VERSION}".encode()
_ELF = {"x64": 0x3E, "arm64": 0xB7}
_MACH_O = {"x64": 0x01000007, "arm64": 0x0100000C}
_PE = {"x64": 0x8664, "arm64": 0xAA64}


def made(platform: Platform, *, mark: bytes = MARK, sections: tuple[bytes, ...] = ()) -> bytes:
    """A binary for a platform, with what names its version, and if it is an ELF file with sections of these names."""
    if platform.os == "darwin":
        return struct.pack("<II", 0xFEEDFACF, _MACH_O[platform.cpu]) + mark
    if platform.os == "win32":
        return b"MZ".ljust(0x3C, b"\0") + struct.pack("<I4sH", 0x40, b"PE\0\0", _PE[platform.cpu]) + mark
    library = b"libc.so.6" if platform.libc == "glibc" else b"libc.so"
    names = [b"", b".dynstr", b".dynamic", *sections]
    strings = b"\0".join([*names, library, b""])
    dynamic = struct.pack("<QQQQ", 1, strings.index(library + b"\0"), 0, 0)
    contents = [b"", strings, dynamic, *(b"" for _ in sections)]
    kinds = [0, 3, 6, *(1 for _ in sections)]
    offset, headers, body = 0x40, b"", b""
    for name, kind, content in zip(names, kinds, contents, strict=True):
        place = strings.index(name + b"\0") if name else 0
        headers += struct.pack("<IIQQQQIIQQ", place, kind, 0, 0, offset + len(body), len(content), 1, 0, 0, 0)
        body += content
    body += mark
    identity = b"\x7fELF\x02\x01".ljust(0x12, b"\0") + struct.pack("<H", _ELF[platform.cpu])
    head = identity.ljust(0x28, b"\0") + struct.pack("<Q", offset + len(body))
    head = head.ljust(0x3A, b"\0") + struct.pack("<HHH", 0x40, len(names), 1)
    return head + body + headers
