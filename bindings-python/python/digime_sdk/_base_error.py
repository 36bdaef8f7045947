"""The base of all errors: what they have in common, and how they survive being copied, pickled and written as JSON."""

from typing import Any, ClassVar, Optional

from ._generated.tokens import UserAccessToken


class DigiMeSDKError(Exception):
    """Base of every error of this SDK; as itself, an answer of the platform that makes no sense."""

    name: ClassVar[str] = "DigiMeSDKError"
    """What the JavaScript SDK calls the error."""

    code: ClassVar[str] = "ERR_DIGIME_SDK"
    """A code that never changes."""

    user_access_token: Optional[UserAccessToken]
    """The token that replaced the one given, when the call failed after a refresh: store it, the old one is spent."""

    retry_after: Optional[int]
    """After how many milliseconds the platform says that the call may be made again (`Retry-After`), if it says so."""

    def __init__(
        self, message: str, retry_after: Optional[int] = None, *, user_access_token: Optional[UserAccessToken] = None
    ) -> None:
        super().__init__(message)
        self.args = (message,)
        self._tell(retry_after)
        self.user_access_token = user_access_token
        self.retry_after = retry_after

    def _tell(self, *fields: object) -> None:
        """Put fields among the arguments, which are all that is kept by who knows no attributes: Celery, as JSON.

        So they are nothing that is secret or about a person, and the class can be called with them.
        """
        told = [*fields, *self.args[1:]]
        while told and told[-1] in (None, ""):
            told.pop()
        self.args = (self.args[0], *told)

    def __str__(self) -> str:
        return str(self.args[0])

    def __repr__(self) -> str:
        return f"{type(self).__name__}({str(self)!r})"

    def __reduce__(self) -> tuple[Any, ...]:
        return _restore, (type(self), self.args, self.__dict__)


def _restore(cls: type[DigiMeSDKError], args: tuple[Any, ...], attributes: dict[str, Any]) -> DigiMeSDKError:
    """Unpickle an error, whose constructor wants more than a message."""
    error = cls.__new__(cls)
    error.args = args
    error.__dict__.update(attributes)
    return error
