"""The error of data that a care provider would refuse, and that was therefore not pushed."""

from typing import Any, Optional

from ._base_error import DigiMeSDKError


class ProviderDataError(DigiMeSDKError):
    """The data would be refused by the care provider, so nothing was sent: see `findings`."""

    name = "ProviderDataError"
    code = "ERR_PROVIDER_DATA"

    findings: list[dict[str, Any]]
    """All that was found, warnings too: `severity`, `path`, `rule` and `message`. No value of the data is in it."""

    def __init__(
        self, message: str, *common: Any, findings: Optional[list[dict[str, Any]]] = None, **named: Any
    ) -> None:
        super().__init__(message, *common, **named)
        self.findings = findings or []
