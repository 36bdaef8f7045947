"""What the check of a store asks of whoever runs its database."""

from __future__ import annotations

from typing import Protocol


class Database(Protocol):
    """The server on which the data of a store is, of the test's own. Both methods may be coroutine functions."""

    def kill(self) -> object:
        """End it as a crash does (`SIGKILL`, not a shutdown), and return when it has ended."""
        ...

    def start(self) -> object:
        """Start it again on what is left of its data, and return when it can be asked."""
        ...
