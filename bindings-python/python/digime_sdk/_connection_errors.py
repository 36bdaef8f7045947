"""The errors of connections with digi.me."""

from typing import Any, Optional

from ._base_error import DigiMeSDKError


class ConnectDeniedError(DigiMeSDKError):
    """The person, or the platform, did not grant what was asked for."""

    name = "ConnectDeniedError"
    code = "ERR_CONNECT_DENIED"

    error_code: Optional[str]
    """What the callback said, if it gave a code."""

    def __init__(self, message: str, error_code: Optional[str] = None, *common: Any, **named: Any) -> None:
        super().__init__(message, *common, **named)
        self.error_code = error_code
        self._tell(error_code)


class ConnectStateError(DigiMeSDKError):
    """The callback does not belong to an attempt to connect that can go on. Begin again with `get_connect_url`."""

    name = "ConnectStateError"
    code = "ERR_CONNECT_STATE"

    reason: str
    """`missing`, `unknown`, `expired`, `used` or `mismatch`."""

    def __init__(self, message: str, reason: str, *common: Any, **named: Any) -> None:
        super().__init__(message, *common, **named)
        self.reason = reason
        self._tell(reason)


class NotConnectedError(DigiMeSDKError):
    """The app user has no connection under this contract."""

    name = "NotConnectedError"
    code = "ERR_NOT_CONNECTED"


class ConnectionExpiredError(DigiMeSDKError):
    """The platform accepts the connection's refresh token no more: the person must consent again."""

    name = "ConnectionExpiredError"
    code = "ERR_CONNECTION_EXPIRED"

    reason: str
    """The platform's code, each time anew."""

    def __init__(self, message: str, reason: str, *common: Any, **named: Any) -> None:
        super().__init__(message, *common, **named)
        self.reason = reason
        self._tell(reason)


class ConnectionConflictError(DigiMeSDKError):
    """The app user is connected already, to the library of another person."""

    name = "ConnectionConflictError"
    code = "ERR_CONNECTION_CONFLICT"
