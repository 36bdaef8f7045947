from asyncio import AbstractEventLoop, Future
from collections.abc import Callable
from typing import Any, Literal, Optional, Union, final

from typing_extensions import TypeAlias

Hosts: TypeAlias = dict[str, Any]
Failed: TypeAlias = tuple[Literal["failed"], dict[str, Any]]
Refused: TypeAlias = tuple[Literal["refused"], str, str]
Read: TypeAlias = tuple[Literal["read"], str]
Invoke: TypeAlias = tuple[Literal["invoke"], str, Any]
Ending: TypeAlias = Union[tuple[Literal["done"], Any], Failed, tuple[Literal["closed"]]]
Step: TypeAlias = Union[Read, Invoke, Ending]
Reply: TypeAlias = Union[tuple[Literal["value"], object], tuple[Literal["failed"]]]

__version__: str

def before_exit() -> None: ...
def unfit(answer: object) -> Optional[str]: ...
def open(
    platform: str,
    config: object,
    stream: Callable[[NativeStream], object],
    error: Callable[[dict[str, Any]], Exception],
    document: Callable[[str, Any], object],
) -> Union[tuple[Literal["done"], NativeClient, Hosts], Failed, Refused]: ...

@final
class NativeClient:
    def start(
        self, name: str, options: object, parse_float: Any
    ) -> Union[tuple[Literal["done"], NativeCall, Hosts], Failed, Refused]: ...

@final
class NativeCall:
    def next_blocking(self, reply: Optional[Reply] = None) -> Step: ...
    def next(self, bridge: Bridge, reply: Optional[Reply] = None) -> Future[Step]: ...
    def overtaken(self, bridge: Bridge) -> Future[bool]: ...
    def awaits_reply(self) -> bool: ...
    def stop(self) -> None: ...
    def close(self) -> bool: ...

@final
class NativeStream:
    def next_blocking(self) -> Optional[bytes]: ...
    def next(self, bridge: Bridge) -> Future[list[bytes]]: ...
    def close(self) -> None: ...

@final
class Bridge:
    def __init__(self, event_loop: AbstractEventLoop) -> None: ...
    def __call__(self) -> None: ...
