"""Checks the packages for npm as those have them who install them: `python check_node.py [--binaries FOLDER]`.

It builds what this machine can, or takes what was built from a folder; has linters look at what is packed; publishes it to a registry of its own on
the loopback address; installs it from there on every runtime, and in a Debian with nothing but its base; and has the README's first sample and the
smoke script run there.
"""

from __future__ import annotations

import argparse
import json
import os
import re
import shutil
import socket
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import chroot
from known import project
from npm_contents import faults, names, read
from tally import Failed, Tally
from verdaccio import Registry, started
from version import current

ROOT = Path(__file__).resolve().parents[1]
TOOLS = ROOT / "release/npm/node_modules"
STAGED = ROOT / "build/release/npm"
NODE = shutil.which("node") or "node"
HERE = "linux-x64-gnu"
"""The platform that this machine builds for, and is."""
PRODUCTS = {"digime-sdk": "bindings-node", "digime-sandbox": "packages/sandbox-npm"}
_FIRST_SAMPLE = re.compile(r"^```js\n(.*?)^```$", re.MULTILINE | re.DOTALL)


@dataclass(frozen=True)
class Runtime:
    """What runs JavaScript, and its way of installing."""

    name: str
    program: Path
    install: Callable[[Path], list[str]]
    run: tuple[str, ...] = ()


def _npm() -> Path:
    """The program of npm that this machine has."""
    installed = subprocess.run(["npm", "root", "--global"], capture_output=True, text=True, check=True)
    return Path(installed.stdout.strip()) / "npm/bin/npm-cli.js"


def _with_npm(node: Path) -> list[str]:
    return [str(node), str(_npm()), "install", "--no-audit", "--no-fund", "--loglevel=error", *PRODUCTS]


def runtimes() -> list[Runtime]:
    """Every runtime that can be had here."""
    nodes = [Runtime("Node 20", Path(NODE), _with_npm)]
    nodes += [Runtime(f"Node {major}", TOOLS / f"node-{major}/bin/node", _with_npm) for major in (22, 24, 26)]
    bun = Runtime("Bun", TOOLS / "@oven/bun-linux-x64/bin/bun", lambda bun: [str(bun), "add", *PRODUCTS])
    deno = Runtime(
        "Deno",
        TOOLS / "@deno/linux-x64-glibc/deno",
        lambda deno: [str(deno), "add", "--npm", "--minimum-dependency-age=0", *PRODUCTS],
        ("run", "--allow-all"),
    )
    return [*nodes, bun, deno]


def call(command: list[str], folder: Path, environment: dict[str, str] | None = None) -> str:
    """Run a command; what it prints."""
    ended = subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True, check=False)
    if ended.returncode != 0:
        message = f"{' '.join(command)} ended with {ended.returncode}:\n{ended.stdout}{ended.stderr}"
        raise Failed(message)
    return ended.stdout + ended.stderr


def build(binaries: Path) -> None:
    """Build for this machine's platform. `cargo zigbuild` and its compiler are programs of this Python's environment."""
    path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    command = [NODE, "release/npm/build.mjs", HERE, "--out", str(binaries)]
    subprocess.run(command, cwd=ROOT, env=os.environ | {"PATH": path}, check=True)


def check_floor(tally: Tally, binaries: Path) -> None:
    """Look at which symbols of glibc the binaries need."""
    listed = json.loads((ROOT / "release/targets.json").read_text(encoding="utf-8"))
    (floor,) = [target["glibc"] for target in listed if target["name"] == HERE]
    for binary in (f"digime-sdk.{HERE}.node", f"digime-sandbox.{HERE}"):
        with tally.check(f"{binary} needs no glibc later than {floor}"):
            symbols = call(["objdump", "-T", str(binaries / binary)], ROOT)
            versions = {tuple(map(int, each.split("."))) for each in re.findall(r"GLIBC_([\d.]+)", symbols)}
            if not versions or max(versions) > tuple(map(int, floor.split("."))):
                raise Failed(f"it needs {sorted(versions)[-1:]}")


def check_packed(tally: Tally, folder: Path) -> None:
    """Have linters look at the packages."""
    environment = os.environ | {"NO_COLOR": "1"}
    for name in PRODUCTS:
        packed = json.loads(_output(["npm", "pack", "--json", "--ignore-scripts", str(STAGED / name)], folder))
        archive = str(folder / packed[0]["filename"])
        with tally.check(f"publint has no finding on {name}"):
            said = call([NODE, str(TOOLS / "publint/src/cli.js"), "run", archive, "--strict"], folder, environment)
            if "All good!" not in said:
                raise Failed(said)
        with tally.check(f"attw has no finding on {name}"):
            call([NODE, str(TOOLS / "@arethetypeswrong/cli/dist/index.js"), archive], folder, environment)


def _output(command: list[str], folder: Path) -> str:
    return subprocess.run(command, cwd=folder, stdout=subprocess.PIPE, text=True, check=True).stdout


