"""Lets processes in all languages share links while a nemesis strikes at them, and judges the history of it.

`python -m torture.nemesis --seconds 1800 --seed SEED`, as root. The programs come from the environment, as elsewhere.
"""

from __future__ import annotations

import asyncio
import contextlib
import json
import os
import secrets
import shutil
import sys
import tempfile
import time
from argparse import ArgumentParser, Namespace
from dataclasses import asdict
from pathlib import Path
from random import Random

from debian import install
from postgres import programs

from torture.blackhole import Way
from torture.digime import CLOCKS_APART, DigiMe
from torture.outcome import Outcome
from torture.pkb import Pkb
from torture.platforms import Platform
from torture.relay import Relay
from torture.sandbox import sandbox
from torture.stores import PostgresSchema, Sqlite
from torture.worker_process import Kind

from .checker import Promise, judge
from .enclosure import ENCLOSED, NotPermittedError, enclose, packages, run, settle
from .history import History, Terms, read_calls
from .score import score
from .site import CALL_MS, LEASE_MS, Person, Place, Site
from .storm import Storm, Surroundings
from .succession import succession
from .upgrade import SCHEMA, file_of_version_1, rows_of_file, rows_of_schema, schema_of_version_1
from .wire import HOST, Wire

_SETTLING_S = 22.0
"""Until what the storm has broken is noticed: connections and statements have ten seconds each, and a lease four."""
_CALM_S = 8.0
_MARK_EVERY_S = 0.4
_DISK = "16m"
"""More than SQLite lets its log grow to before it takes it over into the file: full of that, it would stay full."""
_TOKENS_LAST_S = 25
_LINKERS = 100
"""The places from which people are linked begin with this."""


def main() -> int:
    """Run it; give the exit code."""
    flags = _flags()
    if not flags.enclosed:
        programs()
        if missing := packages():
            install(*missing)
        try:
            return enclose(["--seconds", str(flags.seconds), "--seed", flags.seed, "--histories", str(flags.histories)])
        except NotPermittedError as error:
            print(error, file=sys.stderr)
            return 2
    settle()
    shutil.rmtree(flags.histories, ignore_errors=True)
    flags.histories.mkdir(parents=True)
    print(f"seed {flags.seed}, {flags.seconds:g} s")
    outcome = asyncio.run(_run(flags.seed, flags.seconds, flags.histories))
    for promise in outcome.promises:
        print(f"  ✗ {promise.sentence}\n      {promise.breach}" if promise.breach else f"  ✓ {promise.sentence}")
    failed = sum(promise.breach is not None for promise in outcome.promises)
    if failed:
        print(f"the histories are in {flags.histories}; the same again: make nemesis NEMESIS_SEED={flags.seed}")
    print(f"\n{len(outcome.promises) - failed} passed, {failed} failed")
    return 1 if failed else 0


def _flags() -> Namespace:
    parser = ArgumentParser(prog="torture.nemesis", description=__doc__)
    parser.add_argument("--seconds", type=float, default=60, help="how long the storm lasts")
    parser.add_argument("--seed", default=secrets.token_hex(4), help="what chance begins with")
    parser.add_argument("--histories", type=Path, required=True, help="the folder that histories are kept in")
    parser.add_argument(ENCLOSED, action="store_true", help="not for people")
    return parser.parse_args()


async def _run(seed: str, seconds: float, histories: Path) -> Outcome:
    run("ip", "address", "add", f"{HOST}/32", "dev", "lo")
    disk = Path(tempfile.mkdtemp())
    run("mount", "-t", "tmpfs", "-o", f"size={_DISK}", "disk", disk)
    file = disk / "links.db"
    file_of_version_1(file)
    # From here on all are of this network, and end with it.
    os.environ["NO_PROXY"] = os.environ["no_proxy"] = "*"
    with succession() as servers, sandbox(os.environ["DIGIME_SANDBOX_BIN"], *CLOCKS_APART) as running:
        schema_of_version_1(servers.serving)
        before = rows_of_file(file), rows_of_schema(servers.serving)
        outcome = Outcome()
        async with contextlib.AsyncExitStack() as stack:
            way_to_store = await stack.enter_async_context(Way(servers.serving.port, HOST).open())
            way_to_platform = await stack.enter_async_context(Way(running.port, HOST).open())
            base_url = f"http://{HOST}:{way_to_platform.port}"
            pkb, digime = Pkb(running, base_url), DigiMe(running)
            relay = await stack.enter_async_context(Relay(pkb, digime, host=HOST).running())
            await pkb.set_modes({"accessTokenSeconds": _TOKENS_LAST_S})
            address = f"postgres://postgres@{HOST}:{way_to_store.port}/postgres?sslmode=disable"
            people = _people(pkb, digime)
            wires = [Wire(number, Random(f"{seed} wire {number}")) for number in range(2 * len(Kind))]
            places = [Place(number, kind, wires[number]) for number, kind in enumerate([*Kind, *Kind])]
            sites = [
                Site("PostgreSQL", PostgresSchema(address, SCHEMA), people[:3], places[: len(Kind)]),
                Site("SQLite", Sqlite(file), people[3:], places[len(Kind) :]),
            ]
            for site in sites:
                await site.open(relay, histories)
            within = Surroundings([pkb, digime], relay, servers, disk, way_to_store, way_to_platform.port)
            storm = Storm(sites, within)
            calm_from = await _take_place(storm, sites, seed, seconds)
        _promise_of_stores(
            outcome, sites, before, (rows_of_file(file), rows_of_schema(servers.serving)), Sqlite(file).flaw()
        )
    outcome.promise_none("the change of a key leaves nothing behind", storm.rotation_failures)
    outcome.promise_none("no process ends by itself", [each for site in sites for each in site.ended_by_themselves])
    history = _history(sites, storm, relay, calm_from)
    _write_down(history, histories)
    _judge(outcome, history, storm)
    return outcome


