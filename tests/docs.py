"""Runs the code samples of the documentation, each as a reader would who copies it, against a sandbox.

A sample is a fenced block of Markdown. One that cannot run by itself says so: ```js no-run. For one that is marked `patient` (PKB) or `person`
(digi.me) the runner plays whom it is about: goes to the address that it prints, approves, and types where they came back to. One that is marked
`visit` is a web app: the runner goes to the addresses that it prints in one line as a browser does, says no at first, which is answered with 403, and
then yes, with 200, each time twice; SIGTERM has to end the app. One that is marked `express` is run where the example apps have Express. One in Python
that imports pytest is a file of tests, and run by it.
What stands behind a sample in a comment, <!-- run: … -->, is run after it: it calls what the sample defines, as the person whose tokens are in `PERSON`.
What it has to print, where that is the same each time, stands in one behind that: <!-- prints: … -->.
A sample that is a file of the project opens with its name, `// core/examples/NAME.rs` or `-- core/src/…`, and has to be that file to the letter. One of
`core/examples/guides` is run by that program, which is told the name of the file. Its page names the crates that it needs: those for `cargo add`.
"""

from __future__ import annotations

import base64
import json
import os
import re
import secrets
import signal
import socket
import subprocess
import sys
import tempfile
import textwrap
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from http import HTTPStatus
from itertools import chain, repeat
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import person
from digime_sdk import ContractDetails, blocking
from patient import Patient

_ROOT = Path(__file__).resolve().parents[1]
_FENCE = re.compile(
    r"^```(?P<language>js|python|rust|sql)(?P<marks>[^\n]*)\n(?P<code>.*?)^```$(?:\n+<!-- run:(?P<run>.*?)-->)?"
    r"(?:\n+<!-- prints:(?P<prints>.*?)-->)?",
    re.MULTILINE | re.DOTALL,
)
_FILE = re.compile(r"(?://|--) (?P<path>\S+)\n")
_ADDRESS = re.compile(r"http\S+(?:apiAuthorize|/apps/saas/)\S+")
_OWN_ADDRESS = re.compile(r"http://127\.0\.0\.1:\d+[\w/]*")
# What comes of a member under a name that it does not have.
_NOTHING = re.compile(r"\b(?:None|undefined)\b")
_EXPRESS = _ROOT / "examples" / "node" / "push-data"
_GUIDES = "// core/examples/guides/"
_LONGEST_SECONDS = 60
_AT_ONCE = 4


@dataclass(frozen=True)
class Sample:
    """One sample, and where it stands."""

    place: str
    language: str
    marks: frozenset[str]
    code: str
    run: str
    prints: str | None

    @property
    def program(self) -> str:
        """What is run: the sample, and what calls it."""
        return self.code + self.run


@dataclass(frozen=True)
class Stage:
    """What samples are run with."""

    environment: dict[str, str]
    patient: Patient
    started: dict[str, Any]

    def of(self, sample: Sample) -> dict[str, str]:
        """The environment of a sample: each has a person of its own, since what it does may spend their tokens."""
        has_person = "PERSON" in sample.program or sample.code.startswith(_GUIDES)
        whom = {"PERSON": json.dumps(_consents(self.started))} if has_person else {}
        return self.environment | whom | {"PORT": _free_port()}


def samples() -> Iterator[Sample]:
    """All samples."""
    listed = subprocess.run(["git", "ls-files", "*.md"], cwd=_ROOT, check=True, capture_output=True, text=True)
    for name in listed.stdout.splitlines():
        text = (_ROOT / name).read_text(encoding="utf-8")
        for block in _FENCE.finditer(text):
            yield Sample(
                place=f"{name}:{text.count(chr(10), 0, block.start()) + 1}",
                language=block["language"],
                marks=frozenset(block["marks"].split()),
                code=block["code"],
                run=textwrap.dedent(block["run"] or ""),
                prints=textwrap.dedent(block["prints"]).strip() if block["prints"] else None,
            )


