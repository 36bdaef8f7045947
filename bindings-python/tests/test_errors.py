"""The error classes: those of the core's table, with attributes, and no secret in what is printed of them."""

from __future__ import annotations

import builtins
import copy
import json
import pickle
import socket
import threading
from http.server import BaseHTTPRequestHandler, HTTPServer
from typing import TYPE_CHECKING, Any, Callable

import digime_sdk
import pytest
from digime_sdk import errors

if TYPE_CHECKING:
    from digime_sdk import ContractDetails, ReadAccountsOptions, UserAccessToken
    from platform_double import Platform


def test_the_classes_are_those_of_the_table(description: dict[str, Any]) -> None:
    assert [row["class"] for row in description["errors"]] == list(errors.CLASSES)
    for row in description["errors"]:
        cls = errors.CLASSES[row["class"]]
        assert getattr(digime_sdk, row["class"]) is cls
        assert (cls.name, cls.code) == (row["name"], row["code"])
        assert cls.__bases__[0].__name__ == (row["parent"] or "Exception")


def test_errors_are_also_the_builtin_ones_that_they_resemble() -> None:
    assert issubclass(digime_sdk.TimeoutError, builtins.TimeoutError)
    assert issubclass(digime_sdk.TypeValidationError, ValueError)


def test_an_http_error_has_its_response_and_shows_no_body(platform: Platform, options: ReadAccountsOptions) -> None:
    sdk = digime_sdk.blocking.init(application_id="app", base_url=platform.at("failing"), retry_options={"limit": 0})
    with pytest.raises(digime_sdk.HTTPError) as caught:
        sdk.read_accounts(**options)
    response = caught.value.response
    assert (response.status_code, response.status_message) == (500, "Internal Server Error")
    assert response.headers["content-type"] == "application/json"
    assert "secret-body" in response.body
    assert "secret-body" not in repr(response) + repr(caught.value) + str(caught.value)


def test_an_error_says_when_the_platform_wants_to_be_asked_again(
    platform: Platform, options: ReadAccountsOptions
) -> None:
    sdk = digime_sdk.blocking.init(application_id="app", base_url=platform.at("busy"))
    with pytest.raises(digime_sdk.HTTPError) as caught:
        sdk.read_accounts(**options)
    assert caught.value.retry_after == 86_400_000


def test_a_refusal_has_the_platforms_explanation(platform: Platform, options: ReadAccountsOptions) -> None:
    sdk = digime_sdk.blocking.init(application_id="app", base_url=platform.at("refusing"))
    with pytest.raises(digime_sdk.ServerError) as caught:
        sdk.push_data(**options, type="provider", account_id="1", version="stu3", data={"resourceType": "Binary"})
    assert caught.value.name == "DigiMeServerError"
    assert caught.value.error == {
        "code": "Refused",
        "message": "no",
        "reference": "r-1",
        "status_code": 400,
        "status_message": "Bad Request",
    }


def test_an_answer_that_does_not_fit_is_a_validation_error_of_no_option(
    platform: Platform, contract_details: ContractDetails
) -> None:
    sdk = digime_sdk.blocking.init(application_id="app", base_url=platform.at("ok"))
    with pytest.raises(digime_sdk.TypeValidationError) as caught:
        sdk.get_authorize_url(contract_details=contract_details, callback="http://localhost/", state="state")
    assert caught.value.path == ""


def test_a_transport_error_says_what_the_network_reported(options: ReadAccountsOptions) -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        address = f"http://127.0.0.1:{listener.getsockname()[1]}/"
    sdk = digime_sdk.blocking.init(application_id="app", base_url=address, retry_options={"limit": 0})
    with pytest.raises(digime_sdk.TransportError) as caught:
        sdk.read_accounts(**options)
    assert caught.value.network_error == "ECONNREFUSED"


def test_a_connection_that_was_refused_has_sent_nothing(options: ReadAccountsOptions) -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        address = f"http://127.0.0.1:{listener.getsockname()[1]}/"
    sdk = digime_sdk.blocking.init(application_id="app", base_url=address, retry_options={"limit": 0})
    with pytest.raises(digime_sdk.TransportError) as caught:
        sdk.read_accounts(**options)
    assert caught.value.sent == "nothing"