async def _take_place(storm: Storm, sites: list[Site], seed: str, seconds: float) -> float:
    """Have the storm, and the calm after it; give from when on all had to be well."""

    async def mark() -> None:
        while True:
            for site in sites:
                site.mark()
            await asyncio.sleep(_MARK_EVERY_S)

    beside = [asyncio.create_task(mark()), *(asyncio.create_task(site.look_after()) for site in sites)]
    try:
        await storm.rage(score(seed, seconds))
        await asyncio.sleep(_SETTLING_S)
        calm_from = time.monotonic()
        await storm.expire()
        await asyncio.sleep(_CALM_S)
        for site in sites:
            await site.close()
    finally:
        for task in beside:
            task.cancel()
    for done in await asyncio.gather(*beside, return_exceptions=True):
        if isinstance(done, Exception):
            raise done
    return calm_from


def _people(pkb: Pkb, digime: DigiMe) -> list[Person]:
    """Give three for each store."""
    bobby, morag, robin = range(3)
    who: list[tuple[str, Platform, int]] = [
        ("postgresql-1", pkb, bobby),
        ("postgresql-2", pkb, morag),
        ("postgresql-3", digime, 0),
        ("sqlite-1", pkb, robin),
        ("sqlite-2", pkb, bobby),
        ("sqlite-3", digime, 0),
    ]
    return [Person(*each, _LINKERS + number) for number, each in enumerate(who)]


def _promise_of_stores(
    outcome: Outcome,
    sites: list[Site],
    before: tuple[list[str], list[str]],
    after: tuple[list[str], list[str]],
    flaw: str | None,
) -> None:
    outcome.promise_equal("SQLite finds its file whole", flaw, None)
    for site, stood, stands in zip(reversed(sites), before, after):
        outcome.promise_equal(f"what version 1 has left in {site.name} stands there, to the letter", stands, stood)


def _history(sites: list[Site], storm: Storm, relay: Relay, calm_from: float) -> History:
    history = History(Terms(LEASE_MS / 1000, CALL_MS / 1000, calm_from))
    history.disturbances, history.presentations = storm.disturbances, relay.presentations
    history.expiries = storm.expiries
    for site in sites:
        history.sharing.append(frozenset(place.number for place in site.places))
        history.links += site.links
        history.losses += site.losses
        for place in site.places:
            for life, path in place.lives:
                history.lives.append(life)
                for written in [path, *path.parent.glob(f"{path.name}.*")]:
                    history.calls += read_calls(written, life)
    return history


def _write_down(history: History, folder: Path) -> None:
    """Keep what workers have not written: who wants to know why something was judged needs it."""
    told = {
        "disturbances": [
            {**asdict(each), "ill": each.ill.value, "places": sorted(each.places)} for each in history.disturbances
        ],
        "presentations": [asdict(each) for each in history.presentations],
        "lives": [asdict(each) for each in history.lives],
        "links": [asdict(each) for each in history.links],
        "losses": [asdict(each) for each in history.losses],
        "expiries": history.expiries,
    }
    (folder / "storm.json").write_text(json.dumps(told, indent=1))


def _judge(outcome: Outcome, history: History, storm: Storm) -> None:
    judgement = judge(history)
    for promise in Promise:
        outcome.promise_none(promise.value, judgement.breaches[promise])
    codes = sorted({call.code for call in history.calls if call.code})
    failed = {code: sum(call.code == code for call in history.calls) for code in codes}
    print(f"{len(history.calls)} calls of {len(history.lives)} processes; failed: {failed}")
    refreshes = [each for each in history.presentations if not each.is_code]
    print(f"{len(refreshes)} refresh tokens presented, {sum(each.is_granted for each in refreshes)} of them granted")
    print(f"{len(history.losses)} links lost; spent twice, and why: {_counted(judgement.explained) or 'none'}")
    print(f"strikes: {_counted(storm.counted)}")


def _counted(counted: object) -> str:
    return ", ".join(f"{what.value}: {times}" for what, times in counted.most_common())  # type: ignore[attr-defined]


if __name__ == "__main__":
    sys.exit(main())
