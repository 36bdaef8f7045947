"""Puts back the faults of `faults/*.patch`, one after the other, in a copy of the tree, and counts how many schedules it takes to find each."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
FAULTS = Path(__file__).resolve().parent / "faults"
COPY = ROOT / "build" / "faults"
SEEDS = Path(__file__).resolve().parent / "seeds.txt"
# The first schedule in which tokens are cached, and applications watch; and that in which leases differ, and processes read their sockets: what only
# these show is looked for from them on.
FIRST = {"later": "1000000", "latest": "2000000"}
_FOUND = re.compile(r"seed (\d+) \(schedule (\d+)\) broke a promise: (.*)")


def main() -> int:
    """Print a line for each fault; those named as arguments, or all."""
    schedules, *names = sys.argv[1:]
    copy_tree()
    patches = [path for path in sorted(FAULTS.glob("*.patch")) if not names or path.stem in names]
    failed = 0
    for patch in patches:
        found = hunted(patch, schedules)
        failed += found is None
        print(f"{patch.stem}: {found or 'NOT FOUND'}", flush=True)
    print(f"{len(patches) - failed} passed, {failed} failed")
    return min(failed, 1)


def copy_tree() -> None:
    """Copy what git knows, with its times, so that only what a patch changes is built again."""
    shutil.rmtree(COPY, ignore_errors=True)
    listed = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, check=True, capture_output=True, text=True).stdout
    for name in filter(None, listed.split("\0")):
        source, target = ROOT / name, COPY / name
        if source.is_file():
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(source, target)


def hunted(patch: Path, schedules: str) -> str | None:
    """Put the fault back and run the simulation until it shows; what it showed, or nothing."""
    apply = ["git", "apply", "--whitespace=nowarn", f"--directory={COPY.relative_to(ROOT)}", str(patch)]
    if subprocess.run(apply, cwd=ROOT, check=False).returncode:
        print(f"{patch.stem} does not apply any more: write it anew, or remove it with a word", file=sys.stderr)
        return None
    try:
        platform = "digime" if patch.stem.startswith("digime-") else "pkb"
        first = FIRST.get(patch.stem.partition("-")[0], "0")
        if found := first_found(platform, ["--schedules", schedules, "--seed", first]):
            return f"found after {found[2]} schedules: {found[3]}"
        # A rare one was found in a search of hours: the seed that it came to breaks a promise again.
        found = first_found(platform, ["--seeds", str(SEEDS), "--schedules", "0"])
        return f"found by seed {found[1]}: {found[3]}" if found else None
    finally:
        subprocess.run([*apply, "--reverse"], cwd=ROOT, check=True)


def first_found(platform: str, which: list[str]) -> re.Match[str] | None:
    """Run schedules of the copy; what the first that broke a promise showed."""
    # Not optimised: most of the time goes into building.
    run = ["cargo", "run", "--quiet", "--package", "digime-simulation", "--target-dir", str(ROOT / "target"), "--"]
    run += ["--platform", platform, "--list", *which]
    ran = subprocess.run(run, cwd=COPY, check=False, stdout=subprocess.PIPE, text=True)
    return _FOUND.search(ran.stdout)


if __name__ == "__main__":
    sys.exit(main())
