"""A sandbox as a process: how it starts, and what it ends with."""

from __future__ import annotations

import re
import signal
import socket
import subprocess
import sys
import urllib.request
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest

from digime_sandbox import Sandbox, start_sandbox

PACKAGE = Path(__file__).parents[1]


def connect(origin: str) -> socket.socket:
    """Give a connection that the sandbox has taken: it has begun to answer there."""
    place = urlsplit(origin)
    assert place.hostname
    assert place.port
    connection = socket.create_connection((place.hostname, place.port), timeout=60)
    connection.sendall(b"GET /_sandbox/requests HTTP/1.1\r\nhost: sandbox\r\n\r\n")
    assert connection.recv(1)
    return connection


def comes_to_an_end(connection: socket.socket) -> bool:
    """Read until its other end is gone."""
    with connection:
        try:
            while connection.recv(65536):
                pass
        except ConnectionResetError:
            return True
        except TimeoutError:
            return False
    return True


def test_it_serves_where_its_environment_says(digime_sandbox: Sandbox) -> None:
    for name in ("DIGIME_BASE_URL", "DIGIME_ONBOARD_URL", "DIGIME_CLOUD_BASE_URL", "PKB_BASE_URL"):
        assert digime_sandbox.environment[name].startswith(digime_sandbox.announcement["origin"])
    customer = digime_sandbox.announcement["pkb"]["customer"]
    for name, member in (
        ("PKB_CUSTOMER_TOKEN_URL", "tokenUrl"),
        ("PKB_AGGREGATED_URL", "aggregatedUrl"),
        ("PKB_CUSTOMER_URL", "customerUrl"),
        ("PKB_CUSTOMER_CLIENT_ID", "clientId"),
        ("PKB_CUSTOMER_CLIENT_SECRET", "clientSecret"),
    ):
        assert digime_sandbox.environment[name] == customer[member]  # type: ignore[literal-required]
    with urllib.request.urlopen(digime_sandbox.announcement["origin"]) as front_page:
        assert front_page.status == 200
    assert digime_sandbox.environment["DIGIME_PRIVATE_KEY"].count("\n") == 0


def test_it_ends_when_it_is_stopped_and_may_be_stopped_twice(ready_made: list[str]) -> None:
    sandbox = start_sandbox(flags=ready_made)
    connection = connect(sandbox.announcement["origin"])
    sandbox.stop()
    sandbox.stop()
    assert comes_to_an_end(connection)


@pytest.mark.skipif(not hasattr(signal, "SIGKILL"), reason="processes are killed otherwise there")
def test_it_ends_with_a_process_that_is_killed(ready_made: list[str]) -> None:
    script = "import sys; from digime_sandbox import start_sandbox; "
    script += "print(start_sandbox(flags=sys.argv[1:]).announcement['origin'], flush=True); sys.stdin.read()"
    command = [sys.executable, "-c", script, *ready_made]
    pipe = subprocess.PIPE
    with subprocess.Popen(command, stdin=pipe, stdout=pipe, text=True) as process:
        assert process.stdout is not None
        connection = connect(process.stdout.readline().strip())
        process.kill()
    assert process.returncode == -signal.SIGKILL
    assert comes_to_an_end(connection)


def test_one_that_cannot_be_started_says_why() -> None:
    with pytest.raises(RuntimeError, match="unexpected argument '--unheard-of'"):
        start_sandbox(flags=["--unheard-of"])


def test_flags_that_print_something_else_are_told_of_with_it() -> None:
    with pytest.raises(RuntimeError, match=r"cannot be started: in place of its addresses it says 'digi\.me and"):
        start_sandbox(flags=["--help"])


def test_a_port_that_is_taken_is_named(digime_sandbox: Sandbox, ready_made: list[str]) -> None:
    port = urlsplit(digime_sandbox.announcement["origin"]).port
    assert port
    with pytest.raises(RuntimeError, match=f"cannot be started: .*port {port}: .*in use"):
        start_sandbox(port=port, flags=ready_made)


@pytest.mark.parametrize(
    ("flags", "said"),
    [
        (["--access-token-seconds", 1], r"flags\[1\]: expected str or a path, got int"),
        ("--help", "flags: expected a list"),
    ],
)
def test_flags_that_are_no_text_are_named(flags: Any, said: str) -> None:
    with pytest.raises(TypeError, match=said):
        start_sandbox(flags=flags)


def test_a_flag_may_be_a_path(ready_made: list[str]) -> None:
    option, file = ready_made
    with start_sandbox(flags=[option, Path(file)]) as sandbox:
        connect(sandbox.announcement["origin"]).close()


def test_a_sandbox_that_was_stopped_is_not_entered(ready_made: list[str]) -> None:
    sandbox = start_sandbox(flags=ready_made)
    sandbox.stop()
    with pytest.raises(RuntimeError, match="was stopped"), sandbox:
        pass


def test_a_program_that_is_none_is_told_of_by_the_variable_that_names_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for named in (tmp_path / "none", tmp_path):
        monkeypatch.setenv("DIGIME_SANDBOX_BIN", str(named))
        with pytest.raises(FileNotFoundError, match=f"DIGIME_SANDBOX_BIN names {re.escape(str(named))}, which is no"):
            start_sandbox()


def test_without_its_program_it_says_what_to_do() -> None:
    script = f"import sys; sys.path.insert(0, {str(PACKAGE)!r}); import digime_sandbox as d; d.start_sandbox()"
    # Without the folder of installed packages there is none.
    command = [sys.executable, "-I", "-S", "-c", script]
    ended = subprocess.run(command, env={}, capture_output=True, text=True, check=False)
    assert "FileNotFoundError: digime-sandbox is not where" in ended.stderr
    assert "DIGIME_SANDBOX_BIN" in ended.stderr


def test_its_fixture_gives_all_tests_of_a_run_the_same(pytester: pytest.Pytester, ready_made: list[str]) -> None:
    pytester.makeconftest(
        f"""
        import digime_sandbox.pytest_plugin as plugin
        from functools import partial
        plugin.start_sandbox = partial(plugin.start_sandbox, flags={ready_made!r})
        """
    )
    pytester.makepyfile(
        """
        seen = set()

        def test_one(digime_sandbox):
            seen.add(digime_sandbox.announcement["origin"])

        def test_another(digime_sandbox):
            assert seen == {digime_sandbox.announcement["origin"]}
        """
    )
    pytester.runpytest_subprocess().assert_outcomes(passed=2)
