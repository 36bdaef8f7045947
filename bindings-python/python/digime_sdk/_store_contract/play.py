"""One run of the check: operations, one after the other, and after each a look at what has become of the store."""

from __future__ import annotations

import itertools
from typing import Optional

from .database import Database
from .instances import Instances, shown
from .looks import Looks
from .model import Model
from .operations import INSTANCES, Listing, Put, PutAttempt, PutLink, Remove, RemoveAttempts, expected_version
from .records import IDS, Record, attempt, before, link, spelled, version_of

_FOR_EVER = 100


class Play:
    """A run, with its model."""

    def __init__(self, instances: Instances, platforms: tuple[str, str], database: Optional[Database]) -> None:
        self.model = Model()
        self.looks = Looks(instances, self.model, platforms)
        self.database = database
        self._platforms = platforms
        self._marks = itertools.count()

    def platform(self, index: int) -> str:
        """Give a platform of this run."""
        return self._platforms[index]

    def link(self, operation: Put, key: int, current: Optional[Record]) -> Record:
        """Make a link as an operation says, which is none that there was."""
        self.model.asked_for.add((self.platform(operation.platform), IDS[key]))
        return link(
            self.platform(operation.platform),
            IDS[key],
            f"public-{operation.public_id}",
            shares=operation.shares,
            later=operation.later,
            version=current["version"] + 1 if current else operation.first,
            mark=next(self._marks),
        )

    def attempt(self, operation: Put, current: Optional[Record]) -> Record:
        """Make an attempt."""
        self.model.asked_for.add((self.platform(operation.platform), IDS[operation.key]))
        return attempt(
            self.platform(operation.platform),
            IDS[operation.key],
            expires_at=operation.expires_at,
            later=operation.later,
            version=current["version"] + 1 if current else operation.first,
            mark=next(self._marks),
        )

    async def change(self, by: int, method: str, told: Record, right: bool, promise: str) -> None:
        """Make a change whose answer is known beforehand."""
        answer = await self.looks.ask(by, method, told)
        call = shown(by, method, told)
        self.looks.calls.append(f"{call} -> {answer!r}")
        if not isinstance(answer, bool):
            raise self.looks.broken("works", f"{call} answered {answer!r}, which is neither True nor False.")
        if answer is not right:
            raise self.looks.broken(promise, f"{call} answered {answer}, and should have answered {right}.")

    async def put(self, operation: PutLink) -> None:
        """Write a link, as the operation says."""
        platform, key = self.platform(operation.platform), IDS[operation.key]
        current = self.model.link(platform, key)
        record = self.link(operation, operation.key, current)
        expected = expected_version(operation.expectation, version_of(current))
        fits, taken = expected == version_of(current), self.model.is_in_the_way(record)
        right = fits and not taken
        told = {"link": record, "expected_version": expected}
        await self.change(operation.by, "put_link", told, right, "public_id" if fits and taken else "version")
        if right:
            self.model.write(record)
        await self._changed(operation.by, platform, key, right, current, record)

    async def remove(self, operation: Remove) -> None:
        """Remove a link, as the operation says."""
        platform, key = self.platform(operation.platform), IDS[operation.key]
        current = self.model.link(platform, key)
        # Of what there is not, no version is right.
        expected = expected_version(operation.expectation, version_of(current)) or 1
        right = expected == version_of(current)
        told = {"platform": platform, "app_user_id": key, "expected_version": expected}
        await self.change(operation.by, "remove_link", told, right, "version")
        if right:
            self.model.remove(platform, key)
        await self._changed(operation.by, platform, key, right, current)

    async def _changed(self, by: int, platform: str, key: str, right: bool, *records: Optional[Record]) -> None:
        """Look at a link that was changed, by its id, its public ids, that before included, and among the others."""
        await self.looks.link(platform, key, by, "written" if right else "refused")
        for public_id in {record["public_id"]: None for record in records if record is not None}:
            await self.looks.found((by + 1) % INSTANCES, platform, public_id)
        await self.looks.lists((by + 2) % INSTANCES, "apart")

    async def put_attempt(self, operation: PutAttempt) -> None:
        """Write an attempt, as the operation says."""
        platform, key = self.platform(operation.platform), IDS[operation.key]
        current = self.model.attempt(platform, key)
        record = self.attempt(operation, current)
        expected = expected_version(operation.expectation, version_of(current))
        right = expected == version_of(current)
        told = {"attempt": record, "expected_version": expected}
        await self.change(operation.by, "put_attempt", told, right, "version")
        if right:
            self.model.write_attempt(record)
        await self.looks.attempt(platform, key, operation.by, "written" if right else "refused")

    async def remove_attempts(self, operation: RemoveAttempts) -> None:
        """Remove attempts, as the operation says."""
        platform, time = self.platform(operation.platform), before(operation.expires_at)
        told = {"platform": platform, "expired_before": time, "app_user_id": operation.app_user_id}
        await self.looks.ask(operation.by, "remove_attempts", told)
        self.looks.calls.append(shown(operation.by, "remove_attempts", told))
        known = list(self.model.attempts)
        self.model.remove_attempts(platform, time, operation.app_user_id)
        for key in known:
            await self.looks.attempt(*key, operation.by, "expired")

    async def list_pages(self, operation: Listing) -> None:
        """Read all pages, from each link on, and once from one that is removed meanwhile."""
        platform, by = self.platform(operation.platform), operation.by
        await self.looks.lists(by, "listed")
        given = await self.looks.records(by, "list_links", {"platform": platform, "after": "", "limit": 100})
        order = [spelled(each)["app_user_id"] for each in given]
        for index, after in enumerate(["", *order]):
            await self._page(operation, by, after, order[index:], order)
        if not order:
            return
        removed = len(order) // 2
        version = version_of(self.model.link(platform, order[removed]))
        told = {"platform": platform, "app_user_id": order[removed], "expected_version": version}
        await self.change(by, "remove_link", told, True, "version")
        self.model.remove(platform, order[removed])
        await self._page(operation, (by + 1) % INSTANCES, order[removed], order[removed + 1 :], order)

    async def _page(self, operation: Listing, by: int, after: str, left: list[str], order: list[str]) -> None:
        told = {"platform": self.platform(operation.platform), "after": after, "limit": operation.limit}
        given = [spelled(each).get("app_user_id") for each in await self.looks.records(by, "list_links", told)]
        right = left[: operation.limit]
        if given != right:
            found = f"{shown(by, 'list_links', told)} gave {given}, and should have given {right}"
            raise self.looks.broken("listed", f"{found}: the order of all was {order}.")

    async def end(self) -> None:
        """Remove what is left, and look whether it is gone."""
        for (platform, key), record in list(self.model.links.items()):
            told = {"platform": platform, "app_user_id": key, "expected_version": record["version"]}
            await self.change(0, "remove_link", told, True, "version")
            self.model.remove(platform, key)
        for platform in self._platforms:
            told = {"platform": platform, "expired_before": before(_FOR_EVER), "app_user_id": None}
            await self.looks.ask(0, "remove_attempts", told)
            self.model.remove_attempts(platform, before(_FOR_EVER), None)
        await self.looks.everything(1, "fresh")
