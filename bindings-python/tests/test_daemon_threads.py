"""What a refresh brings is told although the interpreter ends amid a call of a daemon thread."""

from __future__ import annotations

import json
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest
from platform_double import PATIENCE

if TYPE_CHECKING:
    from digi_me import DigiMe
    from relay import Relay

PREAMBLE = """
import asyncio, json, sys, threading
import digime_sdk
config, options = json.loads(sys.argv[1])
def say(line):
    sys.stdout.write(line + chr(10))
    sys.stdout.flush()
told = lambda token: say(json.dumps(token))
def in_a_daemon(call):
    def run():
        try:
            call()
        except digime_sdk.DigiMeSDKError as error:
            say(str(error))
    threading.Thread(target=run, daemon=True).start()
"""

IN_PLAIN_CODE = """
sdk = digime_sdk.blocking.init(**config)
in_a_daemon(lambda: sdk.read_accounts(**options, on_access_token_change=told))
"""

IN_AN_EVENT_LOOP = """
sdk = digime_sdk.init(**config)
in_a_daemon(lambda: asyncio.run(sdk.read_accounts(**options, on_access_token_change=told)))
"""

AMONG_RESULTS = """
sdk = digime_sdk.blocking.init(**config)
def read():
    session = {"session_key": "session", "contract_id": options["contract_details"]["contract_id"]}
    key = options["contract_details"]["private_key"]
    token = options["user_access_token"]
    for event in sdk.read_all_files(**session, private_key=key, user_access_token=token, on_access_token_change=told):
        pass
in_a_daemon(read)
"""

CANCELLED = """
sdk = digime_sdk.init(**config)
asked, cancelled = threading.Event(), threading.Event()
async def main():
    call = asyncio.ensure_future(sdk.read_accounts(**options, on_access_token_change=told))
    await asyncio.get_running_loop().run_in_executor(None, asked.wait)
    call.cancel()
    await asyncio.wait([call])
    cancelled.set()
    await asyncio.Event().wait()
in_a_daemon(lambda: asyncio.run(main()))
sys.stdin.readline()
asked.set()
cancelled.wait()
say("cancelled")
"""

THE_END = """
sys.stdin.readline()
say("ends")
"""


@pytest.mark.parametrize(
    "calling", [IN_PLAIN_CODE, IN_AN_EVENT_LOOP, AMONG_RESULTS], ids=["plain", "asyncio", "results"]
)
def test_the_interpreter_ends_when_a_daemon_thread_has_told_of_its_new_token(
    digi_me: DigiMe, relay: Relay, calling: str
) -> None:
    out = _ended(digi_me, relay, calling + THE_END, ["ends"])
    # Whether the thread comes to say with what its call ended is its luck.
    token, *_ = out.splitlines()
    assert json.loads(token)["accessToken"]


def test_nor_does_it_end_before_where_the_call_was_cancelled(digi_me: DigiMe, relay: Relay) -> None:
    out = _ended(digi_me, relay, CANCELLED + THE_END, ["cancelled", "ends"])
    assert json.loads(out)["accessToken"]


def _ended(digi_me: DigiMe, relay: Relay, script: str, lines: list[str]) -> str:
    """Give what a process says whose main thread ends while the answer that brings a new token is held back."""
    command = [sys.executable, "-c", PREAMBLE + script, json.dumps([digi_me.config, digi_me.expired()])]
    relay.hold()
    pipe = subprocess.PIPE
    with subprocess.Popen(command, stdin=pipe, stdout=pipe, stderr=pipe, text=True) as process:
        assert process.stdin is not None
        assert process.stdout is not None
        assert relay.answered.wait(PATIENCE)
        for expected in lines:
            process.stdin.write("\n")
            process.stdin.flush()
            assert process.stdout.readline() == f"{expected}\n"
        relay.let_go()
        out, err = process.communicate(timeout=PATIENCE)
    assert err == ""
    return out
