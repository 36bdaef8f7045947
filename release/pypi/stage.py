"""Stages what a package for PyPI is built of: its sources and nothing else, and where the project is found.

Its sdist is what is staged here, so what is of no use to those who compile it (tests, keys, scenarios) does not come here.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

from known import Project

from .products import ROOT, Product

LICENSE = "LICENSE"
NOTICES = "THIRD_PARTY_NOTICES"
SBOM = "sbom.cdx.json"
_AUTHORS = "The contributors to digime-sdk"
_FOR_TESTS = re.compile(r"^(?:\[dev-dependencies\]|\[\[(?:bench|example|test)\]\])\n(?:(?!\[)[^\n]*\n)*", re.MULTILINE)
_MEMBERS = re.compile(r"^members = \[.*?\]$", re.MULTILINE | re.DOTALL)
_PROFILE_OF_PACKAGE = re.compile(r"^\[profile\.\w+\.package\.(?P<crate>[^\]]+)\]\n(?:(?!\[)[^\n]*\n)*", re.MULTILINE)
_EXCLUDED = re.compile(r"^exclude = \[.*?\]\n", re.MULTILINE | re.DOTALL)


def stage(product: Product, folder: Path, project: Project) -> None:
    """Lay the sources of a package into the folder, as they are laid out in the project."""
    shutil.rmtree(folder, ignore_errors=True)
    listed = subprocess.run(
        ["git", "ls-files", "--", *product.sources], cwd=ROOT, check=True, capture_output=True, text=True
    )
    for name in listed.stdout.splitlines():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy2(ROOT / name, folder / name)
    _stage_crates(product, folder)
    _rewrite(folder / product.folder / "pyproject.toml", lambda text: _with_project(text, project))


def write_papers(product: Product, folder: Path) -> None:
    """Put beside the sources what says whose work the package is, and of what crates it is made."""
    package = folder / product.folder
    shutil.copy2(ROOT / "LICENSE", package / LICENSE)
    for script, name, *others in (("notices.py", NOTICES), ("sbom.py", SBOM, f"pkg:pypi/{product.name}")):
        command = [sys.executable, str(ROOT / "release" / script), product.crate, str(package / name), *others]
        subprocess.run(command, cwd=ROOT, check=True)


def _stage_crates(product: Product, folder: Path) -> None:
    """Leave a workspace of the crates that are there, without what only their tests need."""
    members = ", ".join(f'"{member}"' for member in product.members)
    for name in ("Cargo.toml", "Cargo.lock"):
        shutil.copy2(ROOT / name, folder / name)
    _rewrite(folder / "Cargo.toml", lambda text: _EXCLUDED.sub("", _MEMBERS.sub(f"members = [{members}]", text)))
    for member in product.members:
        _rewrite(folder / member / "Cargo.toml", lambda text: _FOR_TESTS.sub("", text))
    # Cargo takes out of the lock what the crates that are left do not need, and changes no version.
    environment = {name: value for name, value in os.environ.items() if name != "CARGO_BUILD_TARGET"}
    command = ["cargo", "metadata", "--format-version", "1", "--offline", "--quiet"]
    subprocess.run(command, cwd=folder, env=environment, check=True, stdout=subprocess.DEVNULL)
    lock = (folder / "Cargo.lock").read_text(encoding="utf-8")
    _rewrite(folder / "Cargo.toml", lambda text: _PROFILE_OF_PACKAGE.sub(lambda each: _if_locked(each, lock), text))


def _if_locked(profile: re.Match[str], lock: str) -> str:
    """Keep what says how a crate is built where there is such a crate; Cargo warns of others."""
    return profile[0] if f'name = "{profile["crate"]}"\n' in lock else ""


def _with_project(text: str, project: Project) -> str:
    repository = project.repository
    author = f'name = "{_AUTHORS}"' + (f', email = "{project.contact}"' if "@" in project.contact else "")
    text = text.replace("dynamic = ", f"authors = [{{ {author} }}]\ndynamic = ", 1)
    text = text.replace(
        'license = "Apache-2.0"\n', f'license = "Apache-2.0"\nlicense-files = ["{LICENSE}", "{NOTICES}"]\n'
    )
    # maturin's own has paths of the machine that it was built on.
    text = text.replace(
        "[tool.maturin]\n",
        f'[tool.maturin]\ninclude = [{{ path = "{SBOM}", format = "sdist" }}]\n'
        f'sbom = {{ rust = false, auditwheel = true, include = ["{SBOM}"] }}\n',
    )
    if not repository:
        return text
    urls = {
        "Homepage": repository,
        "Documentation": f"{repository}/tree/main/docs",
        "Source": repository,
        "Issues": f"{repository}/issues",
        "Changelog": f"{repository}/blob/main/CHANGELOG.md",
    }
    table = "".join(f'{name} = "{address}"\n' for name, address in urls.items())
    return text.replace("[tool.maturin]\n", f"[project.urls]\n{table}\n[tool.maturin]\n")


def _rewrite(file: Path, change: Callable[[str], str]) -> None:
    text = file.read_text(encoding="utf-8")
    file.write_text(change(text), encoding="utf-8")
