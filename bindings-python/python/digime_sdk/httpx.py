"""A client of httpx, which has to be installed (`pip install digime-sdk[httpx]`), as the SDK's transport.

Give `HttpxTransport(client)` of an `httpx.AsyncClient` to `init` or `init_pkb` as `transport`, and
`BlockingHttpxTransport(client)` of an `httpx.Client` to those of `digime_sdk.blocking`. Certificates, proxies, headers
that are sent along, event hooks and how long a connection may take are the client's. All other time-outs are the
SDK's, and so is the authorization; redirects are not followed, and no cookies are sent. Whoever made the client closes
it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Optional, Union

import httpx

from . import _blocking_transport as _blocking
from ._network_names import chain, network_name
from ._opaque import Opaque
from ._transport import TransportRequest, TransportResponse
from .errors import TransportError

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Iterator

__all__ = ["BlockingHttpxTransport", "HttpxTransport"]

_SENT_NOTHING = (httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout)

_NAMES: tuple[tuple[type[httpx.RequestError], str], ...] = (
    (httpx.TimeoutException, "ETIMEDOUT"),
    (httpx.ConnectError, "ECONNREFUSED"),
    (httpx.NetworkError, "ECONNRESET"),
)
"""What network failures are called of which nothing more is known."""

_RESET = ("Server disconnected", "peer closed connection", "<ConnectionTerminated", "<StreamReset")
"""How httpx' messages begin that it calls errors of the protocol, though it is the connection that has ended."""


class HttpxTransport:
    """Sends requests by a client of httpx."""

    def __init__(self, client: httpx.AsyncClient) -> None:
        if not isinstance(client, httpx.AsyncClient):
            msg = f"expected an httpx.AsyncClient, got {type(client).__name__}"
            raise TypeError(msg)
        self._client = client

    async def __call__(self, request: TransportRequest, /) -> TransportResponse:
        """Send the request."""
        if self._client.is_closed:
            raise _closed()
        prepared = Opaque(_prepared(self._client, request, silence=None))
        try:
            response = await self._client.send(prepared.open(), stream=True, auth=None, follow_redirects=False)
        except httpx.RequestError as error:
            raise _failed(error) from error
        if (content := _kept(response)) is not None:
            await response.aclose()
            return TransportResponse(response.status_code, response.headers.raw, content.open(), decoded=True)
        return TransportResponse(response.status_code, response.headers.raw, _chunks(response), aclose=response.aclose)


class BlockingHttpxTransport:
    """Sends requests by a client of httpx, in plain code."""

    def __init__(self, client: httpx.Client) -> None:
        if not isinstance(client, httpx.Client):
            msg = f"expected an httpx.Client, got {type(client).__name__}"
            raise TypeError(msg)
        self._client = client

    def __call__(self, request: _blocking.TransportRequest, /) -> _blocking.TransportResponse:
        """Send the request."""
        if self._client.is_closed:
            raise _closed()
        # A thread cannot be interrupted: it ends when the SDK has given the request up.
        prepared = Opaque(_prepared(self._client, request, silence=request.timeout))
        try:
            response = self._client.send(prepared.open(), stream=True, auth=None, follow_redirects=False)
        except httpx.RequestError as error:
            raise _failed(error) from error
        if (content := _kept(response)) is not None:
            response.close()
            return _blocking.TransportResponse(response.status_code, response.headers.raw, content.open(), decoded=True)
        return _blocking.TransportResponse(
            response.status_code, response.headers.raw, _blocking_chunks(response), close=response.close
        )


def _prepared(
    client: Union[httpx.AsyncClient, httpx.Client],
    request: Union[TransportRequest, _blocking.TransportRequest],
    *,
    silence: Optional[float],
) -> httpx.Request:
    """Give httpx' own request: not as the client would make it, which knows base addresses, parameters and cookies."""
    headers = Opaque(client.headers.copy())
    headers.open().update([(name.encode("latin-1"), value.encode("latin-1")) for name, value in request.headers])
    timeout = httpx.Timeout(silence, connect=client.timeout.connect, pool=client.timeout.pool)
    content: Any = Opaque(request.body)
    return httpx.Request(
        request.method,
        request.url,
        headers=headers.open(),
        content=content.open(),
        extensions={"timeout": timeout.as_dict()},
    )


def _kept(response: httpx.Response) -> Optional[Opaque[bytes]]:
    """Give the content, decoded, of an answer that was made of one, as those of tests are."""
    try:
        return Opaque(response.content)
    except httpx.ResponseNotRead:
        return None


async def _chunks(response: httpx.Response) -> AsyncIterator[bytes]:
    try:
        # As it came: what is coded the SDK decodes.
        async for chunk in response.aiter_raw():
            yield chunk
    except httpx.RequestError as error:
        raise _failed(error) from error


def _blocking_chunks(response: httpx.Response) -> Iterator[bytes]:
    try:
        yield from response.iter_raw()
    except httpx.RequestError as error:
        raise _failed(error) from error


def _closed() -> TransportError:
    return TransportError("httpx: the client is closed", "EUNKNOWN", "nothing")


def _failed(error: httpx.RequestError) -> TransportError:
    """Make the error that the SDK understands, of one whose frames, and whose locals, are not kept."""
    name = network_name(error) or next((name for kind, name in _NAMES if isinstance(error, kind)), None)
    if name is None:
        name = "ECONNRESET" if str(error).startswith(_RESET) else "EPROTO"
    for each in chain(error):
        each.__traceback__ = None
    return TransportError(
        f"httpx: {type(error).__name__}", name, "nothing" if isinstance(error, _SENT_NOTHING) else "maybe"
    )
