"""Checks the crates as they are published, and what they are built upon. Prints what it checked, and how many checks failed.

`python release/check_rust.py` makes all checks, `python release/check_rust.py deny package` these.
"""

from __future__ import annotations

import itertools
import os
import re
import shutil
import subprocess
import sys
import tarfile
import tempfile
from collections.abc import Callable
from pathlib import Path

from notices import ROOT
from version import current

_BUILD = ROOT / "build/release/rust"
_PUBLISHED = ("digime-sdk", "digime-sandbox")
# The crates that others are compiled of, by the address of what is published.
_SHIPPED = {
    "pkg:npm/digime-sdk": "digime-sdk-node",
    "pkg:pypi/digime-sdk": "digime-sdk-python",
    "pkg:cargo/digime-sdk": "digime-sdk",
    "pkg:cargo/digime-sandbox": "digime-sandbox",
}
_FEATURES = ("digime", "pkb", "sqlite", "postgres")

# What cargo may remark: the tests of the core, and the guides, need crates that are not published with it.
_EXPECTED = re.compile(
    r"ignoring (?:test|example) `\w+` as `(?:tests|examples/guides)/\S+` is not included in the published package"
    r"|aborting upload due to dry run"
)
_KEY = re.compile(rb"-----BEGIN [A-Z ]*PRIVATE KEY-----\s+[A-Za-z0-9+/]{40}")
# The releases of rusqlite of which the core takes the one that an application has.
_TAKEN = ("0.41", "0.42", "0.43")
_CHOOSES_A_STORE = """
use digime_sdk::pkb::{Client, Config, Environment, Store};

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let config = Config::builder()
        .client_id("client".parse()?)
        .redirect_uri("https://app.example/return".parse()?)
        .environment(Environment::Sandbox)
        .store(Store::from(std::env::args().nth(1).ok_or("no store")?.as_str()))
        .build();
    println!("{}", Client::new(config).err().ok_or("it was taken")?);
    Ok(())
}
"""


class Failed(Exception):
    """What a check found."""


def _run(*command: str, cwd: Path = ROOT, **environment: str) -> str:
    """What a command writes, both of its streams together; fails with the end of it."""
    done = subprocess.run(
        command,
        cwd=cwd,
        env=os.environ | environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
    )
    if done.returncode != 0:
        raise Failed(f"{' '.join(command)}\n" + "\n".join(done.stdout.splitlines()[-30:]))
    return done.stdout


def _unpacked(package: str) -> Path:
    """The package as cargo publishes it, in a folder of its own."""
    _run("cargo", "package", "--quiet", "--no-verify", "--allow-dirty", "--package", package)
    name = f"{package}-{current(ROOT)}"
    folder = _BUILD / name
    shutil.rmtree(folder, ignore_errors=True)
    with tarfile.open(ROOT / f"target/package/{name}.crate") as archive:
        archive.extractall(_BUILD, filter="data")
    # Or cargo would take it for a part of this workspace.
    with (folder / "Cargo.toml").open("a", encoding="utf-8") as manifest:
        manifest.write("\n[workspace]\n")
    return folder


def features() -> str:
    """Every choice of features compiles without a warning."""
    choices: list[set[str]] = [
        set(choice)
        for size in range(1, len(_FEATURES) + 1)
        for choice in itertools.combinations(_FEATURES, size)
        if size in (1, len(_FEATURES)) or "pkb" in choice
    ]
    choices.append({*_FEATURES, "testing"})
    for choice in choices:
        chosen = ["--no-default-features", "--features", ",".join(sorted(choice))]
        _run("cargo", "clippy", "--quiet", "--package", "digime-sdk", *chosen, "--", "--deny", "warnings")
    return f"{len(choices)} choices of features"


def package() -> str:
    """The crates can be published, and hold what they should and no more."""
    said = _run(
        "cargo", "publish", "--dry-run", "--locked", "--allow-dirty", *(f"--package={name}" for name in _PUBLISHED)
    )
    remarks = [line for line in said.splitlines() if line.startswith("warning:") and not _EXPECTED.search(line)]
    if remarks:
        raise Failed("\n".join(remarks))
    for name in _PUBLISHED:
        folder = _unpacked(name)
        for text in ("LICENSE", "README.md"):
            if (folder / text).read_bytes() == b"" or (folder / text).is_symlink():
                raise Failed(f"{name} has no {text}")
        keys = [file for file in folder.rglob("*") if file.is_file() and _KEY.search(file.read_bytes())]
        if keys or (folder / "tests").exists():
            raise Failed(f"{name} has keys or tests in it: {keys}")
    return ", ".join(_PUBLISHED)


def _application(folder: Path, program: str, *dependencies: str) -> Path:
    """An application in a folder of its own."""
    (folder / "src").mkdir()
    (folder / "src/main.rs").write_text(program, encoding="utf-8")
    head = '[package]\nname = "application"\nedition = "2024"\n[workspace]\n[dependencies]\n'
    (folder / "Cargo.toml").write_text(head + "\n".join(dependencies) + "\n", encoding="utf-8")
    return folder


