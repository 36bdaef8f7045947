"""Measures the SDK beside what its work must cost and what plain clients cost, in one run on one machine, and tells.

The programs come from the environment, as in the tests: DIGIME_BENCH_BIN, DIGIME_SDK_NODE.
"""

from __future__ import annotations

import json
import os
import sys
from argparse import ArgumentParser, Namespace
from pathlib import Path

from columns import FLOOR, SIZES, Programs
from distances import DISTANCES, announced_at
from figures import Figures, FloorsOfRound, Raw, of_floor, of_rounds, parts_of_floor
from goals import Cell, goals
from installation import installations
from links import LINKS, asked
from machine import in_words, machine
from programs import ProgramFailedError, measured, serving
from rows import LARGE_MEBIBYTES, QUICK_LARGE_MEBIBYTES, ROWS, Row
from scale import CONNECTIONS, QUICK_SIZE, scaled
from table import at_scale, of_links, parts, table, verdicts

RESULTS = Path(__file__).resolve().parents[2] / "build/bench.json"


def main() -> int:
    """Run the bench; give the exit code."""
    flags = _flags()
    programs = Programs(flags.bench.resolve(), flags.node, flags.sdk_node.resolve(), flags.python)
    rows = [row for row in ROWS if not flags.only or {row.name, row.distance} & set(flags.only)]
    floors: dict[str, Figures] = {}
    cells: dict[Cell, Figures] = {}
    try:
        if rows:
            floors, cells = _run(programs, rows, flags.rounds, quick=flags.quick)
            cells |= {("installed", column): figures for column, figures in installations(programs).items()}
        links = {}
        if not flags.only or LINKS in flags.only:
            links = asked(programs, flags.rounds, _tell, quick=flags.quick)
        kept = {} if flags.only and CONNECTIONS not in flags.only else scaled(programs.bench, flags.connections, _tell)
    except ProgramFailedError as error:
        print(f"failed: {error}", file=sys.stderr)
        return 1
    print(f"{in_words(machine())}\n")
    if rows:
        print("\n".join([*table(rows, cells), "", *(parts(floors) if floors else ()), ""]))
    if links:
        print("\n".join([*of_links(links), ""]))
    if kept:
        print("\n".join(at_scale(list(dict.fromkeys(column for _, column in kept)), kept)))
    cells |= links | kept
    if flags.quick:
        print(f"\nEvery one of {len(cells)} cells has its figures. At these sizes they mean nothing.")
        return 0
    print("\n".join(["\ngoals", *verdicts(goals(), cells)]))
    _write(floors, cells)
    return 0


def _flags() -> Namespace:
    parser = ArgumentParser(description=__doc__)
    for name, variable in (("--bench", "DIGIME_BENCH_BIN"), ("--sdk-node", "DIGIME_SDK_NODE")):
        place = os.environ.get(variable)
        parser.add_argument(name, type=Path, default=place, required=place is None, help=f"default: {variable}")
    parser.add_argument("--node", default="node", help="the Node.js to run the columns of Node")
    parser.add_argument("--python", default=sys.executable, help="a Python with the SDK and python/requirements.txt")
    parser.add_argument("--rounds", type=int, default=3, help="how often all is measured; the medians are shown")
    parser.add_argument(
        "--only",
        action="append",
        choices=[*(row.name for row in ROWS), *DISTANCES, LINKS, CONNECTIONS],
        help="only this row, or those of this distance; repeatable",
    )
    parser.add_argument(
        "--connections", type=int, action="append", metavar="N", help="how many a store has; repeatable (10,000)"
    )
    parser.add_argument("--quick", action="store_true", help="tiny sizes, once: shows only that everything runs")
    flags = parser.parse_args()
    flags.connections = [QUICK_SIZE] if flags.quick else flags.connections or [SIZES[0]]
    if flags.quick:
        flags.rounds = 1
    return flags


def _run(
    programs: Programs, rows: list[Row], rounds: int, *, quick: bool
) -> tuple[dict[str, Figures], dict[Cell, Figures]]:
    large = ["--large-mebibytes", str(QUICK_LARGE_MEBIBYTES if quick else LARGE_MEBIBYTES)]
    stock = ["--files", "3"] if quick else []
    sizes = ["--count", "3", "--mebibytes", "1"] if quick else []
    floors: list[FloorsOfRound] = []
    raws: dict[Cell, list[Raw]] = {}
    with serving([str(programs.bench), "serve", *large, *stock]) as announced:
        for turn in range(rounds):
            if any(row.floor for row in rows):
                floors.append(measured([str(programs.bench), "floors", *large, *sizes], announced))
            for row in rows:
                for column in row.columns:
                    _tell(f"{turn + 1}/{rounds} {row.name} {column}")
                    command = programs.command(column, row.work, row.size_for(column, quick=quick))
                    raws.setdefault((row.name, column), []).extend(
                        measured(command, announced_at(row.distance, announced))
                        for _ in range(1 if quick else row.processes)
                    )
    _tell("")
    made_of = parts_of_floor(floors)
    cells = {cell: of_rounds(of_cell) for cell, of_cell in raws.items()}
    cells |= {(row.name, FLOOR): of_floor(row, made_of) for row in rows if row.floor}
    return made_of, cells


def _tell(progress: str) -> None:
    if sys.stderr.isatty():
        print(f"\r\033[K{progress}", end="", file=sys.stderr, flush=True)


def _write(floors: dict[str, Figures], cells: dict[Cell, Figures]) -> None:
    by_row: dict[str, dict[str, Figures]] = {}
    for (row, column), figures in cells.items():
        by_row.setdefault(row, {})[column] = figures
    reached = {}
    for goal in goals():
        value = goal.value(cells)
        if value is not None:
            bound = {"atLeast" if goal.at_least else "atMost": goal.bound}
            reached[goal.sentence] = {"value": value, **bound, "reached": goal.reached_by(value)}
    results = {"machine": machine(), "floors": floors, "rows": by_row, "goals": reached}
    RESULTS.parent.mkdir(exist_ok=True)
    RESULTS.write_text(json.dumps(results, indent=2) + "\n")


if __name__ == "__main__":
    sys.exit(main())
