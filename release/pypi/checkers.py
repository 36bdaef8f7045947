"""What other tools say of the packages: each check gives what is wrong, or nothing."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
import tempfile
from collections.abc import Callable
from functools import partial
from pathlib import Path

from known import Project

from .build import build_sdist
from .contents import faults_of_sdist, faults_of_wheel
from .products import PRODUCTS, ROOT, SDK, Product, Target
from .stage import stage, write_papers

_STAND_IN = Project("https://repository.example/digime-sdk", "somebody@repository.example")
"""For what is not known yet: what is made with it is looked at, and thrown away."""

Checks = dict[str, Callable[[], "str | None"]]


def checks(dist: Path, target: Target) -> Checks:
    """Give all checks of the packages in a folder, by what they say."""
    all_checks: Checks = {}
    for product in PRODUCTS:
        (wheel,) = dist.glob(f"{product.file_name}-*{target.wheel}*.whl")
        (sdist,) = dist.glob(f"{product.file_name}-*.tar.gz")
        all_checks |= {
            f"{wheel.name} has what it should": partial(_told, faults_of_wheel, wheel, product),
            f"{sdist.name} has what it should": partial(_told, faults_of_sdist, sdist, product),
            f"twine takes {product.name}": partial(_run, "twine", "check", "--strict", wheel, sdist),
            f"pyroma gives {product.name} 10 of 10": partial(_pyroma, product),
            f"auditwheel finds {wheel.name} to be what it says": partial(_auditwheel, wheel, target),
            f"{sdist.name} compiles in a clean environment": partial(_compiles, sdist, target),
        }
        if product is SDK:
            all_checks["abi3audit finds nothing"] = partial(_run, "abi3audit", "--strict", wheel)
    all_checks["pip-audit knows no vulnerability"] = _audit
    return all_checks


def _told(look: Callable[[Path, Product], list[str]], package: Path, product: Product) -> str | None:
    return "\n".join(look(package, product)) or None


def _run(tool: str, *arguments: object, folder: Path = ROOT, **environment: str) -> str | None:
    """What a tool says when it fails."""
    program = Path(sys.executable).parent / tool
    ended = subprocess.run(
        [str(program), *map(str, arguments)],
        cwd=folder,
        env=os.environ | environment,
        capture_output=True,
        text=True,
        check=False,
    )
    return (ended.stdout + ended.stderr).strip() or f"it ended with {ended.returncode}" if ended.returncode else None


def _pyroma(product: Product) -> str | None:
    with tempfile.TemporaryDirectory() as scratch:
        staged, packed = Path(scratch) / "staged", Path(scratch) / "packed"
        stage(product, staged, _STAND_IN)
        write_papers(product, staged)
        build_sdist(product, staged, packed)
        (sdist,) = packed.iterdir()
        return _run("pyroma", "--min", "10", sdist)


def _auditwheel(wheel: Path, target: Target) -> str | None:
    program = Path(sys.executable).parent / "auditwheel"
    command = [str(program), "show", "--json", str(wheel)]
    shown = subprocess.run(command, capture_output=True, text=True, check=False)
    if shown.returncode:
        return shown.stderr.strip()
    needed = json.loads(shown.stdout)["overall_tag"]
    oldest = re.match(r"manylinux_(\d+)_(\d+)_", needed)
    promised = [int(part) for part in (target.glibc or "").split(".")]
    if oldest and [int(part) for part in oldest.groups()] <= promised:
        return None
    return f"it needs {needed}, and is to run with glibc {target.glibc}"


def _compiles(sdist: Path, target: Target) -> str | None:
    """Install it from its sources, in the profile of tests, whose dependencies are compiled already."""
    with tempfile.TemporaryDirectory() as scratch:
        subprocess.run([sys.executable, "-m", "venv", scratch], check=True)
        python = Path(scratch) / "bin/python"
        environment = os.environ | {
            "MATURIN_PEP517_ARGS": f"--profile dev --locked --target {target.rust}",
            "CARGO_TARGET_DIR": str(ROOT / "target"),
        }
        ended = subprocess.run(
            [str(python), "-m", "pip", "install", "--quiet", "--no-deps", "--no-cache-dir", str(sdist)],
            env=environment,
            capture_output=True,
            text=True,
            check=False,
        )
        return ended.stderr.strip()[-2000:] if ended.returncode else None


def _audit() -> str | None:
    """Ask for advisories on what the packages can bring along, and what builds them."""
    extras = SDK.folder + "/pyproject.toml"
    listed = re.search(
        r"^\[project.optional-dependencies\]\n(.*?)\n\n", (ROOT / extras).read_text(), re.MULTILINE | re.DOTALL
    )
    assert listed is not None
    with tempfile.TemporaryDirectory() as scratch:
        requirements = Path(scratch) / "requirements.txt"
        requirements.write_text("\n".join(re.findall(r'"([^"]+)"', listed[1])), encoding="utf-8")
        asked = [(requirements,), (ROOT / "release/requirements.txt", "--require-hashes", "--disable-pip")]
        told = [_run("pip-audit", "--progress-spinner", "off", "--requirement", *each) for each in asked]
    said = "\n".join(filter(None, told))
    if said and re.search(r"ConnectionError|ServiceError|Max retries|HTTPError", said):
        print("pip-audit could not reach what knows of advisories: it has said nothing")
        return None
    return said or None