def test_a_server_that_closes_in_place_of_an_answer_may_have_acted(
    platform: Platform, options: ReadAccountsOptions
) -> None:
    sdk = digime_sdk.blocking.init(application_id="app", base_url=platform.at("closing"), retry_options={"limit": 0})
    with pytest.raises(digime_sdk.TransportError) as caught:
        sdk.read_accounts(**options)
    assert caught.value.sent in ("maybe", "whole")
    assert len(platform.requests) == 1
    data: digime_sdk.PushedFileMeta = {
        "file_data": b"content",
        "file_name": "a.pdf",
        "file_descriptor": {"mime_type": "application/pdf", "accounts": [{"account_id": "1"}]},
    }
    with pytest.raises(digime_sdk.TransportError) as caught:
        sdk.push_data(**options, data=data)
    assert caught.value.sent in ("maybe", "whole")
    assert len(platform.requests) == 2


def test_a_time_out_says_how_much_was_sent(platform: Platform, options: ReadAccountsOptions) -> None:
    sdk = digime_sdk.blocking.init(application_id="app", base_url=platform.at("silent"), retry_options={"limit": 0})
    options["timeouts"] = {"idle": 50}
    with pytest.raises(digime_sdk.TimeoutError) as caught:
        sdk.read_accounts(**options)
    assert caught.value.phase == "idle"
    assert caught.value.sent in ("maybe", "whole")


def test_a_time_out_says_which(platform: Platform, options: ReadAccountsOptions) -> None:
    sdk = digime_sdk.blocking.init(
        application_id="app", base_url=platform.at("silent"), retry_options={"limit": 0}, timeouts={"total": 50}
    )
    with pytest.raises(builtins.TimeoutError) as caught:
        sdk.read_accounts(**options)
    assert isinstance(caught.value, digime_sdk.TimeoutError)
    assert (caught.value.phase, caught.value.after) == ("total", 50)


def test_a_call_may_have_time_outs_of_its_own(platform: Platform, options: ReadAccountsOptions) -> None:
    sdk = digime_sdk.blocking.init(application_id="app", base_url=platform.at("silent"), retry_options={"limit": 0})
    options["timeouts"] = {"total": 50}
    with pytest.raises(digime_sdk.TimeoutError) as caught:
        sdk.read_accounts(**options)
    assert (caught.value.phase, caught.value.after) == ("total", 50)


def samples(token: UserAccessToken) -> list[digime_sdk.DigiMeSDKError]:
    response = digime_sdk.FailedResponse(500, "Internal Server Error", {"a": "b"}, "body")
    return [
        digime_sdk.DigiMeSDKError("m", user_access_token=token),
        digime_sdk.ServerError("m", error={"code": "InvalidToken", "message": "m", "reference": "r"}),
        digime_sdk.SDKInvalidError("m", error={"code": "SDKInvalid", "message": "m", "reference": "r"}, retry_after=5),
        digime_sdk.TypeValidationError("m", path="options.state"),
        digime_sdk.FileDecryptionError("m"),
        digime_sdk.FileLimitError("m", limit="a setting"),
        digime_sdk.HTTPError("m", response=response, user_access_token=token),
        digime_sdk.TimeoutError("m", phase="idle", after=5, sent="whole"),
        digime_sdk.TransportError("m", network_error="EPIPE", sent="maybe"),
        digime_sdk.TokenVerificationError("m"),
        digime_sdk.UploadNotRepeatableError("m", user_access_token=token),
        digime_sdk.ClientClosedError("m"),
        digime_sdk.ConnectDeniedError("m", error_code="UserDenied"),
        digime_sdk.ConnectStateError("m", reason="used"),
        digime_sdk.NotConnectedError("m"),
        digime_sdk.ConnectionExpiredError("m", reason="InvalidGrant"),
        digime_sdk.ConnectionConflictError("m"),
        digime_sdk.ProviderDataError("m", findings=[{"rule": "bsn"}]),
        digime_sdk.PkbError("m", pkb_code="invalid_client", status_code=401),
        digime_sdk.LinkDeniedError("m", error="access_denied"),
        digime_sdk.LinkStateError("m", reason="used"),
        digime_sdk.NotLinkedError("m"),
        digime_sdk.LinkExpiredError("m", reason="API_SESSION_EXPIRED"),
        digime_sdk.LinkConflictError("m", conflict="publicId"),
        digime_sdk.StoreError("m", operation="write"),
        digime_sdk.FhirError("m", pkb_code=None, status_code=403, issues=[], operation_outcome={"text": "secret"}),
    ]


