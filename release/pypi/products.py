"""Which packages for PyPI there are, where each is in the project, and what of the project it is built of."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path

from binary import Platform

ROOT = Path(__file__).resolve().parents[2]
"""The folder of the project."""


@dataclass(frozen=True)
class Product:
    """A package."""

    name: str
    folder: str
    """Where its pyproject.toml is."""
    crate: str
    """The crate that is compiled for it."""
    members: tuple[str, ...]
    """The folders of the crates of this project that it is compiled of."""
    sources: tuple[str, ...]
    """What of the project it is built of, beside the workspace's Cargo.toml and Cargo.lock."""
    python_tags: str
    """What of Python its wheels fit."""

    @property
    def file_name(self) -> str:
        """By which name its files begin."""
        return self.name.replace("-", "_")


SDK = Product(
    "digime-sdk",
    "bindings-python",
    "digime-sdk-python",
    ("core", "bindings-python"),
    (
        "core/Cargo.toml",
        "core/README.md",
        "core/src",
        "bindings-python/Cargo.toml",
        "bindings-python/pyproject.toml",
        "bindings-python/README.md",
        "bindings-python/python",
        "bindings-python/src",
    ),
    "cp39-abi3",
)
SANDBOX = Product(
    "digime-sandbox",
    "packages/sandbox-pypi",
    "digime-sandbox",
    ("tests/sandbox",),
    (
        "packages/sandbox-pypi/pyproject.toml",
        "packages/sandbox-pypi/README.md",
        "packages/sandbox-pypi/digime_sandbox",
        "tests/sandbox/Cargo.toml",
        "tests/sandbox/README.md",
        "tests/sandbox/sources.json",
        "tests/sandbox/src",
        "tests/sandbox/templates",
    ),
    "py3-none",
)
PRODUCTS = (SDK, SANDBOX)


@dataclass(frozen=True)
class Target:
    """A platform that packages are built for."""

    name: str
    rust: str
    """What rustc calls it."""
    platform: Platform
    """What its programs run on."""
    wheel: str
    """The tag of its wheels."""
    glibc: str | None
    """The oldest glibc that its programs run with; `None` where that is not what they are linked with."""


def targets() -> list[Target]:
    """The platforms."""
    listed = json.loads((ROOT / "release/targets.json").read_text(encoding="utf-8"))
    return [
        Target(
            each["name"],
            each["rust"],
            Platform(each["os"], each["cpu"], each.get("libc")),
            each["wheel"],
            each.get("glibc"),
        )
        for each in listed
    ]
