"""The account of what was checked: a line each, and how many passed."""

from __future__ import annotations

from collections.abc import Generator
from contextlib import contextmanager


class CheckFailedError(Exception):
    """What was expected did not happen."""


def expect(*, condition: bool, otherwise: str) -> None:
    """Fail the check if the condition does not hold."""
    if not condition:
        raise CheckFailedError(otherwise)


def expect_equal(what: str, actual: object, expected: object) -> None:
    """Fail the check unless both are equal."""
    expect(condition=actual == expected, otherwise=f"{what}: expected {expected!r}, got {actual!r}")


class Checks:
    """Counts and prints."""

    def __init__(self) -> None:
        self.passed = 0
        self.failed = 0

    @contextmanager
    def check(self, sentence: str) -> Generator[None]:
        """Count what happens inside as one check. A failure is told and handed on, since what follows builds on it."""
        try:
            yield
        except Exception as error:
            self.failed += 1
            print(f"  ✗ {sentence}\n      {type(error).__name__}: {error}")
            raise CheckFailedError(sentence) from error
        self.passed += 1
        print(f"  ✓ {sentence}")

    def sum_up(self) -> int:
        """Print how many there were; give the exit code."""
        print(f"\n{self.passed} passed, {self.failed} failed")
        return 1 if self.failed else 0