def check_refusals(tally: Tally) -> None:
    """Look at what is packed, as whoever releases does: nothing is wrong with it but that it is of one platform."""
    subprocess.run(["bash", "release/npm/pack.sh"], cwd=ROOT, stdout=subprocess.DEVNULL, check=True)
    version = current(ROOT)
    packages = {package.manifest["name"]: package for package in map(read, sorted(STAGED.glob("*.tgz")))}
    built = {*PRODUCTS, *(f"{product}-{HERE}" for product in PRODUCTS)}
    expected = {
        f"{name} is missing: it was not built, or not staged, or not packed" for name in names() if name not in built
    }
    if not project().repository:
        where = (
            "it does not say where the project is found: fill in `repository` in release/project.json, and stage anew"
        )
        expected |= {f"{name}: {where}" for name in built}
    with tally.check("what is packed is refused, since the other platforms are not there, and for nothing else"):
        found = set(faults(packages, version))
        if found != expected:
            raise Failed("\n".join(sorted(found ^ expected)))


def publish(tally: Tally, registry: Registry, folder: Path) -> None:
    """Publish what was staged, and for the platforms that were not built packages without a binary, as the registry would have some."""
    for name in PRODUCTS:
        manifest = json.loads((STAGED / name / "package.json").read_text(encoding="utf-8"))
        with tally.check(f"{name} and its platforms are published to {registry.address}"):
            for target in json.loads((ROOT / "release/targets.json").read_text(encoding="utf-8")):
                platform = f"{name}-{target['name']}"
                staged = STAGED / platform
                if not staged.exists():
                    staged = folder / platform
                    staged.mkdir()
                    fields = {"os": [target["os"]], "cpu": [target["cpu"]], "version": manifest["version"]}
                    libc = {"libc": [target["libc"]]} if "libc" in target else {}
                    described = json.dumps({"name": platform, **fields, **libc})
                    (staged / "package.json").write_text(described, encoding="utf-8")
                _published(registry.publish(staged))
            _published(registry.publish(STAGED / name))


def _published(refusal: str | None) -> None:
    if refusal is not None:
        raise Failed(refusal)


def check_runtime(tally: Tally, runtime: Runtime, registry: Registry, folder: Path) -> None:
    """Install in a clean folder, and do there what a new user does."""
    environment = _clean_environment(folder, runtime.program)
    application = _application(folder, registry)
    with tally.check(f"{runtime.name}: both packages are installed, and of their platforms none of another system"):
        call(runtime.install(runtime.program), application, environment)
        platforms = {path.name for path in (application / "node_modules").rglob("digime-*-*-*") if path.is_dir()}
        # Deno does not choose by the C library.
        system = HERE.rpartition("-")[0]
        unexpected = {name for name in platforms if system not in name}
        if unexpected or not platforms:
            raise Failed(f"there are {sorted(platforms)}")
    for script, promise in _scripts(application):
        with tally.check(f"{runtime.name}: {promise}"):
            call([str(runtime.program), *runtime.run, script], application, environment)


def check_command(tally: Tally, registry: Registry, folder: Path) -> None:
    """Run the sandbox's command from nowhere."""
    application = _application(folder, registry)
    with tally.check("npx digime-sandbox runs the program"):
        npx = ["npx", "--yes", "digime-sandbox", "--help"]
        said = call(npx, application, _clean_environment(folder, Path(NODE)))
        if "--port <N>" not in said:
            raise Failed(said)


def check_chroot(tally: Tally, registry: Registry) -> None:
    """Do the same in a Debian with nothing but its base, whose C library is old."""
    debian = chroot.minimal()
    with tempfile.TemporaryDirectory(dir=debian, prefix="check-") as made:
        inside = Path(made)
        shutil.copy2(TOOLS / "node-22/bin/node", inside / "node")
        shutil.copytree(_npm().parents[1], inside / "npm", symlinks=True)
        application = _application(inside, registry)
        home = f"/{inside.name}"
        node = f"{home}/node"
        environment = {"PATH": f"{home}:/usr/bin:/bin", "HOME": home, "npm_config_cache": f"{home}/cache"}
        cwd = f"{home}/application"
        install = [node, f"{home}/npm/bin/npm-cli.js", "install", "--no-audit", "--no-fund", *PRODUCTS]
        commands = [(install, "both packages are installed")]
        commands += [([node, script], promise) for script, promise in _scripts(application)]
        for command, promise in commands:
            with tally.check(f"Node 22 in {debian.name} with nothing but its base: {promise}"):
                ended = chroot.run(debian, command, cwd=cwd, environment=environment)
                if ended.returncode != 0:
                    raise Failed(ended.stdout + ended.stderr)


