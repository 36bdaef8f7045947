"""A sandbox as a process of this one's: how it is started, and how it ends."""

from __future__ import annotations

import json
import os
import subprocess
import tempfile
from collections.abc import Sequence
from typing import IO, Optional, Union

from ._announcement import Announcement
from ._environment import environment_of
from ._person import decide
from ._program import program


class Sandbox:
    """A sandbox that runs until `stop`, the end of a `with` block, or the end of this process, however that comes."""

    announcement: Announcement
    """Everything that it announced when it had started: addresses, application, contracts, clients, people."""
    environment: dict[str, str]
    """The same as environment variables, for the SDK and the application under test."""

    def __init__(self, port: int, flags: Sequence[Union[str, os.PathLike[str]]]) -> None:
        command = [str(program()), "--port", str(port), "--until-stdin-closes", *_checked(flags)]
        with tempfile.TemporaryFile() as complaint:
            try:
                self._process = _started(command, complaint)
                self.announcement = self._announced()
            except (OSError, ValueError) as error:
                complaint.seek(0)
                said = complaint.read().decode(errors="replace").strip()
                where = f" on port {port}" if port else ""
                msg = f"the sandbox cannot be started{where}: {said or error}"
                raise RuntimeError(msg) from error
        self.environment = environment_of(self.announcement)

    def _announced(self) -> Announcement:
        assert self._process.stdout is not None
        line = self._process.stdout.readline()
        try:
            announcement: Announcement = json.loads(line)
        except ValueError:
            self.stop()
            words = line.decode(errors="replace").strip()
            msg = (
                f"in place of its addresses it says {words!r}" if words else f"it ended with {self._process.returncode}"
            )
            raise ValueError(msg) from None
        return announcement

    def __enter__(self) -> Sandbox:
        if self._process.poll() is not None:
            msg = "the sandbox was stopped, or has ended; start another"
            raise RuntimeError(msg)
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()

    def __repr__(self) -> str:
        return f"<Sandbox at {self.announcement['origin']}>"

    def approve(self, url: str, *, source: Optional[str] = None, person: Optional[str] = None) -> str:
        """Do what a person would in a browser, whom the application sends to `url`: approve there.

        Args:
            url: Where the application sends them, such as `get_authorize_url` and `get_link_url` give it.
            source: Of digi.me's consent page, the name of the source to choose. Default: the one that is chosen
                already, or the first.
            person: Of PKB's page, who logs in: a name, or a login, of the people announced. Default: the first of them.

        Returns:
            The address that they come back to.

        Raises:
            ValueError: There is nothing to decide on the page, or no such choice; or it does not send them back.
        """
        return decide(url, approve=True, source=source, person=person, people=self.announcement["pkb"]["people"])

    def decline(self, url: str, *, source: Optional[str] = None, person: Optional[str] = None) -> str:
        """Do the same for a person who declines."""
        return decide(url, approve=False, source=source, person=person, people=self.announcement["pkb"]["people"])

    def stop(self) -> None:
        """End it, and with it all that was stored there. Once is enough, and twice does no harm."""
        with self._process:
            self._process.terminate()


def start_sandbox(*, port: int = 0, flags: Sequence[Union[str, os.PathLike[str]]] = ()) -> Sandbox:
    """Start a sandbox of its own.

    Args:
        port: The port of 127.0.0.1 to serve on. Default: any free one.
        flags: Flags of the command, such as `["--access-token-seconds", "5"]`: `digime-sandbox --help` lists them.

    Returns:
        The sandbox, which serves by now; a context manager, which stops it.

    Raises:
        FileNotFoundError: Its program is not there.
        RuntimeError: It cannot be started; the message has what it says.
        TypeError: A flag is neither text nor a path.
    """
    return Sandbox(port, flags)


def _checked(flags: Sequence[Union[str, os.PathLike[str]]]) -> list[Union[str, os.PathLike[str]]]:
    if isinstance(flags, str):
        msg = "flags: expected a list with one item for each word, got str"
        raise TypeError(msg)
    for at, flag in enumerate(flags):
        if not isinstance(flag, (str, os.PathLike)):
            msg = f"flags[{at}]: expected str or a path, got {type(flag).__name__}"
            raise TypeError(msg)
    return [*flags]


def _started(command: Sequence[Union[str, os.PathLike[str]]], complaint: IO[bytes]) -> subprocess.Popen[bytes]:
    return subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=complaint)
