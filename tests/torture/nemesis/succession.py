"""A PostgreSQL and its standby, which takes its place when it is lost; then another standby is made."""

from __future__ import annotations

import tempfile
from collections.abc import Generator
from contextlib import contextmanager, suppress
from pathlib import Path

from postgres import Postgres


class Succession:
    """The server that serves now, and who has all that it has acknowledged."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._servers = 0
        self.serving = self._another(None)
        self._standby = self._follower()

    def _another(self, of: Postgres | None) -> Postgres:
        folder = self._folder / str(self._servers)
        folder.mkdir()
        self._servers += 1
        server = Postgres(folder, of)
        server.start()
        return server

    def _follower(self) -> Postgres:
        follower = self._another(self.serving)
        self.serving.wait_for_standbys()
        return follower

    def fail_over(self) -> None:
        """Lose the server that serves, as if it had crashed for good, and let its standby serve."""
        self.serving.stop("immediate")
        self._standby.promote()
        self.serving = self._standby

    def follow(self) -> None:
        """Make another standby, while clients are served."""
        self._standby = self._follower()

    def end(self) -> None:
        """Stop both."""
        for server in (self.serving, self._standby):
            # One may be stopped already, where something has gone wrong.
            with suppress(RuntimeError):
                server.stop("immediate")


@contextmanager
def succession() -> Generator[Succession]:
    """Run a server and its standby until the end of the block."""
    with tempfile.TemporaryDirectory(prefix="digime-succession-", ignore_cleanup_errors=True) as folder:
        # The servers are another user's.
        Path(folder).chmod(0o755)
        servers = Succession(Path(folder))
        try:
            yield servers
        finally:
            servers.end()
