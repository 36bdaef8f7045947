"""The errors of the SDK: one class for each row of the core's table, with the attributes of that class."""

import builtins
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal, Union

from ._base_error import DigiMeSDKError
from ._connection_errors import (
    ConnectDeniedError,
    ConnectionConflictError,
    ConnectionExpiredError,
    ConnectStateError,
    NotConnectedError,
)
from ._pkb_errors import (
    FhirError,
    LinkConflictError,
    LinkDeniedError,
    LinkExpiredError,
    LinkStateError,
    NotLinkedError,
    PkbError,
)
from ._provider_data_error import ProviderDataError

Sent = Literal["nothing", "maybe", "whole"]
"""How much of a request had been sent when no answer came: for certain nothing, perhaps some of it, or the whole."""

__all__ = [
    "ClientClosedError",
    "ConnectDeniedError",
    "ConnectStateError",
    "ConnectionConflictError",
    "ConnectionExpiredError",
    "DigiMeSDKError",
    "FailedResponse",
    "FhirError",
    "FileDecryptionError",
    "FileLimitError",
    "HTTPError",
    "LinkConflictError",
    "LinkDeniedError",
    "LinkExpiredError",
    "LinkStateError",
    "NotConnectedError",
    "NotLinkedError",
    "PkbError",
    "ProviderDataError",
    "SDKInvalidError",
    "Sent",
    "ServerError",
    "StoreError",
    "TimeoutError",
    "TokenVerificationError",
    "TransportError",
    "TypeValidationError",
    "UploadNotRepeatableError",
]


class ServerError(DigiMeSDKError):
    """The platform refused the request and said why: see `error`."""

    name = "DigiMeServerError"
    code = "ERR_SERVER"

    error: dict[str, Any]
    """`code`, `message` and `reference` of the platform; `status_code` and `status_message` of its answer."""

    def __init__(self, message: str, error: dict[str, Any], *common: Any, **named: Any) -> None:
        super().__init__(message, *common, **named)
        self.error = error
        self._tell(error)

    def __str__(self) -> str:
        said = [f"{name} {_shown(self.error[name])}" for name in ("code", "reference") if self.error.get(name)]
        return f"{self.args[0]} ({', '.join(said)})" if said else str(self.args[0])


class SDKInvalidError(ServerError):
    """The platform does not accept this SDK, or this version of it."""

    name = "SDKInvalidError"
    code = "ERR_SDK_INVALID"


class TypeValidationError(DigiMeSDKError, ValueError):
    """An option is missing or wrong, and nothing was sent; or an answer does not fit. It is a `ValueError` too."""

    name = "TypeValidationError"
    code = "ERR_TYPE_VALIDATION"

    path: str
    """The option: `options.contract_details.private_key`. Empty when it is the answer that does not fit."""

    def __init__(self, message: str, path: str = "", *common: Any, **named: Any) -> None:
        super().__init__(message, *common, **named)
        self.path = path
        self._tell(path)

    def __str__(self) -> str:
        # The arguments have the message of every language, whose beginning and types are JavaScript's.
        place = str(self.args[0]).find(f"{self.path}: ") if self.path else -1
        if place < 0:
            return str(self.args[0])
        reason = str(self.args[0])[place + len(self.path) + 2 :]
        return f"{self.path}: {_JSON_TYPE.sub(lambda found: _PYTHON_TYPES[found[0]], reason)}"


class FileDecryptionError(DigiMeSDKError):
    """A file cannot be decrypted with this key, or is damaged."""

    name = "FileDecryptionError"
    code = "ERR_FILE_DECRYPTION"


class FileLimitError(DigiMeSDKError):
    """What comes of a file is larger than the limit set."""

    name = "FileLimitError"
    code = "ERR_FILE_LIMIT"

    limit: str
    """The setting that it exceeds."""

    def __init__(self, message: str, limit: str, *common: Any, **named: Any) -> None:
        super().__init__(message, *common, **named)
        self.limit = limit
        self._tell(limit)


@dataclass(frozen=True)
class FailedResponse:
    """A response that is no success and explains nothing."""

    status_code: int
    status_message: str
    headers: dict[str, str] = field(repr=False)
    """The headers, names in lower case."""
    body: str = field(repr=False)
    """The body as text. Like the headers it may hold anything, so neither is shown."""


class HTTPError(DigiMeSDKError):
    """A failure without an explanation by the platform: see `response`."""

    name = "HTTPError"
    code = "ERR_NON_2XX_3XX_RESPONSE"

    response: FailedResponse
    """What the platform answered."""

    def __init__(
        self, message: str, response: Union[FailedResponse, Mapping[str, Any]], *common: Any, **named: Any
    ) -> None:
        super().__init__(message, *common, **named)
        if not isinstance(response, FailedResponse):
            response = FailedResponse(**{"headers": {}, "body": "", **response})
        self.response = response
        self._tell({"status_code": response.status_code, "status_message": response.status_message})