def _application(folder: Path, registry: Registry) -> Path:
    """A clean folder of an application, with what it is to run."""
    application = folder / "application"
    application.mkdir()
    (application / ".npmrc").write_text(f"registry={registry.address}\n", encoding="utf-8")
    (application / "package.json").write_text('{ "private": true }\n', encoding="utf-8")
    shutil.copy(ROOT / "release/smoke/smoke.mjs", application)
    for name, source in PRODUCTS.items():
        readme = (ROOT / source / "README.md").read_text(encoding="utf-8")
        sample = _FIRST_SAMPLE.search(readme)
        assert sample is not None, f"the README of {name} has no sample"
        (application / f"{name}.mjs").write_text(sample[1], encoding="utf-8")
    return application


def _scripts(application: Path) -> list[tuple[str, str]]:
    """The scripts of an application, and what each promises."""
    samples = [(f"{name}.mjs", f"the first sample of the README of {name} pushes a file") for name in PRODUCTS]
    assert all((application / name).exists() for name, _ in samples)
    return [*samples, ("smoke.mjs", "it authorises, exchanges, pushes, reads, and links with SQLite")]


def _clean_environment(folder: Path, program: Path) -> dict[str, str]:
    """The variables of a new user: nothing of this project's, no cache, and the runtime in front of all others."""
    home = str(folder)
    caches = {"npm_config_cache": f"{home}/npm", "BUN_INSTALL_CACHE_DIR": f"{home}/bun", "DENO_DIR": f"{home}/deno"}
    return {"PATH": f"{program.parent}{os.pathsep}{os.environ['PATH']}", "HOME": home, **caches}


def check_sbom(tally: Tally, registry: Registry, folder: Path) -> None:
    """Write down what the packages consist of, as npm tells it: each other by their versions. What is in the binaries, cargo tells."""
    target = ROOT / "build/release/sbom"
    target.mkdir(parents=True, exist_ok=True)
    environment = _clean_environment(folder, Path(NODE))
    for name in PRODUCTS:
        with tally.check(f"the SBOM of {name} for npm names its platforms, and no folder or registry of this machine"):
            package = folder / name
            package.mkdir()
            shutil.copy(STAGED / name / "package.json", package)
            lock = ["npm", "install", "--package-lock-only", "--no-audit", f"--registry={registry.address}"]
            call(lock, package, environment)
            listing = ["npm", "sbom", "--sbom-format=cyclonedx", "--package-lock-only"]
            described = json.loads(_output(listing, package))
            for component in described["components"]:
                # Where it came from: the registry that it was tried on.
                component.pop("externalReferences", None)
            text = json.dumps(described, indent=2) + "\n"
            named = {component["name"] for component in described["components"]}
            wanted = set(json.loads((package / "package.json").read_text(encoding="utf-8"))["optionalDependencies"])
            if named != wanted:
                raise Failed(text)
            if any(private in text for private in (registry.address, str(ROOT), str(folder))):
                raise Failed(text)
            (target / f"{name}.npm.cdx.json").write_text(text, encoding="utf-8")


def audit() -> None:
    """Ask for advisories on what builds and tests the packages, which have no dependencies of their own; they may not be had here."""
    for name in ("bindings-node", "release/npm"):
        asked = ["npm", "audit", "--audit-level=high", "--package-lock-only"]
        ended = subprocess.run(asked, cwd=ROOT / name, capture_output=True, text=True, check=False)
        said = (ended.stdout + ended.stderr).strip().splitlines()
        if ended.returncode == 0:
            print(f"npm audit of {name}: {said[-1]}")
        elif any("vulnerabilit" in line for line in said):
            print(f"npm audit of {name} found:\n" + "\n".join(said))
        else:
            print(f"npm audit of {name} could not be done: the advisories cannot be had from here")


def main() -> int:
    """Check all of it."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--binaries", type=Path, help="the folder of binaries that build.mjs has built")
    binaries = parser.parse_args().binaries
    if binaries is None:
        binaries = ROOT / "build/release/npm-binaries"
        build(binaries)
    tally = Tally()
    check_floor(tally, binaries)
    subprocess.run([NODE, "release/npm/stage.mjs", str(binaries)], cwd=ROOT, check=True)
    with _folder() as packed, _folder() as store, _folder() as standing_in, _folder() as described, _folder() as fresh:
        check_packed(tally, packed)
        check_refusals(tally)
        with started(TOOLS, store, _free_port()) as registry:
            publish(tally, registry, standing_in)
            for runtime in runtimes():
                with _folder() as clean:
                    check_runtime(tally, runtime, registry, clean)
            check_command(tally, registry, fresh)
            check_sbom(tally, registry, described)
            check_chroot(tally, registry)
    audit()
    print(f"{tally.passed} passed, {tally.failed} failed")
    return 1 if tally.failed else 0


@contextmanager
def _folder() -> Iterator[Path]:
    with tempfile.TemporaryDirectory(prefix="check-node-") as made:
        yield Path(made)


def _free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as server:
        port: int = server.getsockname()[1]
        return port


if __name__ == "__main__":
    sys.exit(main())
