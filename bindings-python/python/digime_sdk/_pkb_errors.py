"""The errors of Patients Know Best."""

from typing import Any, Optional

from ._base_error import DigiMeSDKError


class PkbError(DigiMeSDKError):
    """Base of what goes wrong with Patients Know Best; as itself, PKB refused, or its answer makes no sense."""

    name = "PkbError"
    code = "ERR_PKB"

    pkb_code: Optional[str]
    """PKB's code, if it gave one: `ACCESS_FROZEN_OUTWARD`, `invalid_client`."""

    status_code: Optional[int]
    """The HTTP status of PKB's answer, if it is one that went wrong."""

    def __init__(
        self,
        message: str,
        pkb_code: Optional[str] = None,
        status_code: Optional[int] = None,
        *common: Any,
        **named: Any,
    ) -> None:
        super().__init__(message, *common, **named)
        self.pkb_code = pkb_code
        self.status_code = status_code
        self._tell(pkb_code, status_code)


class LinkDeniedError(PkbError):
    """The patient, or PKB, did not grant the link."""

    name = "LinkDeniedError"
    code = "ERR_LINK_DENIED"

    error: str
    """What the callback says: `access_denied`."""

    error_description: Optional[str]
    """The same in words, if the callback has them."""

    def __init__(
        self, message: str, error: str, error_description: Optional[str] = None, *common: Any, **named: Any
    ) -> None:
        super().__init__(message, *common, **named)
        self.error = error
        self.error_description = error_description
        self._tell(error, error_description)


class LinkStateError(PkbError):
    """The callback does not belong to an attempt to link that can go on. Begin again with `get_link_url`."""

    name = "LinkStateError"
    code = "ERR_LINK_STATE"

    reason: str
    """`missing`, `unknown`, `expired`, `used` or `mismatch`."""

    def __init__(self, message: str, reason: str, *common: Any, **named: Any) -> None:
        super().__init__(message, *common, **named)
        self.reason = reason
        self._tell(reason)


class NotLinkedError(PkbError):
    """The app user has no link."""

    name = "NotLinkedError"
    code = "ERR_NOT_LINKED"


class LinkExpiredError(PkbError):
    """PKB says that the session is over: the patient must link again."""

    name = "LinkExpiredError"
    code = "ERR_LINK_EXPIRED"

    reason: str
    """PKB's code, each time anew; `said_before` where an older version of the SDK was told and kept none."""

    def __init__(self, message: str, reason: str, *common: Any, **named: Any) -> None:
        super().__init__(message, *common, **named)
        self.reason = reason
        self._tell(reason)


class LinkConflictError(PkbError):
    """The app user or the PKB record is linked already, to another."""

    name = "LinkConflictError"
    code = "ERR_LINK_CONFLICT"

    conflict: str
    """Which of them: `appUser` or `publicId`."""

    def __init__(self, message: str, conflict: str, *common: Any, **named: Any) -> None:
        super().__init__(message, *common, **named)
        self.conflict = conflict
        self._tell(conflict)


class FhirError(PkbError):
    """PKB's FHIR API refused the request: see also `pkb_code` and `status_code`."""

    name = "FhirError"
    code = "ERR_FHIR"

    issues: list[dict[str, Any]]
    """The issues of the outcome, each with `severity`, `code` and `diagnostics`."""

    operation_outcome: dict[str, Any]
    """The OperationOutcome as it came. It may be about the patient, and is shown nowhere else."""

    def __init__(
        self,
        message: str,
        *common: Any,
        issues: Optional[list[dict[str, Any]]] = None,
        operation_outcome: Optional[dict[str, Any]] = None,
        **named: Any,
    ) -> None:
        super().__init__(message, *common, **named)
        self.issues = issues or []
        self.operation_outcome = operation_outcome or {}
