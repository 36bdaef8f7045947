"""Runs the code samples of the documentation, each as a reader would who copies it, against a sandbox.

A sample is a fenced block of Markdown. One that cannot run by itself says so: ```js no-run. For one that is marked `patient` the runner plays the
patient: goes to the address that it prints, approves, and types where they came back to.
A sample that is a file of the project opens with its name, `// core/examples/NAME.rs` or `-- core/src/…`, and has to be that file to the letter.
"""

from __future__ import annotations

import base64
import json
import os
import re
import secrets
import subprocess
import sys
import tempfile
import threading
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from patient import Patient

_ROOT = Path(__file__).resolve().parents[1]
_FENCE = re.compile(
    r"^```(?P<language>js|python|rust|sql)(?P<marks>[^\n]*)\n(?P<code>.*?)^```$", re.MULTILINE | re.DOTALL
)
_FILE = re.compile(r"(?://|--) (?P<path>\S+)\n")
_ADDRESS = re.compile(r"http\S+apiAuthorize\S+")
_LONGEST_SECONDS = 60


@dataclass(frozen=True)
class Sample:
    """One sample, and where it stands."""

    place: str
    language: str
    marks: frozenset[str]
    code: str


@dataclass(frozen=True)
class Stage:
    """What samples are run with."""

    environment: dict[str, str]
    patient: Patient


def samples() -> Iterator[Sample]:
    """The samples that are to run."""
    listed = subprocess.run(["git", "ls-files", "*.md"], cwd=_ROOT, check=True, capture_output=True, text=True)
    for name in listed.stdout.splitlines():
        text = (_ROOT / name).read_text(encoding="utf-8")
        for block in _FENCE.finditer(text):
            marks = frozenset(block["marks"].split())
            if "no-run" not in marks:
                line = text.count("\n", 0, block.start()) + 1
                yield Sample(f"{name}:{line}", block["language"], marks, block["code"])


def run(sample: Sample, stage: Stage) -> str | None:
    """Run a sample; what is wrong with it, if anything is."""
    if sample.language in ("rust", "sql"):
        return _run_file(sample, stage)
    suffix, program = {"js": (".mjs", "node"), "python": (".py", sys.executable)}[sample.language]
    # Beside the installed package, where an application's own file would be.
    folder = Path(os.environ["DIGIME_SDK_NODE"]).parents[1] if sample.language == "js" else None
    with tempfile.TemporaryDirectory(dir=folder) as scratch:
        script = Path(scratch) / f"sample{suffix}"
        script.write_text(sample.code, encoding="utf-8")
        return _execute([program, str(script)], sample, stage)


def _run_file(sample: Sample, stage: Stage) -> str | None:
    match = _FILE.match(sample.code)
    if match is None:
        return "it does not name its file in its first line"
    file = _ROOT / match["path"]
    if sample.code.split("\n", 1)[1].strip() != file.read_text(encoding="utf-8").strip():
        return f"it is not {match['path']}"
    if sample.language == "sql":
        return None
    command = ["cargo", "run", "--quiet", "--manifest-path", str(_ROOT / "Cargo.toml"), "--package", "digime-sdk"]
    return _execute([*command, "--example", file.stem], sample, stage)


def _execute(command: list[str], sample: Sample, stage: Stage) -> str | None:
    pipe = subprocess.PIPE
    with (
        tempfile.TemporaryDirectory() as scratch,
        subprocess.Popen(
            command, env=stage.environment, cwd=scratch, stdin=pipe, stdout=pipe, stderr=pipe, text=True
        ) as process,
    ):
        too_long = threading.Timer(_LONGEST_SECONDS, process.kill)
        too_long.start()
        try:
            if "patient" in sample.marks:
                _play_patient(process, stage.patient)
            _, errors = process.communicate()
        finally:
            too_long.cancel()
    return None if process.returncode == 0 else errors.strip() or f"it exited with {process.returncode}"


def _play_patient(process: subprocess.Popen[str], patient: Patient) -> None:
    """Approve at the address that is printed, and type where the browser was sent then."""
    assert process.stdout is not None and process.stdin is not None
    for line in process.stdout:
        if address := _ADDRESS.search(line):
            process.stdin.write(patient.approve(address[0]) + "\n")
            process.stdin.flush()
            return


def _stage(started: dict[str, object]) -> Stage:
    contract = started["contracts"]["push"]  # type: ignore[index]
    pkb = started["pkb"]
    assert isinstance(pkb, dict)
    environment = {
        "DIGIME_BASE_URL": started["baseUrl"],
        "DIGIME_ONBOARD_URL": started["onboardUrl"],
        "DIGIME_CLOUD_BASE_URL": started["cloudBaseUrl"],
        "DIGIME_APPLICATION_ID": started["applicationId"],
        "DIGIME_CONTRACT_ID": contract["contractId"],
        "DIGIME_PRIVATE_KEY": contract["privateKey"].replace("\n", "\\n"),
        "PKB_BASE_URL": pkb["baseUrl"],
        "PKB_CLIENT_ID": pkb["clientId"],
        "PKB_REDIRECT_URI": pkb["redirectUris"][0],
        "PKB_ENCRYPTION_KEY": base64.b64encode(secrets.token_bytes(32)).decode(),
    }
    person = pkb["people"][0]
    strings = {name: str(value) for name, value in environment.items()}
    return Stage(os.environ | strings, Patient(person["login"], person["password"]))


def main() -> int:
    """Run every sample against one sandbox."""
    failed = passed = 0
    with subprocess.Popen(
        [os.environ["DIGIME_SANDBOX_BIN"], "--port", "0"], stdout=subprocess.PIPE, text=True
    ) as sandbox:
        try:
            assert sandbox.stdout is not None
            stage = _stage(json.loads(sandbox.stdout.readline()))
            for sample in samples():
                fault = run(sample, stage)
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
