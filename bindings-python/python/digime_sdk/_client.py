"""A client of the core, as both SDKs hold it: how it is opened, and how a call of it starts and ends."""

from __future__ import annotations

import os
from collections.abc import Collection, Mapping
from functools import partial
from typing import TYPE_CHECKING, Any, ClassVar, Literal, NamedTuple, Optional, Union

from . import _native
from ._bridge import settle
from ._carrying import Carried, taken_from
from ._closing import take_over
from ._documents import ParseFloat, read
from ._events import SPELLINGS, Listening, heard, unheard
from ._functions import check_functions
from ._keywords import check_keywords
from ._opaque import Opaque, hidden
from .errors import DigiMeSDKError, TypeValidationError, error_from

if TYPE_CHECKING:
    from ._generated.tokens import UserAccessToken

Reached = Union[tuple[Literal["done"], "Opaque[Any]"], "_native.Invoke"]
"""Where a call has come: to its result, or to a function that is told something."""


class Started(NamedTuple):
    """A call that was prepared."""

    native: _native.NativeCall
    hosts: Opaque[dict[str, Any]]
    """The streams and functions that it may ask for, by their paths."""
    carried: Optional[Carried]
    """Its requests, where a transport of the application's own carries them."""

    def error_from(self, data: dict[str, Any]) -> DigiMeSDKError:
        """Make the error with which it fails."""
        return error_from(data) if self.carried is None else self.carried.error_from(data)


class Client:
    """A client of the core, and the functions of its configuration."""

    _platform: ClassVar[str]
    """What the core calls the platform."""

    _objects: ClassVar[Mapping[str, Collection[str]]] = {}
    """What of the configuration may be an object, and the methods of it that are called."""

    _many: ClassVar[Mapping[str, str]] = {}
    """The calls that take any number of things, and the option of each that is iterated over."""

    _portions: ClassVar[Any]
    """Makes the function that is handed over in its place."""

    _byte_stream: ClassVar[Any]
    """Makes what the application reads of a stream that a call answers with."""

    _blocks: ClassVar[bool]
    """Whether its functions are those of plain code."""

    def __init__(self, config: object) -> None:
        config, self._parse_float = _without_parse_float(hidden(config), "config", None)
        bound = _bound(config, self._objects)
        self._stores = _has_any(bound, self._objects)
        """Whether there is a store, which hears of what comes of a call."""
        self._hosts: dict[str, Any] = {}
        byte_stream = partial(self._byte_stream, self._hosts)
        opened = _native.open(self._platform, bound.open(), byte_stream, error_from, read)
        if opened[0] != "done":
            raise _unstarted(opened)
        _, self._native, hosts = opened
        check_functions("config", hosts, blocking=self._blocks)
        self._transport = taken_from(hosts.open())
        self._hosts.update({f"config.{path}": heard(path, host) for path, host in hosts.open().items()})
        self._listening = next((host for host in self._hosts.values() if isinstance(host, Listening)), Listening())
        self._least = 0

    def _start(self, name: str, options: Opaque[Mapping[str, object]], **own: object) -> Started:
        """Prepare a call.

        The options are an application's, and those of the SDK's own go before them.
        """
        if settle():
            take_over()
        check_keywords(self._platform, name, options)
        if self._least != (least := self._listening.least()):
            self._least = least
            self._native.tell_events_from(least)
        many = self._many.get(name, "")
        if many in options.open() and (portions := self._portions(many, Opaque(options.open()[many]))):
            own = {many: portions}
        given, parse_float = _without_parse_float(
            Opaque({**options.open(), **own}) if own else options, "options", self._parse_float
        )
        carried = None if self._transport is None else Carried(self._transport)
        make_error = error_from if carried is None else carried.error_from
        started = self._native.start(name, given.open(), parse_float, make_error)
        if started[0] != "done":
            raise _unstarted(started)
        _, call, hosts = started
        check_functions("options", hosts, blocking=self._blocks)
        return Started(call, Opaque({**hosts.open(), **self._hosts}), carried)


