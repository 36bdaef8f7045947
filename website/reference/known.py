"""What is known of calls beside their description: the requests that they make, and the errors that they end with."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import unquote

from .languages import Schema, target

ROOT = Path(__file__).resolve().parents[2]

Scenario = dict[str, Any]

_BASES = {"/v1.7/": "{baseUrl}", "/cloud/v1/": "{cloudBaseUrl}"}
_TOKEN, _KEYS = "POST {baseUrl}oauth/token", "GET {baseUrl}jwks"
"""What brings a token, and the keys by which it is verified."""

_LIKE = {"readFileStream": "readFile", "getConnectUrl": "getAuthorizeUrl", "completeConnect": "exchangeCodeForToken"}
"""Calls that the JavaScript SDK does not have, and those that make the same requests."""

_REFRESHING = {"getConnectUrl", "keepAlive"}
"""Calls of digi.me's that replace tokens without being given one."""

_OF_CONNECTIONS = {"check", "countConnections", "disconnect", "exportConnection", "getConnection"}
_OF_CONNECTIONS |= {"importConnection", "importConnections", "keepAlive", "listConnections", "rotateKeys"}
"""Calls of digi.me's about connections that end with nothing that the platform says."""

_PKB = {
    "addMeasurement": ["POST {rest.url}v1/measurements"],
    "completeLink": ["POST {tokenUrl}", "GET {facade.url}{purviewPath}"],
    "fhirBatch": ["POST {customer.url}"],
    "fhirCreate": ["POST {customer.url}{resourceType}"],
    "fhirRead": ["GET {facade.url}{resourceType}/{id}"],
    "fhirSearch": ["GET {facade.url}{resourceType}", "GET {the address of the next page}"],
    "fhirSearchResources": ["GET {facade.url}{resourceType}", "GET {the address of the next page}"],
    "fhirTransaction": ["POST {customer.url}"],
    "fhirUpdate": ["PUT {customer.url}{resourceType}/{id}"],
    "getConsents": ["GET {facade.url}Consent", "GET {the address of the next page}"],
    "getCurrentUser": ["GET {currentUserUrl}"],
    "getLastChange": ["POST {facade.url}{lastChangePath}"],
    "getMeasurementTypes": ["GET {rest.url}v2-beta/measurements/apiRefs"],
    "getMeasurements": ["GET {rest.url}v2-beta/measurements"],
    "getRecordStatus": ["POST {facade.url}Patient/$status-query"],
    "getSignInUrl": ["{oneTimePassword.method} {oneTimePassword.path}"],
    "getSystemToken": ["POST {facade.tokenUrl}"],
    "inviteToRecord": ["POST {facade.url}Organization/$generate-invitation-tokens"],
    "joinOrganisation": [
        "GET {currentUserUrl}",
        "GET {facade.url}Patient/{publicId}",
        "POST {messaging.url}Patient/$process-message",
    ],
    "request": ["{method} {path}"],
    "watch": ["POST {facade.url}{lastChangePath}"],
}
"""The requests of PKB's calls, by the settings (`endpoints`) and options that say where they go. Others make none of their own."""

_OF_STORE_ALONE = {"check", "close", "countLinks", "exportLink", "findLinks", "getLink", "getLinkUrl", "getPublicId"}
_OF_STORE_ALONE |= {"importLink", "importLinks", "keepAlive", "listLinks", "rotateKeys", "unlink"}
_OF_NO_STORE = {"close", "getRecordStatus", "getSystemToken", "inviteToRecord"}
_OF_NO_STORE |= {"fhirBatch", "fhirCreate", "fhirTransaction", "fhirUpdate"}
_OF_FHIR = {
    "completeLink",
    "fhirBatch",
    "fhirCreate",
    "fhirRead",
    "fhirSearch",
    "fhirSearchResources",
    "fhirTransaction",
    "fhirUpdate",
    "getConsents",
    "getLastChange",
    "getRecordStatus",
    "inviteToRecord",
    "joinOrganisation",
    "request",
    "watch",
}
_LINKED = {
    "addMeasurement",
    "fhirRead",
    "fhirSearch",
    "fhirSearchResources",
    "getAccessToken",
    "getConsents",
    "getCurrentUser",
    "getLastChange",
    "getMeasurementTypes",
    "getMeasurements",
    "getSignInUrl",
    "joinOrganisation",
    "request",
}


_FIXED = {"$key", "standard"}
"""What stands in a path by itself too, or is no part of one."""


def scenarios() -> list[Scenario]:
    """The recorded scenarios."""
    files = sorted((ROOT / "tests/conformance/scenarios").rglob("*.json"))
    return [json.loads(file.read_text(encoding="utf-8")) for file in files]


