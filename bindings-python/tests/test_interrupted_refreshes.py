"""A new user access token of digi.me is told in plain code that Ctrl-C interrupts, whatever it is at."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
import time
from contextlib import suppress
from typing import TYPE_CHECKING, Any

import pytest
from platform_double import PATIENCE

if TYPE_CHECKING:
    from digi_me import DigiMe
    from relay import Relay

PREAMBLE = """
import json, signal, sys
import digime_sdk
# Python sets no handler where SIGINT is ignored, as it is in what a shell runs in the background.
signal.signal(signal.SIGINT, signal.default_int_handler)
config, options = json.loads(sys.argv[1])
sdk = digime_sdk.blocking.init(**config)
"""

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="signals are POSIX's")


def start(script: str, digi_me: DigiMe, options: Any) -> subprocess.Popen[str]:
    command = [sys.executable, "-c", PREAMBLE + script, json.dumps([digi_me.config, options])]
    return subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)


def line(process: subprocess.Popen[str]) -> str:
    assert process.stdout is not None
    return process.stdout.readline().rstrip("\n")


def interrupt(process: subprocess.Popen[str], relay: Relay) -> None:
    """Ctrl-C while the answer that brings the new token is held back, which then comes."""
    assert relay.answered.wait(PATIENCE)
    process.send_signal(signal.SIGINT)
    assert line(process) == "interrupted"
    relay.let_go()


INTERRUPTED = """
def say(line):
    # Whole, since two threads say something: `print` writes the end of a line by itself.
    sys.stdout.write(line + chr(10))
    sys.stdout.flush()
try:
    sdk.read_accounts(**options, on_access_token_change=lambda token: say(json.dumps(token)))
except KeyboardInterrupt:
    say("interrupted")
"""


def test_ctrl_c_during_a_refresh_is_heard_at_once_and_the_hook_told_later(digi_me: DigiMe, relay: Relay) -> None:
    again = 'print(json.dumps(sdk.read_accounts(**options)["user_access_token"]), flush=True)'
    options = digi_me.expired()
    relay.hold()
    with start(INTERRUPTED + again, digi_me, options) as process:
        assert relay.answered.wait(PATIENCE)
        before = digi_me.refreshes()
        process.send_signal(signal.SIGINT)
        assert line(process) == "interrupted"
        relay.let_go()
        out, err = process.communicate(timeout=PATIENCE)
    told, later = out.splitlines() or (err, err)
    assert json.loads(told) == json.loads(later) != options["user_access_token"]
    assert digi_me.refreshes() == before


@pytest.mark.parametrize("_again", range(3))
def test_a_hook_is_told_of_a_token_that_comes_at_the_moment_of_ctrl_c(
    digi_me: DigiMe, relay: Relay, _again: int
) -> None:
    options = digi_me.expired()
    relay.hold()
    with start(INTERRUPTED, digi_me, options) as process:
        assert relay.answered.wait(PATIENCE)
        # The token is there before plain code looks for signals again.
        process.send_signal(signal.SIGINT)
        relay.let_go()
        out, err = process.communicate(timeout=PATIENCE)
    # A hook that the signal has interrupted is told again.
    *_, told = [line for line in out.splitlines() if line != "interrupted"] or [err]
    assert json.loads(told) != options["user_access_token"], err


def test_a_process_ends_when_the_hook_of_a_call_that_ctrl_c_ended_was_told(digi_me: DigiMe, relay: Relay) -> None:
    options = digi_me.expired()
    relay.hold()
    with start(INTERRUPTED, digi_me, options) as process:
        interrupt(process, relay)
        out, err = process.communicate(timeout=PATIENCE)
    assert json.loads(out) != options["user_access_token"], err
    assert err == ""


def test_a_hook_that_ctrl_c_interrupts_is_told_again(digi_me: DigiMe) -> None:
    script = """
calls = 0
def store(token):
    global calls
    calls += 1
    if calls == 1:
        print("storing", flush=True)
        sys.stdin.readline()
    print(json.dumps(token), flush=True)
try:
    sdk.read_accounts(**options, on_access_token_change=store)
except KeyboardInterrupt:
    print("interrupted", flush=True)
"""
    options = digi_me.expired()
    with start(script, digi_me, options) as process:
        assert line(process) == "storing"
        process.send_signal(signal.SIGINT)
        out, err = process.communicate(timeout=PATIENCE)
    told, ended = out.splitlines()
    assert ended == "interrupted", err
    assert json.loads(told) != options["user_access_token"]


def test_a_second_ctrl_c_ends_the_telling_too(digi_me: DigiMe) -> None:
    script = """
def store(token):
    print("storing", flush=True)
    sys.stdin.readline()
try:
    sdk.read_accounts(**options, on_access_token_change=store)
except KeyboardInterrupt:
    print("interrupted", flush=True)
"""
    with start(script, digi_me, digi_me.expired()) as process:
        for _ in range(2):
            assert line(process) == "storing"
            process.send_signal(signal.SIGINT)
        out, err = process.communicate(timeout=PATIENCE)
    assert out == "interrupted\n", err


def test_another_ctrl_c_ends_a_process_that_waits_for_a_hook(digi_me: DigiMe, relay: Relay) -> None:
    script = """
import threading
def store(token):
    print("storing", flush=True)
    threading.Event().wait()
try:
    sdk.read_accounts(**options, on_access_token_change=store)
except KeyboardInterrupt:
    print("interrupted", flush=True)
"""
    options = digi_me.expired()
    relay.hold()
    with start(script, digi_me, options) as process:
        interrupt(process, relay)
        assert line(process) == "storing"
        # It may be at its last lines still: whenever it comes to wait, one of these finds it there.
        began = time.monotonic()
        while time.monotonic() - began < PATIENCE:
            process.send_signal(signal.SIGINT)
            with suppress(subprocess.TimeoutExpired):
                process.wait(0.1)
                break
        # Nobody else would have ended it so soon.
        assert time.monotonic() - began < PATIENCE / 2