def _without_parse_float(
    given: Opaque[Any], root: str, default: Optional[ParseFloat]
) -> tuple[Opaque[Any], Optional[ParseFloat]]:
    """Give what the core understands, and what numbers are to be made of in the documents that it hands out."""
    if not isinstance(given.open(), Mapping) or "parse_float" not in given.open():
        return given, default
    own = Opaque(dict(given.open()))
    parse_float = own.open().pop("parse_float")
    if parse_float is not None and not callable(parse_float):
        path = f"{root}.parse_float"
        msg = f"{path}: expected a function"
        raise TypeValidationError(msg, path=path)
    return own, default if parse_float is None else parse_float


def _unstarted(outcome: Union[_native.Failed, _native.Refused]) -> DigiMeSDKError:
    if outcome[0] == "failed":
        return error_from(outcome[1].open())
    _, path, reason = outcome
    return TypeValidationError(f"{path}: {reason}", path=path)


def _has_any(config: Opaque[Any], names: Collection[str]) -> bool:
    return isinstance(config.open(), Mapping) and any(config.open().get(name) is not None for name in names)


def _bound(config: Opaque[Any], objects: Mapping[str, Collection[str]]) -> Opaque[Any]:
    """Give the configuration with the methods of its objects, which may stand on their classes, in place of those.

    Where it has no function that is told of events, it is given one.
    """
    if not isinstance(config.open(), Mapping):
        return config
    bound = Opaque(dict(config.open()))
    if all(bound.open().get(name) is None for name in SPELLINGS):
        for name in SPELLINGS:
            bound.open().pop(name, None)
        bound.open()[SPELLINGS[0]] = unheard
    for member, names in objects.items():
        if member in bound.open():
            bound.open()[member] = _store(f"config.{member}", Opaque(bound.open()[member]), names).open()
    return bound


def _store(path: str, given: Opaque[Any], names: Collection[str]) -> Opaque[Any]:
    """Give what the core knows of a store that may be an object: its methods, or else the text that is in its place."""
    methods = Opaque({name: getattr(given.open(), name) for name in names if hasattr(given.open(), name)})
    if methods.open():
        return methods
    if isinstance(given.open(), os.PathLike):
        # In its folder, so that none is a word that has a meaning.
        return Opaque(os.path.join(os.curdir, os.fsdecode(given.open())))
    if given.open() is not None and not isinstance(given.open(), (str, Mapping)):
        text = '"memory", the path of a file, an address of PostgreSQL'
        *required, optional = names
        own = f"an object with the methods {', '.join(required)}, and, if it likes, {optional}"
        msg = f"{path}: expected {text}, or {own}, got {type(given.open()).__name__}"
        raise TypeValidationError(msg, path=path)
    return given


def configuration(platform: str, given: Any, options: Any) -> Opaque[Any]:
    """Give the configuration from `init`'s arguments. What is not one is left to the core, which says so."""
    check_keywords(platform, "", options)
    merged: Opaque[Any] = options if given.open() is None else given
    return Opaque({**given.open(), **options.open()}) if isinstance(given.open(), Mapping) else merged


def outcome(step: Union[_native.Ending, _native.Invoke], raised: dict[str, Exception], started: Started) -> Reached:
    """Give where a call has come, or raise what it failed with: what a stream or function of the application raised."""
    if step[0] == "failed":
        error = raised.get(step[1].open()["fields"].get("host", ""))
        if error is None:
            raise started.error_from(step[1].open())
        told = started.error_from(step[1].open())
        if told.user_access_token is not None and not _brings(error, told.user_access_token):
            raise told from error
        raise error
    if step[0] == "closed":
        msg = "the call was closed before it ended"
        raise DigiMeSDKError(msg)
    return step


def _brings(error: Exception, token: UserAccessToken) -> bool:
    """Let what a function raised bring along the token that a refresh has brought, if it can."""
    if getattr(error, "user_access_token", None) not in (None, token):
        # It has another one, which is not to be lost either.
        return False
    try:
        error.user_access_token = token  # type: ignore[attr-defined] # pyright: ignore[reportAttributeAccessIssue]
    except Exception:
        return False
    return True


def returned(path: str, answer: Opaque[Any]) -> _native.Reply:
    """Give the reply that is what a function returned."""
    # The core sees none in place of what is not understood, which as the answer of a store means that nothing is there.
    if path.startswith("config.store.") and (unfit := _native.unfit(answer.open())) is not None:
        msg = f"{path}: {unfit}"
        raise TypeError(msg)
    return "value", answer.open()


def alone(_: str, told: object) -> Any:
    """Give what a function would be told, where there is but one."""
    return told
