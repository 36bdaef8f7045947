"""What a round came to: its figures, and which of its promises were kept."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TypeVar

from .platforms import Tally
from .worker_process import Ledger

_Thing = TypeVar("_Thing")


@dataclass(frozen=True)
class Promise:
    """A sentence, and how it was broken if it was."""

    sentence: str
    breach: str | None


@dataclass
class Figures:
    """A row of the table."""

    calls: int = 0
    failed: int = 0
    expiries: int = 0
    refreshes: int = 0
    reuses: int = 0
    kills: int = 0
    outages: int = 0
    pauses: int = 0
    lost: int = 0
    """Connections."""
    longest_ms: int = 0


@dataclass
class Outcome:
    """A round, as far as it has come."""

    figures: Figures = field(default_factory=Figures)
    promises: list[Promise] = field(default_factory=list[Promise])

    def count(self, tally: Tally, ledger: Ledger) -> None:
        """Take over what the platform has counted, and what the workers have said."""
        self.figures.refreshes, self.figures.reuses = tally.refreshes, tally.reuses
        self.figures.calls, self.figures.failed = ledger.calls, len(ledger.failures)
        self.figures.longest_ms = ledger.longest_ms

    def promise_none(self, sentence: str, breaches: list[_Thing]) -> None:
        """Judge a promise that holds if there is no breach of it."""
        breach = f"{len(breaches)} times, first: {breaches[0]}" if breaches else None
        self.promises.append(Promise(sentence, breach))

    def promise_equal(self, sentence: str, actual: object, expected: object) -> None:
        """Judge a promise that holds if both are equal."""
        breach = None if actual == expected else f"expected {expected}, got {actual}"
        self.promises.append(Promise(sentence, breach))

    def promise_at_most(self, sentence: str, actual: int, bound: int) -> None:
        """Judge a promise that holds if a figure is within its bound."""
        self.promises.append(Promise(sentence, None if actual <= bound else f"{actual}, more than {bound}"))
