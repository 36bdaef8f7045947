"""The figures of all rounds as one table."""

from __future__ import annotations

from collections.abc import Sequence

from .outcome import Figures
from .rounds import Round

_COLUMNS = (
    "calls",
    "failed",
    "expiries",
    "refreshes",
    "reuses",
    "kills",
    "outages",
    "pauses",
    "lost",
    "longest ms",
)


def table(outcomes: Sequence[tuple[Round, Figures]]) -> list[str]:
    """Give the lines."""
    width = max(len(each.name) for each, _ in outcomes)
    lines = ["  ".join([" " * width, *_COLUMNS])]
    for each, figures in outcomes:
        cells = (getattr(figures, column.replace(" ", "_")) for column in _COLUMNS)
        aligned = [f"{cell:>{len(column)}}" for cell, column in zip(cells, _COLUMNS)]
        lines.append("  ".join([each.name.ljust(width), *aligned]))
    return lines
