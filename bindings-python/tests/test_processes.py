"""What concerns a whole process, each in one of its own: forks, Ctrl-C, and exit while calls are under way."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
from typing import TYPE_CHECKING, Callable

import pytest
from platform_double import LONG, PATIENCE, Platform

if TYPE_CHECKING:
    from digime_sdk import ReadAccountsOptions

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="signals and forks are POSIX's")

PREAMBLE = """
import asyncio, json, os, signal, sys, threading
import digime_sdk
# Python sets no handler where SIGINT is ignored, as it is in what a shell runs in the background.
signal.signal(signal.SIGINT, signal.default_int_handler)
options = json.loads(sys.argv[1])
address = sys.argv[2]
def at(behaviour): return f"{address}{behaviour}/"
"""


def start(script: str, platform: Platform, options: ReadAccountsOptions) -> subprocess.Popen[str]:
    command = [sys.executable, "-c", PREAMBLE + script, json.dumps(options), platform.at("").removesuffix("/")]
    return subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)


def test_a_forked_child_makes_calls_with_its_parents_sdk(platform: Platform, options: ReadAccountsOptions) -> None:
    script = """
plain = digime_sdk.blocking.init(application_id="app", base_url=at("ok"))
waiting = digime_sdk.init(application_id="app", base_url=at("ok"))
held = digime_sdk.blocking.init(application_id="app", base_url=at("silent"))
def count(response): return len(response["accounts"])
def both(): return count(plain.read_accounts(**options)), count(asyncio.run(waiting.read_accounts(**options)))
before = both()
threading.Thread(target=lambda: held.read_accounts(**options), daemon=True).start()
child = os.fork()
if child == 0:
    print(before, both(), flush=True)
    sys.exit(7)
_, status = os.waitpid(child, 0)
print(os.WEXITSTATUS(status), both())
"""
    with start(script, platform, options) as process:
        out, err = process.communicate(timeout=PATIENCE)
    assert out.splitlines() == ["(1, 1) (1, 1)", "7 (1, 1)"], err
    assert process.returncode == 0


def test_a_forked_child_goes_on_with_its_parents_event_loop(platform: Platform, options: ReadAccountsOptions) -> None:
    script = """
sdk = digime_sdk.init(application_id="app", base_url=at("ok"))
loop = asyncio.new_event_loop()
loop.run_until_complete(sdk.read_accounts(**options))
child = os.fork()
if child == 0:
    print(len(loop.run_until_complete(sdk.read_accounts(**options))["accounts"]), flush=True)
    os._exit(0)
os.waitpid(child, 0)
"""
    with start(script, platform, options) as process:
        out, err = process.communicate(timeout=PATIENCE)
    assert out == "1\n", err


def test_a_forked_child_does_not_read_its_parents_streams(
    platform: Platform, options: ReadAccountsOptions, seal: Callable[[bytes], bytes]
) -> None:
    platform.files["stored"] = seal(bytes(LONG))
    script = """
sdk = digime_sdk.blocking.init(application_id="app", cloud_base_url=at("storage"))
details = options["contract_details"]
body = sdk.download_storage_file(contract_details=details, storage_id="storage", path="a")["body"]
child = os.fork()
if child == 0:
    try:
        body.read()
    except RuntimeError as error:
        print(error, flush=True)
    del body
    sys.exit(0)
_, status = os.waitpid(child, 0)
print(os.WEXITSTATUS(status), len(body.read()))
"""
    with start(script, platform, options) as process:
        out, err = process.communicate(timeout=PATIENCE)
    assert "belongs to the process" in out, err
    assert out.splitlines()[-1] == f"0 {LONG}", err


def test_ctrl_c_interrupts_a_blocked_call(platform: Platform, options: ReadAccountsOptions) -> None:
    script = """
sdk = digime_sdk.blocking.init(application_id="app", base_url=at("silent"))
try:
    sdk.read_accounts(**options)
except KeyboardInterrupt:
    print("interrupted", flush=True)
    sys.stdin.read()
"""
    with start(script, platform, options) as process:
        assert platform.arrived.wait(PATIENCE)
        process.send_signal(signal.SIGINT)
        assert process.stdout is not None
        assert process.stdout.readline() == "interrupted\n"
        assert platform.dropped.wait(PATIENCE)
        process.kill()


def test_a_signal_handler_may_make_a_call_of_its_own(platform: Platform, options: ReadAccountsOptions) -> None:
    script = """
sdk = digime_sdk.blocking.init(application_id="app", base_url=at("held"))
other = digime_sdk.blocking.init(application_id="app", base_url=at("ok"))
signal.signal(signal.SIGUSR1, lambda *_: print(len(other.read_accounts(**options)["accounts"]), flush=True))
print(len(sdk.read_accounts(**options)["accounts"]))
"""
    with start(script, platform, options) as process:
        assert platform.arrived.wait(PATIENCE)
        process.send_signal(signal.SIGUSR1)
        assert process.stdout is not None
        assert process.stdout.readline() == "1\n"
        platform.released.set()
        assert process.stdout.readline() == "1\n"


@pytest.mark.parametrize(
    "under_way",
    [
        "threading.Thread(target=lambda: plain.read_accounts(**options), daemon=True).start()",
        "threading.Thread(target=lambda: asyncio.run(waiting.read_accounts(**options)), daemon=True).start()",
        "loop = asyncio.new_event_loop(); task = loop.create_task(waiting.read_accounts(**options)); "
        "loop.run_until_complete(asyncio.sleep(0))",
    ],
    ids=["a blocked thread", "an event loop in a thread", "an event loop that stopped"],
)
def test_a_call_under_way_does_not_hold_the_exit_up(
    under_way: str, platform: Platform, options: ReadAccountsOptions
) -> None:
    script = f"""
plain = digime_sdk.blocking.init(application_id="app", base_url=at("silent"))
waiting = digime_sdk.init(application_id="app", base_url=at("silent"))
{under_way}
sys.stdin.readline()
"""
    command = [sys.executable, "-c", PREAMBLE + script, json.dumps(options), platform.at("").removesuffix("/")]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as process:
        assert platform.arrived.wait(PATIENCE)
        _, err = process.communicate("\n", timeout=PATIENCE)
    assert process.returncode == 0
    assert "Fatal" not in err
    assert "panicked" not in err
