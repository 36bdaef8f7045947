"""Any number of people is brought in, of whom few are in memory at once."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Iterator
from typing import Any, Callable

import digime_sdk
import pytest
from flavours import FLAVOURS, Flavour
from stores import SimpleStore

PKB = {
    "client_id": "an-app",
    "client_secret": "a-secret",
    "redirect_uri": "http://127.0.0.1/return",
    "environment": "sandbox",
    "encryption_key": "07" * 32,
}
"""Nothing is asked of PKB here."""


def linked(number: int) -> dict[str, Any]:
    tokens = {"access_token": f"access-{number}", "refresh_token": f"refresh-{number}", "expires_at": 4_102_444_800_000}
    return {"app_user_id": f"user-{number}", "public_id": f"public-{number}", "tokens": tokens}


OnRow = Callable[[int], object]


def rows(count: int, on_row: OnRow = bool) -> Iterator[dict[str, Any]]:
    for number in range(count):
        on_row(number)
        yield linked(number)


async def later(count: int, on_row: OnRow = bool) -> AsyncIterator[dict[str, Any]]:
    for row in rows(count, on_row):
        yield row


KINDS: dict[str, tuple[Flavour, Callable[..., Any]]] = {
    "asyncio, later": (FLAVOURS["asyncio"], later),
    "asyncio": (FLAVOURS["asyncio"], rows),
    "blocking": (FLAVOURS["blocking"], rows),
}


class Place:
    """An SDK with a store, and what gives people to it."""

    def __init__(self, kind: str) -> None:
        self.flavour, self.given = KINDS[kind]
        self.store = SimpleStore()
        self.sdk = self.flavour.init_pkb(**PKB, store=self.store)

    def imported(self, links: object) -> Any:
        return self.flavour.call(self.sdk.import_links, links=links)


@pytest.fixture(params=KINDS)
def place(request: pytest.FixtureRequest) -> Place:
    return Place(request.param)


def test_no_more_are_taken_than_are_written_in_one_step(place: Place) -> None:
    ahead: list[int] = []
    done = place.imported(place.given(1234, lambda number: ahead.append(number - len(place.store.links))))
    assert done == {"imported": 1234, "present": 0, "refused": []}
    assert max(ahead) == 499
    assert place.imported(place.given(1235)) == {"imported": 1, "present": 1234, "refused": []}


def test_what_is_raised_goes_through_as_it_is_and_who_came_before_stays(place: Place) -> None:
    lost = OSError("the connection to the old database is lost")

    def fail(number: int) -> None:
        if number == 700:
            raise lost

    with pytest.raises(OSError, match="old database") as raised:
        place.imported(place.given(1234, fail))
    assert raised.value is lost
    assert len(place.store.links) == 500
    done = place.imported(place.given(1234))
    assert (done["imported"], done["present"]) == (734, 500)


@pytest.mark.parametrize(
    ("unfit", "where"),
    [({"public_id": 7}, "public_id"), ({"public_id": object()}, "public_id"), ({"tokens": {}}, "tokens.access_token")],
)
def test_who_is_unfit_is_told_by_their_place(place: Place, unfit: dict[str, Any], where: str) -> None:
    people = [linked(number) for number in range(624)]
    people[623].update(unfit)
    for links in (iter(people), people):
        with pytest.raises(digime_sdk.TypeValidationError) as raised:
            place.imported(links)
        assert raised.value.path == f"options.links[623].{where}"


def test_what_is_no_list_and_cannot_be_iterated_over_is_refused(place: Place) -> None:
    for links in ({"0": linked(1)}, "user-1", None, 7):
        with pytest.raises(digime_sdk.TypeValidationError) as raised:
            place.imported(links)
        assert raised.value.path == "options.links"


def test_plain_code_says_that_it_cannot_wait_for_what_comes_later() -> None:
    with pytest.raises(digime_sdk.TypeValidationError, match="only the SDKs for asyncio"):
        Place("blocking").imported(later(1))


def test_a_task_that_is_cancelled_cancels_what_gives_the_next_person() -> None:
    left: list[bool] = []

    async def silent(asked: asyncio.Event) -> AsyncIterator[dict[str, Any]]:
        yield linked(1)
        asked.set()
        try:
            await asyncio.Event().wait()
        except asyncio.CancelledError:
            left.append(True)
            raise

    async def main() -> None:
        asked = asyncio.Event()
        task = asyncio.ensure_future(Place("asyncio").sdk.import_links(links=silent(asked)))
        await asked.wait()
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
        assert left == [True]

    asyncio.run(main())


@pytest.mark.parametrize("kind", KINDS)
def test_a_function_is_none_of_what_can_be_iterated_over_and_is_not_called(kind: str) -> None:
    place = Place(kind)
    called: list[int] = []
    with pytest.raises(digime_sdk.TypeValidationError, match=r"options\.links: cannot iterate over a function"):
        place.imported(called.append)
    assert called == []
