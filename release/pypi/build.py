"""Builds the packages for PyPI: `python -m pypi.build TARGET… [--sdist] [--out FOLDER]` in release/.

Targets go by their names in release/targets.json. For Linux it takes the C compiler and the libc of `ziglang`, which make
the floor true that the wheel's tag promises; for the other systems those of the machine.
"""

from __future__ import annotations

import argparse
import os
import shutil
import subprocess
import sys
from pathlib import Path

from known import project

from .products import PRODUCTS, ROOT, Product, Target, targets
from .stage import stage, write_papers


def build(product: Product, target: Target, staged: Path, out: Path) -> None:
    """Build a wheel of what was staged."""
    command = ["maturin", "build", "--release", "--locked", "--target", target.rust, "--out", str(out)]
    if target.platform.os == "linux":
        compatibility, _, _ = target.wheel.rpartition(f"_{target.rust.partition('-')[0]}")
        command += ["--zig", "--compatibility", compatibility]
    _run(command, staged / product.folder)
    (wheel,) = out.glob(f"{product.file_name}-*{target.wheel}*.whl")
    print(f"{target.name}: {wheel.name}, {wheel.stat().st_size / 2**20:.1f} MiB", flush=True)


def build_sdist(product: Product, staged: Path, out: Path) -> None:
    """Pack what was staged."""
    _run(["maturin", "sdist", "--out", str(out)], staged / product.folder)


def _run(command: list[str], folder: Path) -> None:
    """Run maturin as it was installed beside the interpreter, where it looks for zig, too."""
    environment = {name: value for name, value in os.environ.items() if name != "CARGO_BUILD_TARGET"}
    environment["PATH"] = os.pathsep.join([str(Path(sys.executable).parent), os.environ["PATH"]])
    if shutil.which(command[0], path=environment["PATH"]) is None:
        message = f"{command[0]} is not there: pip install --require-hashes --requirement release/builders.txt, in the environment of {sys.executable}"
        raise SystemExit(message)
    subprocess.run(command, cwd=folder, env=environment, check=True)


def main() -> int:
    """Build what the command line asks for."""
    known = {target.name: target for target in targets()}
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("targets", nargs="*", choices=[*known, []], metavar="TARGET", help=", ".join(known))
    parser.add_argument("--sdist", action="store_true", help="pack the sources, too")
    parser.add_argument("--out", type=Path, default=ROOT / "build/release/pypi/dist", help="where they go")
    asked = parser.parse_args()
    found = project()
    if not found.repository:
        print("release/project.json has no repository: the packages lead nowhere, and will be refused")
    for product in PRODUCTS:
        staged = ROOT / "build/release/pypi" / product.name
        stage(product, staged, found)
        write_papers(product, staged)
        for name in asked.targets:
            build(product, known[name], staged, asked.out)
        if asked.sdist:
            build_sdist(product, staged, asked.out)
    return 0


if __name__ == "__main__":
    sys.exit(main())