class TimeoutError(DigiMeSDKError, builtins.TimeoutError):  # noqa: A001 - the same name in every language
    """A time-out. It is the builtin `TimeoutError` too."""

    name = "TimeoutError"
    code = "ERR_TIMEOUT"

    phase: str
    """Which time-out: `connect`, `idle`, `total` or `call`; of `read_all_files` also the name of a polling limit."""

    after: int
    """How many milliseconds it is set to."""

    sent: Sent
    """How much of the request had been sent: after `nothing`, make the call again; after the others see the README."""

    def __init__(self, message: str, phase: str, after: int, sent: Sent, *common: Any, **named: Any) -> None:
        super().__init__(message, *common, **named)
        self.phase = phase
        self.after = after
        self.sent = sent
        self._tell(phase, after, sent)


class TransportError(DigiMeSDKError):
    """No answer came."""

    name = "TransportError"
    code = "ERR_TRANSPORT"

    network_error: str
    """What the network reported: `ECONNREFUSED` and the like. The JavaScript SDK calls it `cause`."""

    sent: Sent
    """How much of the request had been sent: after `nothing`, make the call again; after the others see the README."""

    def __init__(self, message: str, network_error: str, sent: Sent, *common: Any, **named: Any) -> None:
        super().__init__(message, *common, **named)
        self.network_error = network_error
        self.sent = sent
        self._tell(network_error, sent)


class TokenVerificationError(DigiMeSDKError):
    """A token that is said to be the platform's does not verify."""

    name = "TokenVerificationError"
    code = "ERR_TOKEN_VERIFICATION"


class UploadNotRepeatableError(DigiMeSDKError):
    """The access token was refreshed, but what had been sent in part cannot be sent again as it was.

    It is a stream too long to be kept. Nothing was stored. Push it again with `user_access_token`.
    """

    name = "UploadNotRepeatableError"
    code = "ERR_UPLOAD_NOT_REPEATABLE"


class ClientClosedError(DigiMeSDKError):
    """The client was closed before the call was made, of which nothing was sent. Make another client."""

    name = "ClientClosedError"
    code = "ERR_CLIENT_CLOSED"


class StoreError(DigiMeSDKError):
    """The store cannot be read or written, or a record in it is changed by others all the time."""

    name = "StoreError"
    code = "ERR_STORE"

    operation: str
    """What failed: `read`, `write` or `change`."""

    def __init__(self, message: str, operation: str, *common: Any, **named: Any) -> None:
        super().__init__(message, *common, **named)
        self.operation = operation
        self._tell(operation)


CLASSES = {
    each.__name__: each
    for each in (
        DigiMeSDKError,
        TypeValidationError,
        FileDecryptionError,
        FileLimitError,
        HTTPError,
        TimeoutError,
        TransportError,
        TokenVerificationError,
        UploadNotRepeatableError,
        ClientClosedError,
        StoreError,
        ServerError,
        SDKInvalidError,
        ConnectDeniedError,
        ConnectStateError,
        NotConnectedError,
        ConnectionExpiredError,
        ConnectionConflictError,
        ProviderDataError,
        PkbError,
        LinkDeniedError,
        LinkStateError,
        NotLinkedError,
        LinkExpiredError,
        LinkConflictError,
        FhirError,
    )
}
"""The classes by their names, in the order of the table."""


def error_from(data: dict[str, Any]) -> DigiMeSDKError:
    """Make the error that the core describes."""
    fields = dict(data["fields"])
    # Whose failure it was; where that is still known, it is raised in place of this.
    fields.pop("host", None)
    if "response" in fields:
        fields["response"] = FailedResponse(**fields["response"])
    if "cause" in fields:
        fields["network_error"] = fields.pop("cause")
    return CLASSES[data["class"]](data["message"], **fields)


def _shown(said: object) -> str:
    """Give what the platform says, in one line, and the beginning alone of what is longer than any code."""
    text = str(said)
    line = "".join(letter if letter.isprintable() else ascii(letter)[1:-1] for letter in text[:_LONGEST_CODE])
    return line if len(text) <= _LONGEST_CODE else f"{line[:_BEGINNING]}\u2026"


_PYTHON_TYPES = {"an object": "a dict", "an array": "a list", "a boolean": "a bool", "null": "None"}
_JSON_TYPE = re.compile(f"(?:(?<=^expected )|(?<=, got ))({'|'.join(_PYTHON_TYPES)})(?=, got |$)")

_LONGEST_CODE = 64
_BEGINNING = 16
