"""What is to be reached, as ratios within one run."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import pairwise

from columns import (
    ASYNCIO,
    BLOCKING,
    FLOOR,
    HEADINGS,
    NODE,
    NODE_PLAIN,
    POSTGRES,
    PYTHON_PLAIN,
    PYTHON_PLAIN_KEY,
    RUST,
    SDK,
    SIZES,
    STORES,
    of_size,
)
from distances import FAR
from figures import Figures

Cell = tuple[str, str]
"""A row and a column."""


@dataclass(frozen=True)
class Goal:
    """A bound on a figure of a cell, or on its ratio to or difference from the same figure of another."""

    sentence: str
    figure: str
    cell: Cell
    bound: float
    of: Cell | None = None
    minus: Cell | None = None
    at_least: bool = False

    def value(self, cells: Mapping[Cell, Figures]) -> float | None:
        """Give what is to be compared with the bound; none if it was not measured."""
        try:
            figure = cells[self.cell][self.figure]
            if self.of:
                return figure / cells[self.of][self.figure]
            return figure - cells[self.minus][self.figure] if self.minus else figure
        except KeyError:
            return None

    def reached_by(self, value: float) -> bool:
        """Whether the value is within the bound."""
        return value >= self.bound if self.at_least else value <= self.bound


def goals() -> Iterator[Goal]:
    """Give them all."""
    yield from _calls()
    yield from _reading()
    yield from _streams()
    yield from _installation()
    yield from _linear()
    yield from _far()
    yield from _at_scale()
    yield from _links()


_CALLS = (("push", "push"), ("push16", "push, 16 at once"), ("exchange", "exchange"))


_ALONE = {RUST: 1.15, NODE: 1.35, ASYNCIO: 1.35, BLOCKING: 1.15}


def _calls() -> Iterator[Goal]:
    for column in SDK:
        for row, title in _CALLS:
            sentence = f"{_in(column)} CPU per {title}, of the floor"
            bound = 1.3 if row == "push16" else _ALONE[column]
            yield Goal(sentence, "cpuMs", (row, column), bound, of=(row, FLOOR))
            if row != "push16":
                sentence = f"{_in(column)} time per {title}, of the floor"
                yield Goal(sentence, "eachMs", (row, column), 1.5, of=(row, FLOOR))
    for row, title in _CALLS:
        sentence = f"Node: CPU per {title}, of the plain client"
        yield Goal(sentence, "cpuMs", (row, NODE), 1 / 3, of=(row, NODE_PLAIN))
    sentence = "Node: pushes per second with 16 at once, of the plain client"
    yield Goal(sentence, "rate", ("push16", NODE), 3, of=("push16", NODE_PLAIN), at_least=True)
    for row in ("push", "push16"):
        sentence = f"asyncio: rate of {row}, of the plain client with a PEM"
        yield Goal(sentence, "rate", (row, ASYNCIO), 10, of=(row, PYTHON_PLAIN), at_least=True)
    sentence = "asyncio: rate of push16, of the plain client with a parsed key (on par, within the noise)"
    yield Goal(sentence, "rate", ("push16", ASYNCIO), 0.9, of=("push16", PYTHON_PLAIN_KEY), at_least=True)
    sentence = "asyncio: longest delay of the event loop in push16, ms"
    yield Goal(sentence, "delayMaxMs", ("push16", ASYNCIO), 25)
    sentence = "blocking: rate of push16 with 16 threads, of Rust"
    yield Goal(sentence, "rate", ("push16", BLOCKING), 0.8, of=("push16", RUST), at_least=True)


def _reading() -> Iterator[Goal]:
    sentence = "Node: CPU per file of 300, of the plain client"
    yield Goal(sentence, "cpuMs", ("read300", NODE), 0.5, of=("read300", NODE_PLAIN))
    for column in (NODE, ASYNCIO):
        sentence = f"{_in(column)} cores in use while 300 files are read"
        yield Goal(sentence, "cores", ("read300", column), 1.5, at_least=True)
        for row, title in (("read300", "300 files"), ("large", "a file of 512 MiB")):
            sentence = f"{_in(column)} longest delay of the event loop, {title}, ms"
            yield Goal(sentence, "delayMaxMs", (row, column), 25)
    for column in SDK:
        for figure, what, bound in (("lateMs", "how late files come", 0.4), ("lists", "requests", 2.5)):
            sentence = f"{_in(column)} {what} in sessions of up to 5 s, of those with an interval of 3 s"
            yield Goal(sentence, figure, ("waiting", column), bound, of=("waitingFixed", column))


def _streams() -> Iterator[Goal]:
    for row in ("upload", "download"):
        for column, plain in ((NODE, NODE_PLAIN), (ASYNCIO, PYTHON_PLAIN), (BLOCKING, PYTHON_PLAIN)):
            sentence = f"{_in(column)} MiB/s of {row}, of the plain client"
            yield Goal(sentence, "rate", (row, column), 1.6, of=(row, plain), at_least=True)
            bound = 1 / 2 if row == "download" else 2 / 3
            sentence = f"{_in(column)} CPU per MiB of {row}, of the plain client"
            yield Goal(sentence, "cpuMs", (row, column), bound, of=(row, plain))
        for column in SDK:
            yield Goal(f"{_in(column)} memory growth of {row}, MiB", "memoryMiB", (row, column), 16)
    for column in (NODE, ASYNCIO, BLOCKING):
        sentence = f"{_in(column)} KiB per chunk of download"
        yield Goal(sentence, "chunkKiB", ("download", column), 256, at_least=True)


def _installation() -> Iterator[Goal]:
    for column, bound in ((NODE, 0.020), (ASYNCIO, 0.060), (BLOCKING, 0.060)):
        yield Goal(f"{_in(column)} import, s", "seconds", ("import", column), bound)
    for column, plain, bound in (
        (NODE, NODE_PLAIN, 0.2),
        (ASYNCIO, PYTHON_PLAIN, 0.5),
        (BLOCKING, PYTHON_PLAIN, 0.5),
    ):
        sentence = f"{_in(column)} time from nothing to the first answer, of the plain client"
        yield Goal(sentence, "seconds", ("start", column), bound, of=("start", plain))
    for column in SDK:
        yield Goal(f"{_in(column)} CPU per init, of a signature", "cpuMs", ("init", column), 0.5, of=("init", FLOOR))
    yield Goal("Node: packages installed", "packages", ("installed", NODE), 2)
    yield Goal("Node: installed, MB", "megabytes", ("installed", NODE), 8)


def _linear() -> Iterator[Goal]:
    for column in SDK:
        for row, tenth in (("read300", "read30"), ("read3000", "read300")):
            sentence = f"{_in(column)} time of {row}, of {tenth}"
            yield Goal(sentence, "seconds", (row, column), 11, of=(tenth, column))
        sentence = f"{_in(column)} memory growth of read3000 beyond that of read300, MiB"
        yield Goal(sentence, "memoryMiB", ("read3000", column), 16, minus=("read300", column))


_FROM_AFAR = {
    "cold": "authorising and exchanging in a fresh process",
    "callback": "exchanging in a fresh process",
    "push": "a push of 16 KiB",
    "document": "a push of 8 MiB",
    "read300": "a file of 300",
    "documents30": "a file of 8 MiB of 30",
    "upload": "an upload",
    "download": "a download",
    "search": "a page of a search",
}
_EARLIER = {NODE: 0.75, ASYNCIO: 0.75, BLOCKING: 0.75}
_FASTER_FROM_AFAR = {"cold": _EARLIER, "callback": _EARLIER, "read300": {NODE: 0.6}}


def _far() -> Iterator[Goal]:
    for distance, version in FAR.items():
        for column, plain in ((NODE, NODE_PLAIN), (ASYNCIO, PYTHON_PLAIN), (BLOCKING, PYTHON_PLAIN)):
            begun = f"{_in(column)} from afar over {version},"
            for work, title in _FROM_AFAR.items():
                row = f"{distance}-{work}"
                bound = _FASTER_FROM_AFAR.get(work, {}).get(column, 1)
                sentence = f"{begun} time of {title}, of the plain client"
                yield Goal(sentence, "eachMs", (row, column), bound, of=(row, plain))
            row = f"{distance}-documents30"
            sentence = f"{begun} memory growth of 30 files of 8 MiB, of the plain client"
            yield Goal(sentence, "memoryMiB", (row, column), 1, of=(row, plain))
        for column in SDK:
            begun = f"{_in(column)} from afar over {version}, memory growth of"
            for work in ("upload", "download"):
                yield Goal(f"{begun} {work}, MiB", "memoryMiB", (f"{distance}-{work}", column), 16)
            near, sentence = ("read300", column), f"{begun} 300 files beyond that from near, MiB"
            yield Goal(sentence, "memoryMiB", (f"{distance}-read300", column), 16, minus=near)


_ONE, _ALL = ("get", "token", "find"), ("list", "rotateAll")


def _at_scale() -> Iterator[Goal]:
    fewest = SIZES[0]
    for store in STORES:
        for more in SIZES[1:]:
            for row in _ONE:
                sentence = f"{store}: time of {row} with {more:,} connections, of that with {fewest:,}"
                cell, of = (row, of_size(store, more)), (row, of_size(store, fewest))
                yield Goal(sentence, "medianMs", cell, 1.2, of=of)
        for less, more in pairwise(SIZES):
            for row in _ALL:
                sentence = f"{store}: time of {row} with {more:,} connections, of that with {less:,}"
                cell, of = (row, of_size(store, more)), (row, of_size(store, less))
                yield Goal(sentence, "seconds", cell, 11, of=of)
        for column in (of_size(store, connections) for connections in SIZES):
            for row in _ALL:
                yield Goal(f"{column}: memory growth of {row}, MiB", "memoryMiB", (row, column), 32)
            sentence = f"{column}: rate of rotateKeys, of the same one by one"
            yield Goal(sentence, "rate", ("rotateAll", column), 5, of=("rotateEach", column), at_least=True)
    for column in (of_size(POSTGRES, connections) for connections in SIZES):
        sentence = f"{column}: rate of importConnections, of importConnection"
        yield Goal(sentence, "rate", ("importAll", column), 20, of=("importEach", column), at_least=True)


def _links() -> Iterator[Goal]:
    for column in SDK[1:]:
        for row, what, bound in (("links", "", 0.9), ("linksCached", " with cacheTokensFor", 5)):
            sentence = f"{_in(column)} rate of getAccessToken{what} over PostgreSQL, of a plain SELECT"
            yield Goal(sentence, "rate", (row, column), bound, of=("select", column), at_least=True)


def _in(column: str) -> str:
    return f"{HEADINGS[column]}:"