def run(sample: Sample, stage: Stage) -> str | None:
    """Run a sample; what is wrong with it, if anything is."""
    if sample.language in ("rust", "sql"):
        return _run_file(sample, stage)
    suffix, program = {"js": (".mjs", ["node"]), "python": (".py", [sys.executable])}[sample.language]
    if re.search("^import pytest$", sample.code, re.MULTILINE):
        program += ["-m", "pytest", "--quiet", "-p", "no:cacheprovider"]
    # Beside the installed package, where an application's own file would be.
    installed = _EXPRESS if "express" in sample.marks else Path(os.environ["DIGIME_SDK_NODE"]).parents[1]
    folder = installed if sample.language == "js" else None
    with tempfile.TemporaryDirectory(dir=folder) as scratch:
        script = Path(scratch) / f"sample{suffix}"
        script.write_text(sample.program, encoding="utf-8")
        return _execute([*program, str(script)], sample, stage)


def _run_file(sample: Sample, stage: Stage) -> str | None:
    match = _FILE.match(sample.code)
    if match is None:
        return "it does not name its file in its first line"
    file = _ROOT / match["path"]
    if sample.code.split("\n", 1)[1].strip() != file.read_text(encoding="utf-8").strip():
        return f"it is not {match['path']}"
    if sample.language == "sql":
        return None
    if missing := _crates(sample.code) - _added(sample.place.partition(":")[0]):
        return f"its page does not say to add {', '.join(sorted(missing))}"
    program = [file.parent.name, file.stem] if sample.code.startswith(_GUIDES) else [file.stem]
    return _execute([str(Path(os.environ["DIGIME_EXAMPLES"]) / program[0]), *program[1:]], sample, stage)


def _crates(code: str) -> set[str]:
    """The crates that a sample in Rust needs, beside those that every program with the SDK has."""
    imports = re.findall(r"^use ([^;]+);", code, re.MULTILINE)
    imported = set(re.findall(r"\w+", " ".join(imports)))
    named = {path.split("::")[0] for path in imports} | (set(re.findall(r"(?<![\w:])([a-z]\w*)::", code)) - imported)
    return named - {"std", "str"}


def _added(name: str) -> set[str]:
    """The crates that a page says to add; one that is silent about the SDK is for those who have it, and the runtime that it needs."""
    added = re.findall(r"cargo add ([^\n`]*)", (_ROOT / name).read_text(encoding="utf-8"))
    crates = {crate.replace("-", "_") for crate in " ".join(added).split()}
    return crates if "digime_sdk" in crates else crates | {"digime_sdk", "tokio"}


def _execute(command: list[str], sample: Sample, stage: Stage) -> str | None:
    pipe = subprocess.PIPE
    with (
        tempfile.TemporaryDirectory() as scratch,
        subprocess.Popen(
            command,
            env=stage.of(sample),
            cwd=scratch,
            stdin=pipe,
            stdout=pipe,
            stderr=pipe,
            text=True,
        ) as process,
    ):
        too_long = threading.Timer(_LONGEST_SECONDS, process.kill)
        too_long.start()
        try:
            fault = None
            if {"patient", "person"} & sample.marks:
                _approve(process, stage.patient)
            elif "visit" in sample.marks:
                fault = _visit(process, stage.patient)
                process.send_signal(signal.SIGTERM)
            printed, errors = (text.strip() for text in process.communicate())
        finally:
            too_long.cancel()
    if process.returncode == 0 or ("visit" in sample.marks and process.returncode == -signal.SIGTERM):
        return fault or _misprint(sample, printed)
    return "\n".join(filter(None, [fault, errors or printed])) or f"it exited with {process.returncode}"


def _misprint(sample: Sample, printed: str) -> str | None:
    """What is wrong with what a sample has printed, if anything is."""
    if sample.prints is not None and printed != sample.prints:
        return f"it printed\n{printed}"
    if nothing := _NOTHING.search(printed):
        return f"it printed {nothing[0]}"
    return None


