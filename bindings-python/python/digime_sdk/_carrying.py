"""What a transport of the application's own is to a call, in both SDKs: what it failed with, and how it errs."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Optional

from ._network_names import network_name
from .errors import DigiMeSDKError, TransportError, error_from

if TYPE_CHECKING:
    from ._blocking_transport import TransportResponse as BlockingTransportResponse
    from ._native import NativeExchange
    from ._opaque import Opaque
    from ._transport import TransportResponse

SPELLINGS = ("transport", "fetch")
"""How it is spelled in a configuration, as in the other languages too."""

WHOLE = 256 * 1024
"""Up to this length a body is handed over as a whole: what answers in a test can look at it then."""


SLACK = 5.0
"""Seconds after a request was given up for its silence in which a thread that waits for it notices that too."""


class MisbehaviourError(Exception):
    """A transport does not keep to what is agreed: how, in words that go on from its name."""


class BodyBrokenOffError(Exception):
    """No more of a request is to be sent. Why, its call knows."""


class Carried:
    """The requests of one call, and what the transport failed with."""

    def __init__(self, transport: Any) -> None:
        self.transport = transport
        self._failures: dict[str, BaseException] = {}

    def fail(self, exchange: NativeExchange, error: BaseException) -> None:
        """Tell the call that a request has failed, and of what."""
        if exchange.is_over:
            return
        if isinstance(error, MisbehaviourError):
            exchange.misbehave(str(error))
            return
        name, nothing = network_name(error), False
        if isinstance(error, TransportError):
            name, nothing = error.network_error, error.sent == "nothing"
        if not isinstance(error, BodyBrokenOffError):
            self._failures[name or "EUNKNOWN"] = _cause(error)
        exchange.fail(name, is_certain_that_nothing_was_sent=nothing)

    def error_from(self, data: dict[str, Any]) -> DigiMeSDKError:
        """Make the error that the core describes. Its cause is what the transport failed with, where it is of that."""
        error = error_from(data)
        if isinstance(error, TransportError) and any(f"config.{name} failed" in str(error) for name in SPELLINGS):
            error.__cause__ = self._failures.get(error.network_error)
        return error


def taken_from(hosts: dict[str, Any]) -> Any:
    """Take the transport from the functions of a configuration; none where there is none."""
    given = {name: hosts.pop(name) for name in SPELLINGS if name in hosts}
    return next(iter(given.values()), None)


def headers_of(exchange: NativeExchange) -> list[tuple[str, str]]:
    """Give all headers of a request."""
    length = None if exchange.body is None else exchange.body[0]
    return [*exchange.headers, *([] if length is None else [("content-length", str(length))])]


def timeout_of(exchange: NativeExchange) -> Optional[float]:
    """Give after how many seconds of silence a request has been given up for certain."""
    return None if exchange.idle is None else exchange.idle + SLACK


def is_handed_over_whole(exchange: NativeExchange) -> bool:
    """Whether a request's body is to be given as bytes. What is to leave in time is read as it leaves."""
    if exchange.body is None:
        return False
    length, may_be_read_ahead = exchange.body
    return may_be_read_ahead and length is not None and length <= WHOLE


def head_of(response: TransportResponse | BlockingTransportResponse) -> dict[str, Any]:
    """Give the head of an answer as the core knows it."""
    return {"status": response.status, "headers": [*response.headers], "raw": not response.decoded}


def chunk_of(chunk: Opaque[Any]) -> bytes:
    """Give a chunk of an answer as bytes, if that is what it is."""
    if isinstance(data := chunk.open(), bytes):
        return data
    if isinstance(data, (bytearray, memoryview)):
        return bytes(data)
    del data
    msg = f"answered with a body of which a chunk is no bytes, but {type(chunk.open()).__name__}"
    raise MisbehaviourError(msg)


def misplaced(response: object, wanted: str) -> MisbehaviourError:
    """Make the error of what is no answer."""
    return MisbehaviourError(f"answered with {type(response).__name__} in place of {wanted}")


def _cause(error: BaseException) -> BaseException:
    """Give what to show of a failure: what caused it, if it is an error of ours, and no frame of ours."""
    if isinstance(error, TransportError) and error.__cause__ is not None:
        return error.__cause__
    trace = error.__traceback__
    while trace is not None and trace.tb_frame.f_globals.get("__package__") == __package__:
        trace = trace.tb_next
    return error.with_traceback(trace)
