"""A process that is frozen, as a laptop or a function instance is, while the answer to its refresh is in its socket."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import threading
import time
from typing import TYPE_CHECKING, Any, Callable

import digime_sdk
import pytest
from platform_double import PATIENCE

if TYPE_CHECKING:
    from pathlib import Path

    from digi_me import DigiMe
    from patients_know_best import PatientsKnowBest
    from relay import Relay

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="POSIX alone freezes a process")

USER = "user-1"


class Freezing:
    """Starts a process, and freezes it around the next answer of a token endpoint."""

    def __init__(self, relay: Relay, script: str, *arguments: Any) -> None:
        command = [sys.executable, "-c", script, *map(json.dumps, arguments)]
        self._process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
        self._thawed = threading.Event()
        self._relay = relay

    def frozen_for(self, seconds: float) -> str:
        """Freeze the process for that long, and give what it says at last."""

        def around(write: Callable[[], None]) -> None:
            os.kill(self._process.pid, signal.SIGSTOP)
            # It is not over yet, but stopped.
            os.waitid(os.P_PID, self._process.pid, os.WSTOPPED | os.WNOWAIT)
            write()
            until = time.monotonic() + seconds
            while time.monotonic() < until:
                threading.Event().wait(until - time.monotonic())
            os.kill(self._process.pid, signal.SIGCONT)
            self._thawed.set()

        self._relay.deliver(around)
        with self._process as process:
            out, err = process.communicate(timeout=PATIENCE)
        assert self._thawed.is_set(), err
        assert out, err
        return out


def test_the_answer_of_digi_me_is_used_by_a_process_that_was_frozen_past_its_time_out(
    digi_me: DigiMe, relay: Relay
) -> None:
    script = """
import json, sys
import digime_sdk
config, options = map(json.loads, sys.argv[1:])
print(json.dumps(digime_sdk.blocking.init(**config).refresh_token(**options)))
"""
    token = digi_me.consent()
    options = {"contract_details": digi_me.contract, "user_access_token": token}
    # Long enough for the request to be seen on a machine that is busy.
    config = {**digi_me.config, "timeouts": {"idle": 1000}}
    before = digi_me.refreshes()
    new = json.loads(Freezing(relay, script, config, options).frozen_for(2.5))
    assert new["refreshToken"]["value"] != token["refreshToken"]["value"]
    assert digi_me.refreshes() == before + 1
    response = digime_sdk.blocking.init(**digi_me.config).read_accounts(
        contract_details=digi_me.contract, user_access_token=new
    )
    assert response["user_access_token"] == new


def test_the_answer_of_pkb_is_used_by_a_process_that_was_frozen_past_its_lease(
    patients_know_best: PatientsKnowBest, relay: Relay, tmp_path: Path
) -> None:
    script = f"""
import json, sys
import digime_sdk
sdk = digime_sdk.blocking.init_pkb(**json.loads(sys.argv[1]))
print(sdk.get_current_user(app_user_id="{USER}")["last_name"])
"""
    config = {**patients_know_best.config, "store": str(tmp_path / "links.db"), "refresh_lease": 3000}
    sdk = digime_sdk.blocking.init_pkb(**config)
    callback_url = patients_know_best.decide(sdk.get_link_url(app_user_id=USER)["url"])
    sdk.complete_link(callback_url=callback_url, app_user_id=USER)
    patients_know_best.control("pkb/expire-access-tokens")
    before = patients_know_best.tally()
    assert Freezing(relay, script, config).frozen_for(3.5) == "Barton\n"
    after = patients_know_best.tally()
    assert (after["refreshes"], after["reuses"]) == (before["refreshes"] + 1, before["reuses"])
    link = sdk.get_link(app_user_id=USER)
    assert link is not None
    assert link["status"] == "active"