def _free_port() -> str:
    with socket.create_server(("127.0.0.1", 0)) as listening:
        return str(listening.getsockname()[1])


def _approve(process: subprocess.Popen[str], patient: Patient) -> None:
    """Approve at the address that is printed, and type where the browser was sent then."""
    assert process.stdout is not None and process.stdin is not None
    for line in process.stdout:
        if address := _ADDRESS.search(line):
            process.stdin.write(_decide(address[0], patient, agree=True) + "\n")
            process.stdin.flush()
            return


def _decide(address: str, patient: Patient, agree: bool) -> str:
    """Do as the page of either platform asks; where the browser is sent then."""
    if "/apps/saas/" in address:
        return person.accept(address) if agree else person.decline(address)
    return patient.approve(address) if agree else patient.deny(address)


def _visit(process: subprocess.Popen[str], patient: Patient) -> str | None:
    """Go to each address of the app as a browser does, say no, then yes; what is wrong with it, if anything is."""
    assert process.stdout is not None
    addresses = next((found for line in process.stdout if (found := _OWN_ADDRESS.findall(line))), None)
    if addresses is None:
        return "it printed no address of its own"
    browser = urllib.request.build_opener(urllib.request.HTTPCookieProcessor())
    for app in addresses:
        for agree, expected in (False, HTTPStatus.FORBIDDEN), (True, HTTPStatus.OK):
            status, platform = _open(browser, app)
            if status != HTTPStatus.OK or not _ADDRESS.match(platform):
                return f"it did not send the browser to the platform, but answered {status}"
            way_back = _decide(platform, patient, agree)
            for load in "first", "second":
                status, _ = _open(browser, way_back)
                if status != expected:
                    return f"it answered {status} to who has {'agreed' if agree else 'declined'}, at the {load} load"
            stranger = urllib.request.build_opener(urllib.request.HTTPCookieProcessor())
            for whose, somewhat_else in (
                (browser, way_back + "0"),
                (stranger, way_back),
                (stranger, way_back.partition("?")[0]),
            ):
                status, _ = _open(whose, somewhat_else)
                if status != HTTPStatus.BAD_REQUEST:
                    return f"it answered {status} to a way back that is none of an attempt's"
    return None


def _open(browser: urllib.request.OpenerDirector, address: str) -> tuple[int, str]:
    """Go there, as soon as somebody listens; the status, and where the browser is then."""
    given_up = time.monotonic() + _LONGEST_SECONDS
    while True:
        try:
            with browser.open(address) as page:
                return page.status, page.url
        except urllib.error.HTTPError as error:
            return error.code, error.url
        except urllib.error.URLError:
            if time.monotonic() > given_up:
                raise
            time.sleep(0.05)


def _stage(started: dict[str, Any]) -> Stage:
    push, read = started["contracts"]["push"], started["contracts"]["read"]
    pkb = started["pkb"]
    environment = {
        "DIGIME_BASE_URL": started["baseUrl"],
        "DIGIME_ONBOARD_URL": started["onboardUrl"],
        "DIGIME_CLOUD_BASE_URL": started["cloudBaseUrl"],
        "DIGIME_APPLICATION_ID": started["applicationId"],
        "DIGIME_CONTRACT_ID": push["contractId"],
        "DIGIME_PRIVATE_KEY": push["privateKey"].replace("\n", "\\n"),
        "DIGIME_READ_CONTRACT_ID": read["contractId"],
        "DIGIME_READ_PRIVATE_KEY": read["privateKey"].replace("\n", "\\n"),
        "DIGIME_ENCRYPTION_KEY": base64.b64encode(secrets.token_bytes(32)).decode(),
        "PKB_BASE_URL": pkb["baseUrl"],
        "PKB_SYSTEM_TOKEN_URL": pkb["systemTokenUrl"],
        "PKB_JOIN_URL": pkb["joinUrl"],
        "PKB_CLIENT_ID": pkb["clientId"],
        "PKB_REDIRECT_URI": pkb["redirectUris"][0],
        "PKB_SYSTEM_CLIENT_ID": pkb["system"]["clientId"],
        "PKB_SYSTEM_CLIENT_SECRET": pkb["system"]["clientSecret"],
        "PKB_ORG_PUBLIC_ID": pkb["system"]["orgPublicId"],
        "PKB_CUSTOMER_TOKEN_URL": pkb["customer"]["tokenUrl"],
        "PKB_AGGREGATED_URL": pkb["customer"]["aggregatedUrl"],
        "PKB_CUSTOMER_URL": pkb["customer"]["customerUrl"],
        "PKB_CUSTOMER_CLIENT_ID": pkb["customer"]["clientId"],
        "PKB_CUSTOMER_CLIENT_SECRET": pkb["customer"]["clientSecret"],
        "PKB_ENCRYPTION_KEY": base64.b64encode(secrets.token_bytes(32)).decode(),
    }
    first = pkb["people"][0]
    strings = {name: str(value) for name, value in environment.items()}
    return Stage(os.environ | strings, Patient(first["login"], first["password"]), started)


