"""How many packages an application gets with the SDK or with what a plain client needs, and how large they are."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from columns import ASYNCIO, NODE, NODE_PLAIN, PYTHON_PLAIN, Programs
from figures import Figures
from programs import measured

_HERE = Path(__file__).resolve().parent


def installations(programs: Programs) -> dict[str, Figures]:
    """Give the figures by column."""
    of_python = [programs.python, str(_HERE / "python/installed.py")]
    return {
        NODE: _in_node(programs.sdk_node.parent),
        ASYNCIO: _figures(**measured([*of_python, "digime-sdk"], "")),
        NODE_PLAIN: _in_node(_HERE / "node/node_modules"),
        PYTHON_PLAIN: _figures(**measured([*of_python, "httpx", "PyJWT", "cryptography", "brotli"], "")),
    }


def _in_node(node_modules: Path) -> Figures:
    packages = list(_packages(node_modules))
    files = {file for package in packages for file in package.rglob("*") if file.is_file()}
    return _figures(len(packages), sum(file.stat().st_size for file in files))


def _packages(node_modules: Path) -> Iterator[Path]:
    for folder in node_modules.glob("[!.]*"):
        if folder.name.startswith("@"):
            yield from _packages(folder)
        else:
            yield folder
            yield from _packages(folder / "node_modules")


def _figures(packages: int, bytes: int) -> Figures:  # noqa: A002 - as `installed.py` prints it
    return {"packages": packages, "megabytes": bytes / 1e6}
