"""Refuses to publish what is not to be: `python -m pypi.prepublish FOLDER` in release/.

It looks at all packages for PyPI in a folder, before any of them is published.
"""

from __future__ import annotations

import sys
import tarfile
import zipfile
from fnmatch import fnmatch
from pathlib import Path

from known import Project, project

from .contents import faults_of_sdist, faults_of_wheel, leads_somewhere, version
from .products import PRODUCTS, Product, targets


def faults_of(folder: Path, known: Project) -> list[str]:
    """Say what speaks against publishing what is in the folder."""
    faults = [fault for product in PRODUCTS for fault in _faults_of_product(folder, product)]
    if not known.repository:
        faults.append("the repository's address is not known: fill in `repository` in release/project.json, build anew")
    patterns = [pattern for product in PRODUCTS for pattern in _patterns(product)]
    unknown = sorted(path.name for path in folder.iterdir() if not any(fnmatch(path.name, name) for name in patterns))
    return [*faults, *(f"{name} is none of the packages of version {version()}" for name in unknown)]


def _patterns(product: Product) -> list[str]:
    """The files that there have to be; a wheel may have a second name of its platform before the one that is known."""
    stem = f"{product.file_name}-{version()}"
    return [f"{stem}.tar.gz", *(f"{stem}-{product.python_tags}-*{target.wheel}*.whl" for target in targets())]


def _faults_of_product(folder: Path, product: Product) -> list[str]:
    faults: list[str] = []
    for pattern in _patterns(product):
        path = next(folder.glob(pattern), None)
        if path is None:
            faults.append(f"{pattern} is missing")
            continue
        found = faults_of_wheel(path, product) if path.suffix == ".whl" else faults_of_sdist(path, product)
        if not leads_somewhere(_metadata(path)):
            found.append("it does not say where the project is found")
        faults += [f"{path.name}: {fault}" for fault in found]
    return faults


def _metadata(path: Path) -> bytes:
    if path.suffix == ".whl":
        with zipfile.ZipFile(path) as wheel:
            return next(wheel.read(name) for name in wheel.namelist() if name.endswith(".dist-info/METADATA"))
    with tarfile.open(path) as sdist:
        content = sdist.extractfile(f"{path.name.removesuffix('.tar.gz')}/PKG-INFO")
        assert content is not None
        return content.read()


def main() -> int:
    """Say all that is wrong."""
    (folder,) = sys.argv[1:]
    faults = faults_of(Path(folder), project())
    for fault in faults:
        print(f"- {fault}")
    print(f"{len(faults)} faults: not to be published" if faults else "ready to be published")
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main())
