"""From what the programs print to the figures of the table."""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping, Sequence
from statistics import median

from rows import Overlap, Row

Raw = Mapping[str, float]
"""What a program printed: `count`, `seconds`, `cpuSeconds` and what else it measured."""

FloorsOfRound = Mapping[str, Mapping[str, Raw]]
"""What `digime-bench floors` printed: `primitives` and `exchanges`."""

Figures = dict[str, float]

MEBIBYTE = 1024 * 1024


def of_rounds(rounds: Sequence[Raw]) -> Figures:
    """Give the figures of a cell: of each the median of all rounds, since one round may have been disturbed."""
    return {name: median(figures[name] for figures in map(_figures, rounds)) for name in _figures(rounds[0])}


def _figures(raw: Raw) -> Figures:
    figures = {
        "seconds": raw["seconds"],
        "rate": raw["count"] / raw["seconds"],
        "eachMs": 1000 * raw["seconds"] / raw["count"],
        "cpuMs": 1000 * raw["cpuSeconds"] / raw["count"],
        "cores": raw["cpuSeconds"] / raw["seconds"],
    }
    for name in ("delayP99Ms", "delayMaxMs", "medianMs", "lateMs"):
        if name in raw:
            figures[name] = raw[name]
    if "lists" in raw:
        figures["lists"] = raw["lists"] / raw["count"]
    if "peakRssGrowthBytes" in raw:
        figures["memoryMiB"] = raw["peakRssGrowthBytes"] / MEBIBYTE
    if "chunkBytes" in raw:
        figures["chunkKiB"] = raw["chunkBytes"] / 1024
    return figures


def of_floor(row: Row, parts: Mapping[str, Figures]) -> Figures:
    """Give what one of a row's work must cost, and how fast it could be."""
    needed = [parts[name] for name in row.floor]
    cpu_ms = sum(part["cpuMs"] for part in needed)
    seconds = [1 / part["rate"] for part in needed]
    rate = {
        Overlap.NONE: 1 / sum(seconds),
        Overlap.STAGES: 1 / max(seconds),
        Overlap.CORES: 1000 * (os.cpu_count() or 1) / cpu_ms,
    }[row.overlap]
    return {"rate": rate, "eachMs": 1000 / rate, "cpuMs": cpu_ms}


def parts_of_floor(floors: Iterable[FloorsOfRound]) -> dict[str, Figures]:
    """Give the figures of each part of which floors are made; the exchanges with `http.` before their names."""
    rounds: dict[str, list[Raw]] = {}
    for floor in floors:
        for name, raw in floor["primitives"].items():
            rounds.setdefault(name, []).append(raw)
        for name, raw in floor["exchanges"].items():
            rounds.setdefault(f"http.{name}", []).append(raw)
    return {name: of_rounds(raws) for name, raws in rounds.items()}
