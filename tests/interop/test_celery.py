"""What must hold with Celery: an error that a task ended with comes back as what it was, by way of a result in JSON."""

from __future__ import annotations

from collections.abc import Mapping
from importlib import import_module
from typing import Any

import digime_sdk
import pytest
from digime_sdk import errors

# They have no types.
CELERY: Any = import_module("celery")
BACKENDS: Any = import_module("celery.backends.cache")

TOKEN: digime_sdk.UserAccessToken = {
    "accessToken": {"value": "secret-access", "expiry": 4_102_444_800},
    "refreshToken": {"value": "secret-refresh", "expiry": 4_102_444_800},
    "user": {"id": "secret-user"},
}
FIELDS: Mapping[str, dict[str, Any]] = {
    "TypeValidationError": {"path": "options.state"},
    "FileLimitError": {"limit": "fileLimits.size"},
    "HTTPError": {"response": digime_sdk.FailedResponse(502, "Bad Gateway", {"set-cookie": "secret"}, "secret")},
    "TimeoutError": {"phase": "idle", "after": 5, "sent": "whole"},
    "TransportError": {"network_error": "EPIPE", "sent": "maybe"},
    "StoreError": {"operation": "write"},
    "ServerError": {"error": {"code": "Refused", "message": "no", "reference": "r-1", "status_code": 400}},
    "SDKInvalidError": {"error": {"code": "SDKInvalid", "message": "no", "reference": "r-1"}},
    "ConnectDeniedError": {"error_code": "USER_CANCEL"},
    "ConnectStateError": {"reason": "used"},
    "ConnectionExpiredError": {"reason": "InvalidGrant"},
    "PkbError": {"pkb_code": "invalid_client", "status_code": 401},
    "LinkDeniedError": {"error": "access_denied", "error_description": "no"},
    "LinkStateError": {"reason": "used"},
    "LinkExpiredError": {"reason": "API_SESSION_EXPIRED", "pkb_code": "API_SESSION_EXPIRED"},
    "LinkConflictError": {"conflict": "publicId"},
    "FhirError": {"status_code": 403, "issues": [{"diagnostics": "secret"}], "operation_outcome": {"text": "secret"}},
}
"""What an error of each class has beside its message, where it has something."""
STAYS_BEHIND = {"user_access_token", "issues", "operation_outcome"}


@pytest.mark.parametrize("name", errors.CLASSES)
def test_an_error_comes_back_from_a_task_with_all_that_is_not_secret(name: str) -> None:
    given: dict[str, Any] = {"retry_after": 1000, "user_access_token": TOKEN, **FIELDS.get(name, {})}
    error: Any = errors.CLASSES[name]("what happened", **given)
    backend = BACKENDS.CacheBackend(app=CELERY.Celery(set_as_current=False), backend="memory", serializer="json")
    backend.mark_as_failure("task", error)
    kept = str(backend.client.get(backend.get_key_for_task("task")))
    assert "what happened" in kept
    assert "secret" not in kept
    back: Any = backend.get_result("task")
    assert type(back) is type(error)
    assert str(back) == str(error)
    assert back.retry_after == 1000
    for field in FIELDS.get(name, {}):
        value = given[field]
        if field == "response":
            assert (back.response.status_code, back.response.status_message) == (502, "Bad Gateway")
        elif field not in STAYS_BEHIND:
            assert getattr(back, field) == value