def requests(
    platform: str, operation: Schema, types: dict[str, Schema], recorded: list[Scenario]
) -> tuple[list[str], list[str]]:
    """The requests that a call is known to make, and those that it makes to get or to verify a token."""
    name = operation["name"]
    if platform == "pkb":
        return _PKB.get(name, []), ["POST {tokenUrl}"] if name in _LINKED | _REFRESHING else []
    seen: set[str] = set()
    for scenario in recorded:
        calls = {step["call"] for step in scenario["steps"]}
        if calls == {_LIKE.get(name, name)}:
            given = {**scenario["init"], **scenario["steps"][0]["args"]}
            seen.update(_pattern(exchange["on"], given) for exchange in scenario["http"])
    own = sorted(seen - {_TOKEN, _KEYS}) or sorted(seen - {_KEYS})
    refreshes = name in _REFRESHING or _takes("userAccessToken", operation, types)
    return own, sorted(({_TOKEN, _KEYS} if refreshes else seen & {_KEYS}) - set(own))


def errors(platform: str, operation: Schema, types: dict[str, Schema]) -> list[str]:
    """The classes of error that a call may end with."""
    return _of_pkb(operation["name"]) if platform == "pkb" else _of_digime(operation, types)


def _of_digime(operation: Schema, types: dict[str, Schema]) -> list[str]:
    name = operation["name"]
    if name == "close":
        return ["TypeValidationError"]
    if name == "checkProviderData":
        return ["TypeValidationError", "ClientClosedError"]
    if name in _OF_CONNECTIONS:
        own = ["NotConnectedError"] if name == "exportConnection" else []
        return ["TypeValidationError", "ClientClosedError", "TimeoutError", "StoreError", *own]
    ends = [
        "TypeValidationError",
        "ClientClosedError",
        "TransportError",
        "TimeoutError",
        "ServerError",
        "SDKInvalidError",
        "HTTPError",
    ]
    ends.append("DigiMeSDKError")
    if _takes("userAccessToken", operation, types) or name in _LIKE.keys() | {"exchangeCodeForToken"}:
        ends.append("TokenVerificationError")
    if name == "pushData":
        ends += ["UploadNotRepeatableError", "ProviderDataError"]
    if name in {"readFile", "readFileStream", "readAllFiles", "downloadStorageFile"}:
        ends.append("FileDecryptionError")
    if name in {"readFile", "readFileStream", "readAllFiles"}:
        ends.append("FileLimitError")
    is_kept = _takes("appUserId", operation, types)
    if is_kept:
        ends.append("StoreError")
    if name == "completeConnect":
        ends += ["ConnectDeniedError", "ConnectStateError", "ConnectionConflictError"]
    elif is_kept and name != "getConnectUrl":
        ends += ["NotConnectedError", "ConnectionExpiredError"]
    return ends


def _takes(option: str, operation: Schema, types: dict[str, Schema]) -> bool:
    options = types[target(operation["options"]) or ""]
    variants = [types[target(each) or ""] for each in options["anyOf"]] if "anyOf" in options else [options]
    return any(option in each.get("properties", {}) for each in variants)


def _of_pkb(name: str) -> list[str]:
    ends = ["TypeValidationError"]
    if name == "close":
        return ends
    ends += ["ClientClosedError", "TimeoutError"]
    if name not in _OF_NO_STORE:
        ends.append("StoreError")
    if name in _LINKED or name in {"exportLink", "getPublicId"}:
        ends.append("NotLinkedError")
    if name in _LINKED:
        ends.append("LinkExpiredError")
    if name == "importLink":
        ends.append("LinkConflictError")
    if name == "completeLink":
        ends += ["LinkDeniedError", "LinkStateError", "LinkConflictError"]
    if name not in _OF_STORE_ALONE:
        ends += ["TransportError", "PkbError", "HTTPError"]
    if name in _OF_FHIR:
        ends.append("FhirError")
    return ends


def _pattern(on: str, given: dict[str, Any]) -> str:
    """A recorded request, with what the application has given in the place of its values."""
    method, _, path = on.partition(" ")
    base = next(base for base in _BASES if path.startswith(base))
    names = {value: name for name, value in _flat(given) if name not in _FIXED}
    segments = [unquote(each) for each in path.removeprefix(base).split("/")]
    told = "/".join(f"{{{names[each]}}}" if each in names else each for each in segments)
    # What follows is of any length, or what the platform has told of before.
    told = re.sub(r"(files/apps/\{applicationId\}/).*", r"\1{path}", told)
    told = re.sub(r"(query/\{sessionKey\}/).*", r"\1{fileName}", told)
    return f"{method} {_BASES[base]}{told}"


def _flat(given: Any) -> Iterator[tuple[str, str]]:
    """The texts that an application has given, and under which names."""
    for name, value in given.items():
        if isinstance(value, dict):
            yield from _flat(value)
        elif value:
            yield name, str(value)