def resolves() -> str:
    """An application can have rusqlite of its own, its newest release too."""
    sdk = f'digime-sdk = {{ path = "{_unpacked("digime-sdk")}"'
    without = f'{sdk}, default-features = false, features = ["digime", "pkb", "postgres"] }}'
    about = _run("cargo", "info", "--registry", "crates-io", "rusqlite")
    newest = re.search(r"\(latest ([\d.]+)|^version: ([\d.]+)", about, re.MULTILINE)
    if newest is None:
        raise Failed("cargo info does not say which release of rusqlite is the newest")
    seen = []
    for version, ours in [(version, sdk + " }") for version in _TAKEN] + [
        (newest[1] or newest[2], without),
        ("0.31", without),
    ]:
        with tempfile.TemporaryDirectory() as scratch:
            application = _application(Path(scratch), "fn main() {}", ours, f'rusqlite = "{version}"')
            _run("cargo", "generate-lockfile", "--quiet", cwd=application)
        seen.append(f"{version}{' without sqlite' if ours is without else ''}")
    return "beside rusqlite " + ", ".join(seen)


def stores() -> str:
    """An application that chose a store which its build is without is told what to do."""
    sdk = f'digime-sdk = {{ path = "{_unpacked("digime-sdk")}", default-features = false, features = ["pkb"] }}'
    with tempfile.TemporaryDirectory() as scratch:
        application = _application(Path(scratch), _CHOOSES_A_STORE, sdk)
        target = str(_BUILD / "application")
        for store, feature in (("links.db", "sqlite"), ("postgres://user@host/database", "postgres")):
            said = _run("cargo", "run", "--quiet", "--", store, cwd=application, CARGO_TARGET_DIR=target)
            if f'turn on the feature "{feature}" of the crate digime-sdk' not in said or "config.store" not in said:
                raise Failed(f"of {store} an application without {feature} is told: {said}")
    return "sqlite, postgres"


def minimal() -> str:
    """The oldest releases that the manifest allows are new enough."""
    for name in _PUBLISHED:
        folder = _unpacked(name)
        # Who builds upon it never sees what tests it.
        manifest = folder / "Cargo.toml"
        without = re.sub(
            r"\[dev-dependencies\..*?(?=^\[(?!dev-))",
            "",
            manifest.read_text(encoding="utf-8"),
            flags=re.DOTALL | re.MULTILINE,
        )
        manifest.write_text(without, encoding="utf-8")
        _run("cargo", "-Z", "direct-minimal-versions", "update", "--quiet", cwd=folder, RUSTC_BOOTSTRAP="1")
        _run("cargo", "check", "--quiet", cwd=folder, CARGO_TARGET_DIR=str(_BUILD / "minimal"))
    return ", ".join(_PUBLISHED)


def semver() -> str:
    """What was released still compiles, or the version says that it may not."""
    # A release that is under way has its tag already.
    tags = _run("git", "tag", "--list", "v[0-9]*", "--sort=-version:refname").split()
    tags = [tag for tag in tags if tag != f"v{current(ROOT)}"]
    if not tags:
        return "nothing was released yet, so that there is nothing to compare with"
    packages = [f"--package={name}" for name in _PUBLISHED]
    _run("cargo", "semver-checks", "--baseline-rev", tags[0], *packages)
    return f"since {tags[0]}"


def deny() -> str:
    """No crate has a licence, an origin or a place that it must not have; advisories where their database can be had."""
    _run("cargo", "deny", "--locked", "check", "bans", "licenses", "sources")
    try:
        _run("cargo", "deny", "--locked", "check", "advisories")
    except Failed as failed:
        # Where the workflow runs it can be had.
        if "GITHUB_ACTIONS" in os.environ or "failed to fetch advisory database" not in str(failed):
            raise
        return "bans, licences, sources; NOT advisories: their database cannot be had here"
    return "bans, licences, sources, advisories"


def notices() -> str:
    """Every crate that is shipped has a licence, and a text of it."""
    for name in _SHIPPED.values():
        _run(sys.executable, "release/notices.py", name, str(_BUILD / f"{name}.notices.txt"))
    return ", ".join(_SHIPPED.values())


def sbom() -> str:
    """Bills of materials can be made, and say nothing of this machine."""
    for address, name in _SHIPPED.items():
        _run(sys.executable, "release/sbom.py", name, str(_BUILD / f"{name}.cdx.json"), address)
    return ", ".join(_SHIPPED.values())


def documentation() -> str:
    """The documentation that users see has no warning."""
    _run("cargo", "doc", "--quiet", "--no-deps", "--package", "digime-sdk", RUSTDOCFLAGS="--deny warnings")
    return "digime-sdk"


_CHECKS: dict[str, Callable[[], str]] = {
    check.__name__: check
    for check in (deny, notices, sbom, resolves, semver, package, documentation, features, stores, minimal)
}


def main(names: list[str]) -> int:
    """Make these checks, or all."""
    _BUILD.mkdir(parents=True, exist_ok=True)
    failed = 0
    for name in names or _CHECKS:
        try:
            print(f"✓ {name}: {_CHECKS[name]()}", flush=True)
        except Failed as found:
            failed += 1
            print(f"✗ {name}: {found}", flush=True)
    print(f"{len(names or _CHECKS) - failed} passed, {failed} failed")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
