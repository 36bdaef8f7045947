"""Looks at a store through all its instances: whether it holds what it promises to."""

from __future__ import annotations

import asyncio
import inspect
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any, Optional

from .instances import Instances, in_time, shown
from .model import Model
from .operations import INSTANCES
from .promises import BrokenPromise
from .records import FILTERS, LATER, Record, brief, differences, lets_through, spelled

_ALL = 100
"""More links than there are."""


class Looks:
    """What is asked of a store in a run, and the changes so far, with their answers."""

    def __init__(self, instances: Instances, model: Model, platforms: tuple[str, str]) -> None:
        self.instances = instances
        self.model = model
        self.platforms = platforms
        self.calls: list[str] = []

    def broken(self, promise: str, found: str) -> BrokenPromise:
        """Make the error for a broken promise."""
        return BrokenPromise(promise, found, self.calls)

    async def ask(self, by: int, method: str, told: Record) -> Any:
        """Give what a method answers; there is no reason for it to fail."""
        try:
            if self.instances.is_blocking(by, method):
                answer = self.instances.call(by, method, told)
                # A function may give what an event loop has to wait for.
                return await answer if inspect.isawaitable(answer) else answer
            return await in_time(self.instances.ask(by, method, told), partial(shown, by, method, told), self.calls)
        except BrokenPromise:
            raise
        except Exception as error:
            found = f"{shown(by, method, told)} failed: {type(error).__name__}: {error}"
            raise self.broken("works", found) from error

    async def record(self, by: int, method: str, told: Record) -> Optional[object]:
        """Give the record that a method gives."""
        given = await self.ask(by, method, told)
        if given is None or isinstance(given, Mapping):
            return given
        found = f"{shown(by, method, told)} answered a {type(given).__name__}, which is no mapping and not None."
        raise self.broken("works", found)

    async def records(self, by: int, method: str, told: Record) -> Sequence[Any]:
        """Give the records that a method gives."""
        given = await self.ask(by, method, told)
        if isinstance(given, Sequence) and not isinstance(given, str):
            return given
        found = f"{shown(by, method, told)} answered a {type(given).__name__}, which is no sequence of records."
        raise self.broken("works", found)

    async def link(self, platform: str, app_user_id: str, by: int, otherwise: str) -> None:
        """Look for a link, or its absence, through all instances, that first which has changed it.

        `otherwise` is the promise that is broken where it is not so through that one.
        """
        expected = self.model.link(platform, app_user_id)
        await self._everywhere("get_link", {"platform": platform, "app_user_id": app_user_id}, expected, by, otherwise)

    async def attempt(self, platform: str, key: str, by: int, otherwise: str) -> None:
        """Look for an attempt, as for a link."""
        expected = self.model.attempt(platform, key)
        await self._everywhere("get_attempt", {"platform": platform, "id": key}, expected, by, otherwise)

    async def _everywhere(self, method: str, told: Record, expected: Optional[Record], by: int, otherwise: str) -> None:
        # What is not there is asked of one alone.
        count = INSTANCES if expected is not None else 1
        through = [(by + index) % INSTANCES for index in range(count)]
        given = await asyncio.gather(*(self.record(each, method, told) for each in through))
        faults = ((each, _misread(expected, record)) for each, record in zip(through, given))
        first = next(((each, fault) for each, fault in faults if fault is not None), None)
        if first is None:
            return
        each, fault = first
        is_late = each != by or await self._is_right_soon(method, told, expected, by)
        raise self.broken(
            "fresh" if is_late else (fault.promise or otherwise), f"{shown(each, method, told)} gave {fault.words}."
        )

    async def _is_right_soon(self, method: str, told: Record, expected: Optional[Record], by: int) -> bool:
        """Say whether an instance that has misread a record reads it after a moment."""
        for _ in range(5):
            await asyncio.sleep(0.03)
            if _misread(expected, await self.record(by, method, told)) is None:
                return True
        return False

    async def found(self, by: int, platform: str, public_id: str) -> None:
        """Look for all links with a public id."""
        expected = [link for link in self.model.links_of(platform) if link["public_id"] == public_id]
        told = {"platform": platform, "public_id": public_id}
        self._same(expected, await self.records(by, "find_links", told), "found", shown(by, "find_links", told))

    async def lists(self, by: int, otherwise: str) -> None:
        """Look whether the links of each platform are those that there should be."""
        for platform in self.platforms:
            told = {"platform": platform, "after": "", "limit": _ALL}
            given = await self.records(by, "list_links", told)
            self._same(self.model.links_of(platform), given, otherwise, shown(by, "list_links", told))
            if self.instances.has("filter_links"):
                for each in FILTERS:
                    await self._filters(by, platform, each)

    async def _filters(self, by: int, platform: str, chosen_by: Record) -> None:
        """Look for the links that a filter lets through, page by page."""
        links = self.model.links_of(platform)
        given: list[Any] = []
        told: Record = {"platform": platform, "filter": chosen_by, "after": "", "limit": 2}
        while page := await self.records(by, "filter_links", told):
            given.extend(page)
            if len(page) > told["limit"] or len(given) > len(links):
                raise self.broken("listed", f"{shown(by, 'filter_links', told)} gave more than it was asked for.")
            told = {**told, "after": spelled(page[-1]).get("app_user_id")}
        expected = [link for link in links if lets_through(chosen_by, link)]
        self._same(expected, given, "listed", shown(by, "filter_links", {**told, "after": ""}))

    async def everything(self, by: int, otherwise: str) -> None:
        """Look at everything that was ever written, or was to be."""
        keys = sorted(self.model.asked_for)
        await asyncio.gather(*(self.link(*key, by, otherwise) for key in keys))
        await asyncio.gather(*(self.attempt(*key, by, otherwise) for key in keys))
        await self.lists(by, otherwise)

    def _same(self, expected: list[Record], given: Sequence[Any], promise: str, call: str) -> None:
        left = {link["app_user_id"]: link for link in expected}
        known = set(left)
        for each in map(spelled, given):
            link = left.pop(each.get("app_user_id"), None)
            if link is None:
                how = "twice" if each.get("app_user_id") in known else "without reason"
                raise self.broken(promise, f"{call} gave {how} {brief(each)}.")
            fault = _misread(link, each)
            if fault is not None:
                raise self.broken(fault.promise or promise, f"{call} gave {fault.words}.")
        for link in left.values():
            raise self.broken(promise, f"{call} did not give {brief(link)}.")


@dataclass(frozen=True)
class _Fault:
    """What is wrong with a record, and which promise is broken, if that says so by itself."""

    words: str
    promise: Optional[str] = None


def _misread(expected: Optional[Record], given: Optional[object]) -> Optional[_Fault]:
    if expected is None:
        return None if given is None else _Fault(f"{brief(spelled(given))}, where there is nothing")
    if given is None:
        return _Fault(f"nothing, where there is {brief(expected)}")
    members = differences(expected, given)
    if not members:
        return None
    words = f"{brief(spelled(given))} for {brief(expected)}; what differs: {', '.join(members)}"
    is_dropped = all(name in LATER and name in expected for name in members)
    return _Fault(words, "members" if is_dropped else None)
