"""A Debian is had from the mirror that a machine knows, and on machines that are none of Debian's, too."""

from __future__ import annotations

from pathlib import Path

import chroot
import pytest


@pytest.mark.parametrize(
    ("known", "taken"),
    [
        ("http://mirror.example/debian http://mirror.example/debian-security", "http://mirror.example/debian"),
        ("http://archive.example/ubuntu", "http://deb.debian.org/debian"),
    ],
)
def test_a_mirror_is_taken(known: str, taken: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    apt = tmp_path / "apt-get"
    apt.write_text(f"#!/bin/sh\necho {known}\n", encoding="utf-8")
    apt.chmod(0o755)
    monkeypatch.setenv("PATH", str(tmp_path), prepend=":")
    assert chroot.mirror() == taken
