"""How the figures are shown."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence

from columns import FLOOR, HEADINGS, PLAIN, SDK
from distances import NEAR
from figures import Figures
from goals import Cell, Goal
from links import ROWS as LINKS
from rows import Row
from scale import CALLS, DISK

_TITLE_WIDTH = 36
_WIDTH = 12
_WIDE = 22
_NOTHING, _WHOLE = 0.001, 100
_COLUMNS = (FLOOR, *SDK, *PLAIN)

_FIGURES = {
    "rate": "per second",
    "cpuMs": "CPU, ms each",
    "cores": "cores in use",
    "delayP99Ms": "event loop, p99 ms",
    "delayMaxMs": "event loop, max ms",
    "memoryMiB": "memory growth, MiB",
    "chunkKiB": "chunk, KiB",
}
_FIGURES_FROM_AFAR = {
    "eachMs": "ms each",
    "cpuMs": "CPU, ms each",
    "delayMaxMs": "event loop, max ms",
    "memoryMiB": "memory growth, MiB",
}
_FIGURES_OF_WAITING = {"lateMs": "ms late, each file", "lists": "lists asked for", "cpuMs": "CPU, ms each"}
_FIGURES_OF_IMPORT = {"seconds": "seconds", "cpuMs": "CPU, ms"}
_FIGURES_AT_SCALE = {
    "rate": "per second",
    "medianMs": "ms each, median",
    "cpuMs": "CPU, ms each",
    "memoryMiB": "memory growth, MiB",
}
_FIGURES_OF_DISK = {"diskMiB": "MiB", "bytes": "bytes per connection", "logMiB": "write-ahead log, MiB"}
_FIGURES_OF_INSTALLATION = {"packages": "packages", "megabytes": "MB"}


def table(rows: Iterable[Row], cells: Mapping[Cell, Figures]) -> Iterator[str]:
    """Give the lines of the one table."""
    over = f"{'SDK'.center(_WIDTH * len(SDK), '─')}{'plain client'.center(_WIDTH * len(PLAIN), '─')}"
    yield " " * (_TITLE_WIDTH + _WIDTH) + over
    yield " " * _TITLE_WIDTH + "".join(HEADINGS[column].rjust(_WIDTH) for column in _COLUMNS)
    for row in rows:
        yield from _block(row.name, f"{row.title} (each: a {row.unit})", _figures_of(row), cells)
    yield from _block("installed", "installed", _FIGURES_OF_INSTALLATION, cells)


def _figures_of(row: Row) -> Mapping[str, str]:
    if row.distance != NEAR:
        return _FIGURES_FROM_AFAR
    if row.name in {"import", "start"}:
        return _FIGURES_OF_IMPORT
    return _FIGURES_OF_WAITING if row.unit == "session" else _FIGURES


def of_links(cells: Mapping[Cell, Figures]) -> Iterator[str]:
    """Give the lines of the table of tokens that are asked for."""
    yield " " * _TITLE_WIDTH + "".join(HEADINGS[column].rjust(_WIDTH) for column in SDK)
    for row in LINKS:
        yield from _block(row.name, f"{row.title}, 16 at once", _FIGURES, cells, SDK)


def at_scale(columns: Sequence[str], cells: Mapping[Cell, Figures]) -> Iterator[str]:
    """Give the lines of the table of connections."""
    yield " " * _TITLE_WIDTH + "".join(column.rjust(_WIDE) for column in columns)
    for name, title in CALLS.items():
        yield from _block(name, title, _FIGURES_AT_SCALE, cells, columns, _WIDE)
    yield from _block(DISK, "on disk in the end", _FIGURES_OF_DISK, cells, columns, _WIDE)


def _block(  # noqa: PLR0913, PLR0917 - what is shown, and how
    name: str,
    title: str,
    figures: Mapping[str, str],
    cells: Mapping[Cell, Figures],
    columns: Sequence[str] = _COLUMNS,
    width: int = _WIDTH,
) -> Iterator[str]:
    yield title
    for figure, meaning in figures.items():
        values = [cells.get((name, column), {}).get(figure) for column in columns]
        if any(value is not None for value in values):
            shown = "".join(("-" if value is None else number(value)).rjust(width) for value in values)
            yield f"  {meaning}".ljust(_TITLE_WIDTH) + shown


def parts(floors: Mapping[str, Figures]) -> Iterator[str]:
    """Give the lines of what floors are made of."""
    yield "parts of floors".ljust(_TITLE_WIDTH) + "per second".rjust(_WIDTH) + "CPU, ms".rjust(_WIDTH)
    for name, figures in floors.items():
        shown = number(figures["rate"]).rjust(_WIDTH) + number(figures["cpuMs"]).rjust(_WIDTH)
        yield f"  {name}".ljust(_TITLE_WIDTH) + shown


def verdicts(goals: Iterable[Goal], cells: Mapping[Cell, Figures]) -> Iterator[str]:
    """Give a line for each goal that was measured."""
    for goal in goals:
        value = goal.value(cells)
        if value is not None:
            word = "reached" if goal.reached_by(value) else "missed "
            sign = "≥" if goal.at_least else "≤"
            yield f"  {word} {number(value).rjust(9)} {sign} {number(goal.bound).ljust(7)} {goal.sentence}"


def number(value: float) -> str:
    """Give three digits that count."""
    if abs(value) < _NOTHING or value == int(value) or abs(value) >= _WHOLE:
        return f"{value:,.0f}"
    return f"{value:.3g}"