@pytest.mark.parametrize(
    "again",
    [lambda error: pickle.loads(pickle.dumps(error)), copy.copy, copy.deepcopy],
    ids=["pickle", "copy", "deepcopy"],
)
def test_errors_can_be_pickled_and_copied(again: Any, user_access_token: UserAccessToken) -> None:
    assert {type(error) for error in samples(user_access_token)} == set(errors.CLASSES.values())
    for error in samples(user_access_token):
        twin = again(error)
        assert type(twin) is type(error)
        assert (str(twin), twin.args) == (str(error), error.args)
        assert vars(twin) == vars(error)


def test_errors_can_be_made_of_their_arguments_which_are_json_without_secrets(
    user_access_token: UserAccessToken,
) -> None:
    for error in samples(user_access_token):
        told = json.dumps(error.args)
        assert "secret" not in told
        twin = type(error)(*json.loads(told))
        assert (str(twin), twin.retry_after) == (str(error), error.retry_after)
        kept = {"path", "phase", "after", "sent", "network_error", "limit", "operation", "reason", "conflict", "error"}
        kept |= {"error_code"}
        for name in kept & vars(error).keys():
            assert getattr(twin, name) == getattr(error, name)


def test_a_refusal_shows_its_code_and_reference_in_one_line() -> None:
    error = digime_sdk.ServerError("no", error={"code": "Refused", "message": "no", "reference": "r-1"})
    assert str(error) == "no (code Refused, reference r-1)"
    assert repr(error) == "ServerError('no (code Refused, reference r-1)')"
    assert error.args[0] == "no"
    odd = digime_sdk.ServerError("no", error={"code": "a\r\n\x1b[2J", "reference": "r" * 5000})
    assert str(odd) == "no (code a\\r\\n\\x1b[2J, reference rrrrrrrrrrrrrrrr\u2026)"


def test_a_wrong_option_is_told_of_in_pythons_words(contract_details: ContractDetails) -> None:
    sdk: Any = digime_sdk.blocking.init(application_id="app")
    wrongly: list[tuple[Callable[..., object], dict[str, Any], str]] = [
        (sdk.get_authorize_url, {"state": "s"}, "callback: is missing"),
        (sdk.get_authorize_url, {"callback": ["b"]}, "callback: expected a string, got a list"),
        (sdk.get_authorize_url, {"callback": {}}, "callback: expected a string, got a dict"),
        (sdk.exchange_code_for_token, {"authorization_code": None}, "authorization_code: expected a string, got None"),
        (
            sdk.exchange_code_for_token,
            {"authorization_code": True},
            "authorization_code: expected a string, got a bool",
        ),
        (sdk.read_accounts, {"user_access_token": "t"}, "user_access_token: expected a dict, got a string"),
        (sdk.get_reauthorize_url, {"callback": "https://app.example"}, "user_access_token: is missing"),
    ]
    for call, options, told in wrongly:
        with pytest.raises(digime_sdk.TypeValidationError) as caught:
            call(contract_details=contract_details, **options)
        assert str(caught.value) == f"options.{told}"
        assert repr(caught.value) == f"TypeValidationError('options.{told}')"
    with pytest.raises(digime_sdk.TypeValidationError) as caught:
        digime_sdk.init([])  # type: ignore[call-overload] # pyright: ignore[reportCallIssue, reportArgumentType]
    assert str(caught.value) == "config: expected a dict, got a list"


def test_no_token_is_shown(user_access_token: UserAccessToken) -> None:
    for error in samples(user_access_token):
        assert "secret" not in repr(error) + str(error)


def test_what_the_platform_says_stands_in_one_line_and_is_cut_where_it_is_long(options: ReadAccountsOptions) -> None:
    said = "no\r\n\x1b[2J secret-access " + "x" * 50_000
    body = json.dumps({"error": {"code": said, "message": said, "reference": said}}).encode()

    class Refusing(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(403)
            self.send_header("content-length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the base class's name for it
            """Say nothing."""

    with HTTPServer(("127.0.0.1", 0), Refusing) as server:
        threading.Thread(target=server.handle_request, daemon=True).start()
        sdk = digime_sdk.blocking.init(application_id="app", base_url=f"http://127.0.0.1:{server.server_port}/")
        with pytest.raises(digime_sdk.ServerError) as caught:
            sdk.read_accounts(**options)
    assert caught.value.error["message"] == said.replace("secret-access", "[redacted]")
    for shown in (str(caught.value), repr(caught.value)):
        assert "[2J [redacted] xxx" in shown
        assert not {"\x1b", "\r", "\n"} & set(shown)
        assert len(shown) < 600
