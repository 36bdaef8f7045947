"""What a transport of the application's own is given in asyncio, and what it answers."""

from collections.abc import AsyncIterable, AsyncIterator, Awaitable, Callable, Iterable
from dataclasses import dataclass, field
from typing import Optional, Protocol, Union, runtime_checkable

Headers = Iterable[tuple[Union[str, bytes], Union[str, bytes]]]
"""Headers as pairs of a name and a value. Each letter of a text is one byte."""


@dataclass(frozen=True, repr=False)
class RequestHead:
    """All of a request but its body."""

    method: str
    """The method, in capital letters."""
    url: str
    """The address, with its query."""
    headers: list[tuple[str, str]]
    """The headers, in full, each letter being one byte. The body's length is among them where it is known."""
    timeout: Optional[float]
    """After so many seconds of silence the SDK has given the request up. A transport that cannot be interrupted, in a
    thread for one, ends by this itself."""

    # Neither addresses nor headers are for everybody.
    def __repr__(self) -> str:
        return f"<{type(self).__name__} {self.method}>"


@dataclass(frozen=True, repr=False)
class TransportRequest(RequestHead):
    """A request as it is to be sent, to its address and nowhere else."""

    body: Union[bytes, AsyncIterator[bytes], None]
    """None, bytes, or chunks that are read as they are sent, and once. They may raise, and then no more of the request
    is to be sent: let that pass, and the connection end."""


@dataclass(frozen=True)
class TransportResponse:
    """An answer, whatever its status. Redirects are not followed."""

    status: int
    """The status, from 200 on."""
    headers: Headers = field(repr=False)
    """The headers, as they came."""
    body: Union[bytes, AsyncIterable[bytes]] = field(default=b"", repr=False)
    """The body, or its chunks as they come. Where it breaks off, the iteration raises."""
    decoded: bool = False
    """Whether the body is decoded where the headers have a `content-encoding`. By default it is as it came, and the SDK
    decodes it."""
    aclose: Optional[Callable[[], Awaitable[object]]] = field(default=None, repr=False)
    """Called once when the answer was read to its end, or nobody wants more of it."""


@runtime_checkable
class Transport(Protocol):
    """Sends requests in place of the SDK's own transport, each once.

    What it raises ends the attempt: a `TransportError` says by `network_error` and `sent` what is known; of anything
    else the network's failure is looked for in what it was caused by, and how much was sent is `maybe`. A request that
    nobody waits for any more is cancelled.
    """

    def __call__(self, request: TransportRequest, /) -> Awaitable[TransportResponse]:
        """Send the request, and answer as soon as there are a status and headers."""
        ...
