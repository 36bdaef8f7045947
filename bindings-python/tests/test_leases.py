"""Waiting for another's refresh of a link: it ends at once when it is not wanted any more, and when its time is up."""

from __future__ import annotations

import asyncio
import json
import signal
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import digime_sdk
import pytest
from flavours import FLAVOURS, Flavour
from platform_double import PATIENCE

if TYPE_CHECKING:
    from patients_know_best import PatientsKnowBest

USER = "user-1"
LEASE_SECONDS = 600
"""For how long the other's lease is good: far longer than any test waits."""


LOOKING = """
import sqlite3, sys, time
database = sqlite3.connect(sys.argv[1], timeout=30, isolation_level=None)
def lease(): return database.execute("SELECT lease FROM link").fetchone()[0]
"""


def in_the_store(store: str, script: str) -> str:
    """Do something with the store's file, in a process of its own.

    SQLite's locks do not hold between Python's SQLite and the SDK's in one process.
    """
    command = [sys.executable, "-c", LOOKING + script, store]
    return subprocess.run(command, check=True, capture_output=True, text=True, timeout=PATIENCE).stdout


def leased(pkb: PatientsKnowBest, folder: Path) -> str:
    """Give a store with a link whose access token has expired, and which a process refreshes that says nothing more."""
    store = str(folder / "links.db")
    sdk = digime_sdk.blocking.init_pkb(pkb.configured(store=store))
    callback_url = pkb.decide(sdk.get_link_url(app_user_id=USER)["url"])
    sdk.complete_link(callback_url=callback_url, app_user_id=USER)
    pkb.control("pkb/expire-access-tokens")
    another = f"another.0.{LEASE_SECONDS * 1000}"
    changed = f"database.execute(\"UPDATE link SET lease = '{another}', version = version + 1\").rowcount"
    assert in_the_store(store, f"print({changed})") == "1\n"
    return store


def watched(store: str) -> None:
    """Wait until a call watches the lease: it counts the seconds in which it stands."""
    # Whoever reads all the time keeps others from writing.
    in_the_store(store, "while lease().startswith('another.0.'): time.sleep(0.01)")


def lease_stands(store: str) -> bool:
    return in_the_store(store, "print(lease())").startswith("another.")


@pytest.mark.skipif(sys.platform == "win32", reason="signals are POSIX's")
@pytest.mark.parametrize("handler", ["signal.default_int_handler", "lambda *_: sys.exit(7)"], ids=["Ctrl-C", "exit"])
@pytest.mark.parametrize("flavour", FLAVOURS)
def test_the_first_signal_ends_the_wait_for_a_lease(
    patients_know_best: PatientsKnowBest, tmp_path: Path, flavour: str, handler: str
) -> None:
    script = f"""
import asyncio, json, signal, sys
import digime_sdk
config = json.loads(sys.argv[1])
signal.signal(signal.SIGTERM, {handler})
try:
    if sys.argv[2] == "blocking":
        digime_sdk.blocking.init_pkb(**config).get_current_user(app_user_id="{USER}")
    else:
        asyncio.run(digime_sdk.init_pkb(**config).get_current_user(app_user_id="{USER}"))
except KeyboardInterrupt:
    print("interrupted")
except SystemExit as leaving:
    print("leaving", leaving.code)
"""
    store = leased(patients_know_best, tmp_path)
    config = {**patients_know_best.config, "store": store}
    command = [sys.executable, "-c", script, json.dumps(config), flavour]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as process:
        try:
            watched(store)
        except subprocess.SubprocessError:
            process.kill()
            raise
        process.send_signal(signal.SIGTERM)
        out, err = process.communicate(timeout=PATIENCE)
    assert out in ("interrupted\n", "leaving 7\n"), err
    assert lease_stands(store)


def test_cancelling_ends_the_wait_for_a_lease(patients_know_best: PatientsKnowBest, tmp_path: Path) -> None:
    store = leased(patients_know_best, tmp_path)

    async def main() -> None:
        sdk = digime_sdk.init_pkb(patients_know_best.configured(store=store))
        task = asyncio.create_task(sdk.get_current_user(app_user_id=USER))
        await asyncio.to_thread(watched, store)
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await asyncio.wait_for(task, PATIENCE)

    asyncio.run(main())
    assert lease_stands(store)


@pytest.mark.parametrize("flavour", FLAVOURS.values(), ids=list(FLAVOURS))
@pytest.mark.parametrize("phase", ["total", "call"])
@pytest.mark.parametrize("where", ["configuration", "call"])
def test_a_time_out_ends_the_wait_for_a_lease(
    patients_know_best: PatientsKnowBest, tmp_path: Path, flavour: Flavour, phase: str, where: str
) -> None:
    store = leased(patients_know_best, tmp_path)
    timeouts: dict[str, Any] = {"timeouts": {phase: 400}}
    sdk = flavour.init_pkb(patients_know_best.configured(store=store, **(timeouts if where == "configuration" else {})))
    with pytest.raises(digime_sdk.TimeoutError) as caught:
        flavour.call(sdk.get_current_user, app_user_id=USER, **(timeouts if where == "call" else {}))
    assert (caught.value.phase, caught.value.after) == (phase, 400)
    assert lease_stands(store)
