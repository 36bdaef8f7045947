"""That gateways may end connections: no call is lost that may be repeated, and no push is doubled."""

from __future__ import annotations

import asyncio
import socket
from collections import Counter
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass

import digime_sdk
import pytest
from digime_sdk import DigiMeSDKError, TransportError

from gate import LARGEST_BODY, Gate
from gateways import GATEWAYS
from gateways.authority import Certificate
from gateways.gateway import Gateway, Place, Setting
from sandbox import Sandbox

IDLE = 1
REQUESTS = 20
AROUND = (-0.1, -0.01, 0, 0.01, 0.1)
"""When calls are made: so many seconds after the moment at which a connection is closed that was not used."""
AT_ONCE = 8


class Calls:
    """Calls through a gateway as a new person, and what came of them."""

    def __init__(self, gate: Gate) -> None:
        """Make none yet."""
        self._sandbox = gate.sandbox
        self._person = Gate(gate.sandbox.origin, gate.sandbox).pusher()
        self._sdk = digime_sdk.init(**gate.configuration())
        self._arrived: set[str] = set()
        self.lost: list[TransportError] = []
        """Why pushes got no answer."""
        self._failed: list[DigiMeSDKError] = []

    async def read(self) -> None:
        """Make a call that may be repeated."""
        person = self._person
        try:
            await self._sdk.read_accounts(contract_details=person.contract, user_access_token=person.token)
        except DigiMeSDKError as error:
            self._failed.append(error)

    async def push(self, tag: str) -> None:
        """Push a file by whose tag it is known, which may be left without an answer."""
        try:
            await self._sdk.push_data(
                contract_details=self._person.contract,
                user_access_token=self._person.token,
                data={
                    "file_data": b"a letter",
                    "file_name": "letter.txt",
                    "file_descriptor": {"mime_type": "text/plain", "accounts": [{"account_id": "1"}], "tags": [tag]},
                },
            )
            self._arrived.add(tag)
        except TransportError as error:
            self.lost.append(error)
        except DigiMeSDKError as error:
            self._failed.append(error)

    def check(self) -> None:
        """Compare what the SDK says with what is there."""
        assert self._failed == []
        stored = Counter(push["fileDescriptor"]["tags"][0] for push in self._sandbox.pushed(self._person.user_id))
        assert stored.keys() >= self._arrived != set()
        assert set(stored.values()) == {1}


@dataclass(frozen=True)
class Idled:
    """What came of being idle."""

    calls: list[Calls]
    """Over each protocol."""
    closes: bool
    """Whether the gateway closes a connection that is not used any more."""


@pytest.fixture(scope="session")
def impatient(sandbox: Sandbox, trusted: Certificate) -> Iterator[dict[str, Place]]:
    """All gateways. They end a connection after a second without use, and after so many requests if they count them."""
    setting = Setting(sandbox.port, LARGEST_BODY, trusted, idle=IDLE, requests=REQUESTS)
    with ExitStack() as stack:
        yield {each.name: stack.enter_context(each.running(setting)) for each in GATEWAYS}


@pytest.fixture(scope="session")
def idled(impatient: dict[str, Place], sandbox: Sandbox) -> dict[str, Idled]:
    """Call around the moments at which connections are closed: through all gateways at once, since it takes time."""

    async def through(place: Place) -> Idled:
        calls = [Calls(Gate(origin, sandbox)) for origin in place.origins.values()]
        calling = asyncio.gather(*(around_the_moment(each) for each in calls))
        closed = await asyncio.to_thread(closes, place)
        await calling
        return Idled(calls, closed)

    async def through_all() -> list[Idled]:
        return await asyncio.gather(*(through(place) for place in impatient.values()))

    return dict(zip(impatient, asyncio.run(through_all())))


def test_calls_around_the_moment_at_which_their_connection_is_closed(gateway: Gateway, idled: dict[str, Idled]) -> None:
    assert idled[gateway.name].closes
    for calls in idled[gateway.name].calls:
        calls.check()


def test_calls_beyond_those_that_a_connection_serves(
    gateway: Gateway, impatient: dict[str, Place], sandbox: Sandbox
) -> None:
    for origin in impatient[gateway.name].origins.values():
        gate = Gate(origin, sandbox)
        calls = Calls(gate)
        asyncio.run(often(calls))
        calls.check()
        # Whoever ends a connection of HTTP/2 says what it has not looked at, and that is sent again.
        assert calls.lost == [] or not (gate.secure and gateway.speaks_http2)


async def around_the_moment(calls: Calls) -> None:
    """Call again and again when the connection of the call before is about to be closed."""
    for around in AROUND:
        await asyncio.gather(calls.read(), calls.push(str(around)))
        # Time is what this is about: no clock but the gateway's own closes its connections.
        await asyncio.sleep(IDLE + around)
    await asyncio.gather(calls.read(), calls.push("last"))


async def often(calls: Calls) -> None:
    """Make more calls than a connection serves, some at once."""
    turns = asyncio.Semaphore(AT_ONCE)

    async def turn(number: int) -> None:
        async with turns:
            await (calls.push(str(number)) if number % 2 else calls.read())

    await asyncio.gather(*(turn(number) for number in range(3 * REQUESTS)))


def closes(place: Place) -> bool:
    """Say whether the gateway closes a connection over which it is asked once."""
    with socket.create_connection(("127.0.0.1", place.plain), timeout=20 * IDLE) as connection:
        connection.sendall(b"GET /_sandbox/pkb/tally HTTP/1.1\r\nHost: gateway\r\n\r\n")
        try:
            while connection.recv(1 << 16):
                pass
        except socket.timeout:
            return False
    return True
