"""A client of the core, as both SDKs hold it: how it is opened, and how a call of it starts and ends."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar, Literal, Union

from . import _native
from .errors import DigiMeSDKError, TypeValidationError, error_from

Reached = Union[tuple[Literal["done"], Any], tuple[Literal["invoke"], str, Any]]
"""Where a call has come: to its result, or to a function that is told something."""


class Client:
    """A client of the core, and the functions of its configuration."""

    _byte_stream: ClassVar[type[Any]]
    """Makes what the application reads of a stream that a call answers with."""

    def __init__(self, config: object) -> None:
        opened = _native.open(config, self._byte_stream, error_from)
        if opened[0] != "done":
            raise _unstarted(opened)
        _, self._native, hosts = opened
        self._hosts = {f"config.{path}": host for path, host in hosts.items()}

    def _start(self, name: str, options: Mapping[str, object]) -> tuple[_native.NativeCall, dict[str, Any]]:
        """Prepare a call; also give the streams and functions that it may ask for, by their paths."""
        started = self._native.start(name, options)
        if started[0] != "done":
            raise _unstarted(started)
        _, call, hosts = started
        return call, {**hosts, **self._hosts}


def _unstarted(outcome: Union[_native.Failed, _native.Refused]) -> DigiMeSDKError:
    if outcome[0] == "failed":
        return error_from(outcome[1])
    _, path, reason = outcome
    return TypeValidationError(f"{path}: {reason}", path=path)


def configuration(given: object, options: dict[str, object]) -> object:
    """Give the configuration from `init`'s arguments. What is not one is left to the core, which says so."""
    if given is None:
        return options
    return {**given, **options} if isinstance(given, Mapping) else given


def failure(error: dict[str, Any], raised: dict[str, Exception]) -> Exception:
    """Give what to raise for a call that failed: what the application's own stream or function raised, if any did."""
    host = error["fields"].get("host")
    return raised[host] if host in raised else error_from(error)


def closed() -> DigiMeSDKError:
    """Give what to raise for a call that was closed before it ended."""
    return DigiMeSDKError("the call was closed before it ended")
