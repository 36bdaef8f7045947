"""What network failures are called that a transport of the application's own raises: by Node's names, as all others."""

from __future__ import annotations

import asyncio
import errno
import socket
import ssl
import sys
from builtins import TimeoutError as BuiltinTimeoutError
from collections.abc import Iterator
from typing import Any, Optional

_ERRNOS = {
    errno.ECONNREFUSED: "ECONNREFUSED",
    errno.ECONNRESET: "ECONNRESET",
    errno.ECONNABORTED: "ECONNRESET",
    errno.EPIPE: "EPIPE",
    errno.ETIMEDOUT: "ETIMEDOUT",
    errno.EADDRINUSE: "EADDRINUSE",
    errno.EADDRNOTAVAIL: "EADDRINUSE",
    errno.ENETUNREACH: "ENETUNREACH",
    errno.EHOSTUNREACH: "ENETUNREACH",
}
_CLASSES = {
    ConnectionRefusedError: "ECONNREFUSED",
    ConnectionResetError: "ECONNRESET",
    ConnectionAbortedError: "ECONNRESET",
    BrokenPipeError: "EPIPE",
}
"""What errors without a number mean."""

_TIMEOUTS = (BuiltinTimeoutError, socket.timeout, asyncio.TimeoutError)

_CERTIFICATES = {10: "CERT_HAS_EXPIRED", 62: "ERR_TLS_CERT_ALTNAME_INVALID", 64: "ERR_TLS_CERT_ALTNAME_INVALID"}
"""Why OpenSSL refuses a certificate; all other reasons are that nobody who is trusted has signed it."""


def network_name(error: BaseException) -> Optional[str]:
    """Give Node's name for what the network reported, if that is what an error was caused by."""
    return next((name for each in chain(error) if (name := _name(each))), None)


def chain(error: BaseException) -> Iterator[BaseException]:
    """Give an error, and then what it came of."""
    waiting: list[Any] = [error]
    seen = set[int]()
    for each in waiting:
        if isinstance(each, BaseException) and id(each) not in seen:
            seen.add(id(each))
            yield each
            waiting += [each.__cause__, each.__context__, *getattr(each, "exceptions", ())]


def _name(error: BaseException) -> Optional[str]:
    if isinstance(error, ssl.SSLCertVerificationError):
        return _CERTIFICATES.get(error.verify_code, "UNABLE_TO_VERIFY_LEAF_SIGNATURE")
    if isinstance(error, (ssl.SSLEOFError, ssl.SSLZeroReturnError, EOFError)):
        return "ECONNRESET"
    if isinstance(error, ssl.SSLError):
        return "EPROTO"
    if isinstance(error, socket.gaierror):
        return "ENOTFOUND"
    if isinstance(error, _TIMEOUTS):
        return "ETIMEDOUT"
    if isinstance(error, OSError):
        named = next((name for kind, name in _CLASSES.items() if isinstance(error, kind)), None)
        return named or _ERRNOS.get(error.errno or 0)
    # Who raises its errors has imported it.
    http = sys.modules.get("http.client")
    if http is not None and isinstance(error, http.HTTPException):
        return "ECONNRESET" if isinstance(error, http.IncompleteRead) else "EPROTO"
    return None
