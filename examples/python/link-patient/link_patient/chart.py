"""A line chart of measurements: where everything is on it, and what it says to those who do not see it."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta, timezone

from .kinds import Kind
from .observations import Measurement

_DAY = timedelta(days=1)
_X_TICKS = 5


@dataclass(frozen=True)
class Plot:
    """Where the lines are, in the units of the picture; around them is room for labels."""

    left: float = 56
    right: float = 712
    top: float = 44
    bottom: float = 276


_PLOT = Plot()


@dataclass(frozen=True)
class Tick:
    """A place on an axis."""

    at: float
    label: str


@dataclass(frozen=True)
class Dot:
    """A measurement on a line."""

    x: float
    y: float
    label: str


@dataclass(frozen=True)
class Line:
    """A line with its name."""

    name: str
    dots: list[Dot]


@dataclass(frozen=True)
class Chart:
    """All that is to be drawn, and a description of it."""

    plot: Plot
    x_ticks: list[Tick]
    y_ticks: list[Tick]
    lines: list[Line]
    description: str


def chart_of(kind: Kind, measurements: Sequence[Measurement]) -> Chart:
    """Draw at least one measurement, the oldest first."""
    x, x_ticks = _time_axis(measurements[0].taken_at, measurements[-1].taken_at)
    y, y_ticks = _value_axis([value for each in measurements for value in each.values])
    lines = [
        Line(
            part.name,
            [
                Dot(
                    x(each.taken_at.timestamp()),
                    y(each.values[index]),
                    f"{day_of(each.taken_at)}: {each.values[index]:g} {kind.unit}",
                )
                for each in measurements
            ],
        )
        for index, part in enumerate(kind.parts)
    ]
    return Chart(_PLOT, x_ticks, y_ticks, lines, _describe(kind, measurements))


def day_of(moment: datetime) -> str:
    """Give the day of a moment, in UTC."""
    return moment.astimezone(timezone.utc).date().isoformat()


def _time_axis(first: datetime, last: datetime) -> tuple[Callable[[float], float], list[Tick]]:
    # A line of one point is in the middle.
    start, end = (first - _DAY, last + _DAY) if first == last else (first, last)
    x = _scale(start.timestamp(), end.timestamp(), _PLOT.left, _PLOT.right)
    ticks = [start + (end - start) * index / (_X_TICKS - 1) for index in range(_X_TICKS)]
    return x, [Tick(x(moment.timestamp()), day_of(moment)) for moment in ticks]


def _value_axis(values: Sequence[float]) -> tuple[Callable[[float], float], list[Tick]]:
    low, high = min(values), max(values)
    step, decimals = _step_for((high - low or 1) / 4)
    first = math.floor(low / step)
    last = max(math.ceil(high / step), first + 1)
    y = _scale(first * step, last * step, _PLOT.bottom, _PLOT.top)
    ticks = [number * step for number in range(first, last + 1)]
    return y, [Tick(y(value), f"{value:.{decimals}f}") for value in ticks]


def _step_for(least: float) -> tuple[float, int]:
    """Give the next larger 1, 2 or 5 of a power of ten, and how many decimals its multiples have."""
    power = 10.0 ** math.floor(math.log10(least))
    step = power * next((factor for factor in (1, 2, 5) if factor * power >= least), 10)
    return step, max(0, -math.floor(math.log10(step)))


def _scale(start: float, end: float, at_start: float, at_end: float) -> Callable[[float], float]:
    """Give where values are in the picture, rounded to what can be seen."""
    return lambda value: round(at_start + (value - start) / (end - start) * (at_end - at_start), 1)


def _describe(kind: Kind, measurements: Sequence[Measurement]) -> str:
    days = [day_of(each.taken_at) for each in measurements]
    sentences = [f"Measured {len(days)} times, from {days[0]} to {days[-1]}."]
    for index, part in enumerate(kind.parts):
        values = [each.values[index] for each in measurements]
        span = f"from {min(values):g} to {max(values):g} {kind.unit}"
        sentences.append(f"{part.name}: {span}, the latest {values[-1]:g}.")
    return " ".join(sentences)
