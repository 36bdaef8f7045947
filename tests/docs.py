"""Runs the code samples of the documentation, each as a reader would who copies it, against a sandbox.

A sample is a fenced block of Markdown. One that cannot run by itself says so: ```js no-run.
A Rust sample opens with the name of the example that it is, `// core/examples/NAME.rs`, and has to be that file to the letter.
"""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

_ROOT = Path(__file__).resolve().parents[1]
_FENCE = re.compile(r"^```(?P<language>js|python|rust)(?P<marks>[^\n]*)\n(?P<code>.*?)^```$", re.MULTILINE | re.DOTALL)
_LONGEST_SECONDS = 60


@dataclass(frozen=True)
class Sample:
    """One sample, and where it stands."""

    place: str
    language: str
    code: str


def samples() -> Iterator[Sample]:
    """The samples that are to run."""
    listed = subprocess.run(["git", "ls-files", "*.md"], cwd=_ROOT, check=True, capture_output=True, text=True)
    for name in listed.stdout.splitlines():
        text = (_ROOT / name).read_text(encoding="utf-8")
        for block in _FENCE.finditer(text):
            if "no-run" not in block["marks"].split():
                line = text.count("\n", 0, block.start()) + 1
                yield Sample(f"{name}:{line}", block["language"], block["code"])


def run(sample: Sample, environment: dict[str, str]) -> str | None:
    """Run a sample; what is wrong with it, if anything is."""
    if sample.language == "rust":
        return _run_rust(sample, environment)
    suffix, program = {"js": (".mjs", "node"), "python": (".py", sys.executable)}[sample.language]
    # Beside the installed package, where an application's own file would be.
    folder = Path(os.environ["DIGIME_SDK_NODE"]).parents[1] if sample.language == "js" else None
    with tempfile.TemporaryDirectory(dir=folder) as scratch:
        script = Path(scratch) / f"sample{suffix}"
        script.write_text(sample.code, encoding="utf-8")
        return _execute([program, str(script)], environment)


def _run_rust(sample: Sample, environment: dict[str, str]) -> str | None:
    match = re.match(r"// core/examples/(\w+)\.rs\n", sample.code)
    if match is None:
        return "it does not name its example in its first line"
    file = _ROOT / "core" / "examples" / f"{match[1]}.rs"
    if sample.code.split("\n", 1)[1].strip() != file.read_text(encoding="utf-8").strip():
        return f"it is not core/examples/{match[1]}.rs"
    return _execute(["cargo", "run", "--quiet", "--package", "digime-sdk", "--example", match[1]], environment)


def _execute(command: list[str], environment: dict[str, str]) -> str | None:
    try:
        done = subprocess.run(
            command, env=environment, cwd=_ROOT, capture_output=True, text=True, timeout=_LONGEST_SECONDS, check=False
        )
    except subprocess.TimeoutExpired:
        return f"it did not end within {_LONGEST_SECONDS} seconds"
    return None if done.returncode == 0 else done.stderr.strip() or f"it exited with {done.returncode}"


def main() -> int:
    """Run every sample against one sandbox."""
    failed = passed = 0
    with subprocess.Popen(
        [os.environ["DIGIME_SANDBOX_BIN"], "--port", "0"], stdout=subprocess.PIPE, text=True
    ) as sandbox:
        try:
            assert sandbox.stdout is not None
            started = json.loads(sandbox.stdout.readline())
            contract = started["contracts"]["push"]
            environment = os.environ | {
                "DIGIME_BASE_URL": started["baseUrl"],
                "DIGIME_ONBOARD_URL": started["onboardUrl"],
                "DIGIME_CLOUD_BASE_URL": started["cloudBaseUrl"],
                "DIGIME_APPLICATION_ID": started["applicationId"],
                "DIGIME_CONTRACT_ID": contract["contractId"],
                "DIGIME_PRIVATE_KEY": contract["privateKey"].replace("\n", "\\n"),
            }
            for sample in samples():
                fault = run(sample, environment)
                passed += fault is None
                failed += fault is not None
                print(f"{'✓' if fault is None else '✗'} {sample.place} ({sample.language})")
                if fault is not None:
                    print(f"  {fault}")
        finally:
            sandbox.terminate()
    print(f"{passed} passed, {failed} failed")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
