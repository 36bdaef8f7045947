"""What a transport of the application's own is given in plain code, and what it answers."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from typing import Optional, Protocol, Union, runtime_checkable

from ._transport import Headers, RequestHead


@dataclass(frozen=True, repr=False)
class TransportRequest(RequestHead):
    """A request as it is to be sent, to its address and nowhere else."""

    body: Union[bytes, Iterator[bytes], None]
    """None, bytes, or chunks that are read as they are sent, and once. They may raise, and then no more of the request
    is to be sent: let that pass, and the connection end."""


@dataclass(frozen=True)
class TransportResponse:
    """An answer, whatever its status. Redirects are not followed."""

    status: int
    """The status, from 200 on."""
    headers: Headers = field(repr=False)
    """The headers, as they came."""
    body: Union[bytes, Iterable[bytes]] = field(default=b"", repr=False)
    """The body, or its chunks as they come. Where it breaks off, the iteration raises."""
    decoded: bool = False
    """Whether the body is decoded where the headers have a `content-encoding`. By default it is as it came, and the SDK
    decodes it."""
    close: Optional[Callable[[], object]] = field(default=None, repr=False)
    """Called once when the answer was read to its end, or nobody wants more of it."""


@runtime_checkable
class Transport(Protocol):
    """Sends requests in place of the SDK's own transport, each once, in a thread of its own.

    What it raises ends the attempt: a `TransportError` says by `network_error` and `sent` what is known; of anything
    else the network's failure is looked for in what it was caused by, and how much was sent is `maybe`. A thread cannot
    be interrupted: where nobody waits for a request any more, the next chunk of its body raises, the next of its answer
    is the last that is asked for, and it is to end by the request's `timeout` otherwise.
    """

    def __call__(self, request: TransportRequest, /) -> TransportResponse:
        """Send the request, and answer as soon as there are a status and headers."""
        ...
