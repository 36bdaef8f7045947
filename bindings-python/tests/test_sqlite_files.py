"""A store in a file, as forking servers, daemons and shells treat it: none of its records is lost, whoever looks on."""

from __future__ import annotations

import base64
import json
import sqlite3
import subprocess
import sys
from contextlib import closing
from typing import TYPE_CHECKING

import pytest
from platform_double import PATIENCE

if TYPE_CHECKING:
    from pathlib import Path

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="forks and locks are POSIX's")

PREAMBLE = """
import ctypes, json, os, sys, threading
# A hook of another library's, which comes after the SDK's before a fork and lets other threads go on.
os.register_at_fork(before=lambda: threading.Event().wait(0.001))
import digime_sdk
config = json.loads(sys.argv[1])
def sdk(store=sys.argv[2]): return digime_sdk.blocking.init_pkb(**config, store=store)
def store(sdk, user):
    # Which writes to the store, and asks nobody.
    sdk.get_link_url(app_user_id=user)
def wait():
    print("stored", flush=True)
    sys.stdin.readline()
"""
CONFIG = {
    "client_id": "my-client",
    "redirect_uri": "http://127.0.0.1/return",
    "environment": "sandbox",
    "encryption_key": base64.b64encode(bytes(32)).decode(),
}


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "links.db"


def start(script: str, file: Path) -> subprocess.Popen[str]:
    command = [sys.executable, "-c", PREAMBLE + script, json.dumps(CONFIG), str(file)]
    return subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)


def seen(file: Path) -> set[str]:
    """Tell which users there are attempts of, as a shell sees them that opens the file and closes it."""
    with closing(sqlite3.connect(file)) as connection:
        assert connection.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
        return {user for (user,) in connection.execute("SELECT app_user_id FROM link_attempt")}


def finish(process: subprocess.Popen[str]) -> str:
    out, err = process.communicate(timeout=PATIENCE)
    assert process.returncode == 0, err
    return out


def test_what_two_sdks_of_a_process_store_is_there_for_whoever_looks(file: Path) -> None:
    script = """
first = sdk()
store(first, "user-0")
for number in (1, 3):
    second = sdk()
    store(second, f"user-{number}")
    store(first, f"user-{number + 1}")
    wait()
"""
    with start(script, file) as process:
        assert process.stdin is not None
        assert process.stdout is not None
        for users in (3, 5):
            assert process.stdout.readline() == "stored\n"
            # It is the first to open the file beside the SDK, and the last to close it, as far as it can tell.
            assert seen(file) == {f"user-{number}" for number in range(users)}
            process.stdin.write("\n")
            process.stdin.flush()
        finish(process)
    assert len(seen(file)) == 5


def test_a_store_that_was_used_before_a_fork_serves_parent_and_children(file: Path) -> None:
    script = """
parent = sdk()
store(parent, "before")
def busy():
    for number in range(20): store(parent, f"thread-{number}")
thread = threading.Thread(target=busy)
thread.start()
children = []
for child in range(4):
    pid = os.fork()
    if pid == 0:
        for number in range(10): store(parent, f"child-{child}-{number}")
        store(sdk(), f"child-{child}-new")
        os._exit(7)
    children.append(pid)
for number in range(10): store(parent, f"parent-{number}")
thread.join()
print([os.WEXITSTATUS(os.waitpid(pid, 0)[1]) for pid in children])
"""
    with start(script, file) as process:
        while process.poll() is None:
            if file.exists() and file.stat().st_size:
                with closing(sqlite3.connect(file)) as connection:
                    connection.execute("SELECT COUNT(*) FROM sqlite_master").fetchall()
        assert finish(process) == "[7, 7, 7, 7]\n"
    children = {f"child-{child}-{number}" for child in range(4) for number in [*range(10), "new"]}
    parent = {"before"} | {f"parent-{number}" for number in range(10)} | {f"thread-{number}" for number in range(20)}
    assert seen(file) == children | parent


def test_a_fork_waits_for_nobody_who_makes_or_drops_an_sdk(file: Path) -> None:
    script = """
forks, failed = threading.Event(), []
def make():
    try:
        while True:
            made = sdk()
            store(made, "made")
            if forks.is_set(): break
    except Exception as error: failed.append(error)
thread = threading.Thread(target=make)
thread.start()
for _ in range(40):
    pid = os.fork()
    if pid == 0: os._exit(7)
    assert os.WEXITSTATUS(os.waitpid(pid, 0)[1]) == 7
forks.set()
thread.join()
print(failed)
"""
    with start(script, file) as process:
        assert finish(process) == "[]\n"
    assert seen(file) == {"made"}


def test_a_fork_does_not_wait_for_a_lock_that_somebody_else_holds(file: Path) -> None:
    script = """
parent = sdk()
store(parent, "before")
wait()
threads = [threading.Thread(target=store, args=(parent, f"thread-{number}")) for number in range(5)]
for thread in threads: thread.start()
pid = os.fork()
if pid == 0: os._exit(7)
wait()
for thread in threads: thread.join()
"""
    with start(script, file) as process:
        assert process.stdin is not None
        assert process.stdout is not None
        assert process.stdout.readline() == "stored\n"
        with closing(sqlite3.connect(file, isolation_level=None)) as connection:
            connection.execute("BEGIN IMMEDIATE")
            process.stdin.write("\n")
            process.stdin.flush()
            # It has forked, while the lock is held that the others wait for.
            assert process.stdout.readline() == "stored\n"
            connection.execute("ROLLBACK")
        process.stdin.write("\n")
        process.stdin.flush()
        finish(process)
    assert seen(file) == {"before"} | {f"thread-{number}" for number in range(5)}


def test_a_relative_path_leads_to_the_same_file_wherever_the_process_goes(file: Path) -> None:
    script = """
os.chdir(os.path.dirname(sys.argv[2]))
parent = sdk("links.db")
os.chdir("/")
store(parent, "parent")
pid = os.fork()
if pid == 0:
    store(parent, "child")
    os._exit(7)
print(os.WEXITSTATUS(os.waitpid(pid, 0)[1]))
"""
    with start(script, file) as process:
        assert finish(process) == "7\n"
    assert seen(file) == {"parent", "child"}


def test_a_child_of_a_fork_that_python_does_not_know_of_is_told_that_it_cannot_use_the_file(file: Path) -> None:
    script = """
parent = sdk()
store(parent, "before")
# As a server written in C forks its workers.
pid = ctypes.PyDLL(None).fork()
if pid == 0:
    try:
        store(parent, "child")
    except digime_sdk.StoreError as error:
        print(error, flush=True)
    os._exit(7)
print(os.WEXITSTATUS(os.waitpid(pid, 0)[1]))
store(parent, "after")
"""
    with start(script, file) as process:
        told, status = finish(process).splitlines()
    assert "forked" in told
    assert status == "7"
    assert seen(file) == {"before", "after"}
