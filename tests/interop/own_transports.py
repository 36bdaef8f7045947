"""Transports of an application's own, of a few lines each, on what it may have: `http.client`, and urllib3."""

from __future__ import annotations

import http.client
from collections.abc import Iterator
from urllib.parse import urlsplit

import urllib3
from digime_sdk.blocking import TransportRequest, TransportResponse


def standard_library(request: TransportRequest) -> TransportResponse:
    """Send a request by `http.client`, over a connection of its own."""
    url = urlsplit(request.url)
    connection = http.client.HTTPConnection(url.netloc, timeout=request.timeout)
    target = url._replace(scheme="", netloc="").geturl()
    try:
        connection.request(request.method, target, request.body, dict(request.headers))
        response = connection.getresponse()
    except BaseException:
        connection.close()
        raise

    def chunks() -> Iterator[bytes]:
        while chunk := response.read1(65536):
            yield chunk

    return TransportResponse(response.status, response.getheaders(), chunks(), close=connection.close)


_pool = urllib3.PoolManager()


def by_urllib3(request: TransportRequest) -> TransportResponse:
    """Send a request by urllib3."""
    response = _pool.request(
        request.method,
        request.url,
        headers=urllib3.HTTPHeaderDict(request.headers),
        body=request.body,
        timeout=request.timeout,
        redirect=False,
        retries=False,
        preload_content=False,
    )
    chunks = response.stream(65536, decode_content=False)
    return TransportResponse(response.status, response.headers.items(), chunks, close=response.close)
