"""A sandbox as a process of this one's: how it is started, and how it ends."""

from __future__ import annotations

import json
import subprocess
import tempfile
from typing import TYPE_CHECKING, Optional

from ._environment import environment_of
from ._person import decide
from ._program import program

if TYPE_CHECKING:
    from collections.abc import Sequence

    from typing_extensions import Self

    from ._announcement import Announcement


class Sandbox:
    """A sandbox that runs until `stop`, the end of a `with` block, or the end of this process, however that comes."""

    announcement: Announcement
    """Everything that it announced when it had started: addresses, application, contracts, clients, people."""
    environment: dict[str, str]
    """The same as environment variables, for the SDK and the application under test."""

    def __init__(self, port: int, flags: Sequence[str]) -> None:
        command = [str(program()), "--port", str(port), "--until-stdin-closes", *flags]
        pipe = subprocess.PIPE
        with tempfile.TemporaryFile() as complaint:
            self._process = subprocess.Popen(command, stdin=pipe, stdout=pipe, stderr=complaint)
            assert self._process.stdout is not None
            line = self._process.stdout.readline()
            if not line:
                self.stop()
                complaint.seek(0)
                said = complaint.read().decode(errors="replace").strip()
                msg = f"the sandbox cannot be started: {said or f'it ended with {self._process.returncode}'}"
                raise RuntimeError(msg)
        self.announcement = json.loads(line)
        self.environment = environment_of(self.announcement)

    def __enter__(self) -> Self:
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


def start_sandbox(*, port: int = 0, flags: Sequence[str] = ()) -> Sandbox:
    """Start a sandbox of its own.

    Args:
        port: The port of 127.0.0.1 to serve on. Default: any free one.
        flags: Flags of the command, such as `["--access-token-seconds", "5"]`: `digime-sandbox --help` lists them.

    Returns:
        The sandbox, which serves by now; a context manager, which stops it.

    Raises:
        FileNotFoundError: Its program is not there.
        RuntimeError: It cannot be started; the message has what it says.
    """
    return Sandbox(port, flags)