def _consents(started: dict[str, Any]) -> dict[str, Any]:
    """What one person at digi.me has agreed to: tokens of the contract that pushes, with an account at a provider, and of the one that reads."""
    sdk = blocking.init(
        application_id=started["applicationId"], base_url=started["baseUrl"], onboard_url=started["onboardUrl"]
    )
    push, read = (
        ContractDetails(contract_id=contract["contractId"], private_key=contract["privateKey"])
        for contract in (started["contracts"]["push"], started["contracts"]["read"])
    )
    common: dict[str, Any] = {"callback": "http://127.0.0.1/return", "state": "state"}
    sent = sdk.get_authorize_url(contract_details=push, source_type="push", **common)
    back = parse_qs(urlsplit(person.accept(sent["url"])).query)
    pushes = sdk.exchange_code_for_token(
        contract_details=push, code_verifier=sent["code_verifier"], authorization_code=back["code"][0]
    )
    accounts = sdk.read_accounts(contract_details=push, user_access_token=pushes)["accounts"]
    sent = sdk.get_authorize_url(contract_details=read, user_access_token=pushes, **common)
    reads = sdk.exchange_code_for_token(
        contract_details=read,
        code_verifier=sent["code_verifier"],
        authorization_code=parse_qs(urlsplit(person.accept(sent["url"])).query)["code"][0],
    )
    sdk.close()
    return {
        "pushToken": pushes,
        "accountId": accounts[0]["id"],
        "accountReference": back["accountReference"][0],
        "readToken": reads,
        "sessionKey": sent["session"]["key"],
    }


def main() -> int:
    """Run every sample against one sandbox, or those of the files that are named."""
    named = tuple(sys.argv[1:])
    chosen = [
        sample for sample in samples() if "no-run" not in sample.marks and (not named or sample.place.startswith(named))
    ]
    # One that turns the sandbox's controls would let the others' calls go wrong.
    alone = [sample for sample in chosen if "/_sandbox/" in sample.program]
    together = [sample for sample in chosen if sample not in alone]
    failed = passed = 0
    with subprocess.Popen(
        [os.environ["DIGIME_SANDBOX_BIN"], "--port", "0"], stdout=subprocess.PIPE, text=True
    ) as sandbox:
        try:
            assert sandbox.stdout is not None
            stage = _stage(json.loads(sandbox.stdout.readline()))
            with ThreadPoolExecutor(_AT_ONCE) as runners:
                faults = chain(runners.map(run, together, repeat(stage)), map(run, alone, repeat(stage)))
                for sample, fault in zip(together + alone, faults):
                    passed += fault is None
                    failed += fault is not None
                    print(f"{'✓' if fault is None else '✗'} {sample.place} ({sample.language})", flush=True)
                    if fault is not None:
                        print(f"  {fault}")
        finally:
            sandbox.terminate()
    print(f"{passed} passed, {failed} failed")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
