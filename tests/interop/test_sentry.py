"""What must hold with Sentry, whose events carry the locals of frames: none that is secret, or about a person."""

from __future__ import annotations

import asyncio
import io
import json
from collections.abc import Callable, Iterator
from typing import Any

import digime_sdk
import httpx
import pytest
import sentry_sdk
from digime_sdk import blocking
from digime_sdk.httpx import BlockingHttpxTransport, HttpxTransport
from sentry_sdk.transport import Transport

from sandbox import Sandbox

SECRETS = {
    "access": "secret-access-token",
    "refresh": "secret-refresh-token",
    "user": "secret-user-id",
    "account": "secret-account-id",
    "app user": "secret-app-user",
    "public id": "secret-public-id",
    "client": "secret-client-secret",
    "content": "secret-content",
    "code": "secret-code",
}
KEY = "PRIVATE KEY-----"


class Kept(Transport):
    """Keeps events instead of sending them."""

    def __init__(self, options: Any = None) -> None:  # noqa: D107
        super().__init__(options)
        self.events: list[dict[str, Any]] = []

    def capture_envelope(self, envelope: Any) -> None:
        """Keep the event."""
        event = envelope.get_event()
        if event:
            self.events.append(event)


@pytest.fixture
def kept() -> Iterator[Kept]:
    """Sentry as it is by default, but for where its events go and how many entries of a dict it shows."""
    transport = Kept()
    sentry_sdk.init(dsn="http://key@127.0.0.1/1", transport=transport, default_integrations=False)
    yield transport
    sentry_sdk.init()


class Application:
    """What an application holds, in no local of its own."""

    def __init__(self, sandbox: Sandbox) -> None:  # noqa: D107
        self.contract = sandbox.contract("push")
        self.token: digime_sdk.UserAccessToken = {
            "accessToken": {"value": SECRETS["access"], "expiry": 4_102_444_800},
            "refreshToken": {"value": SECRETS["refresh"], "expiry": 4_102_444_800},
            "user": {"id": SECRETS["user"]},
        }
        self.config: Any = {"application_id": sandbox.announced["applicationId"]}
        self.addresses = {name: sandbox.announced[name.replace("_u", "U")] for name in ("base_url", "onboard_url")}
        self.pkb: Any = {
            "client_id": sandbox.pkb["clientId"],
            "client_secret": SECRETS["client"],
            "redirect_uri": sandbox.pkb["redirectUris"][0],
            "environment": "sandbox",
            "endpoints": {"base_url": sandbox.pkb["baseUrl"]},
        }
        self.options: Any = {"contract_details": self.contract, "user_access_token": self.token}
        self.user: Any = {"app_user_id": SECRETS["app user"]}

    def pushing(self, content: Any) -> Any:
        """Give the options of a push."""
        descriptor = {"mime_type": "text/plain", "accounts": [{"account_id": SECRETS["account"]}]}
        return {**self.options, "data": {"file_data": content, "file_name": "a", "file_descriptor": descriptor}}

    def pieces(self, failing: bool) -> Iterator[Any]:
        """Give a content in pieces, which ends badly."""
        yield SECRETS["content"].encode()
        if failing:
            raise LookupError
        yield SECRETS["content"]


@pytest.fixture
def application(sandbox: Sandbox) -> Application:
    return Application(sandbox)


def failing(message: str) -> Callable[[Any], Any]:
    """Make a function of an application that fails."""

    def fail(*_: Any) -> Any:
        del _
        raise LookupError(message)

    return fail


DIGIME: dict[str, Callable[[Any, Application], Any]] = {
    "refused by the platform": lambda sdk, own: sdk.read_accounts(**own.options),
    "a wrong option": lambda sdk, own: sdk.read_accounts(**own.options, timeouts=5),
    "an unknown option": lambda sdk, own: sdk.read_accounts(**own.options, contract=1),
    "a wrong function": lambda sdk, own: sdk.read_accounts(**own.options, parse_float=5),
    "an object that is no option": lambda sdk, own: sdk.read_accounts(**{**own.options, "timeouts": own}),
    "a content that fails": lambda sdk, own: sdk.push_data(**own.pushing(own.pieces(failing=True))),
    "a content that is no bytes": lambda sdk, own: sdk.push_data(**own.pushing(own.pieces(failing=False))),
    "a content that cannot be read": lambda sdk, own: sdk.push_data(**own.pushing(io.StringIO())),
    "a code that is refused": lambda sdk, own: sdk.exchange_code_for_token(
        contract_details=own.contract, authorization_code=SECRETS["code"], code_verifier=SECRETS["code"]
    ),
    "a reading": lambda sdk, own: sdk.read_all_files(
        session_key="session",
        contract_id=own.contract["contract_id"],
        private_key=own.contract["private_key"],
        user_access_token=own.token,
    ),
}
PKB: dict[str, Callable[[Any, Application], Any]] = {
    "not linked": lambda sdk, own: sdk.get_current_user(**own.user),
    "a wrong option": lambda sdk, own: sdk.get_current_user(**own.user, timeouts=5),
    "a search": lambda sdk, own: sdk.fhir_search(**own.user, resource_type="Patient"),
    "a store that fails": lambda sdk, own: sdk.get_link(**own.user),
}

STORE = [
    "get_link",
    "find_links",
    "list_links",
    "put_link",
    "remove_link",
    "get_attempt",
    "put_attempt",
    "remove_attempts",
]


def run(outcome: Any, *, is_async: bool) -> None:
    """Wait for what a call gives."""
    if not is_async:
        if hasattr(outcome, "result"):
            outcome.result()
        elif hasattr(outcome, "__next__"):
            next(outcome)
        return

    async def main(outcome: Any) -> None:
        if hasattr(outcome, "__anext__"):
            await outcome.__anext__()
        else:
            await outcome

    asyncio.run(main(outcome))


def check(kept: Kept, error: BaseException) -> None:
    """Let Sentry send an event of the error, and look for secrets in all of it but the frames of this application."""
    sentry_sdk.capture_exception(error)
    sentry_sdk.flush()
    [event] = kept.events
    traces = [value.get("stacktrace", {"frames": []}) for value in event["exception"]["values"]]
    frames = [frame for trace in traces for frame in trace["frames"]]
    assert any(frame["vars"] for frame in frames if frame["module"].startswith("digime_sdk"))
    for frame in frames:
        if frame["module"] == __name__:
            frame.clear()
    text = json.dumps(event, default=repr)
    assert [name for name, secret in SECRETS.items() if secret in text] == []
    assert KEY not in text


@pytest.mark.parametrize("flavour", ["asyncio", "blocking"])
@pytest.mark.parametrize("call", DIGIME)
def test_a_failing_call_of_digi_me_shows_no_secret(
    kept: Kept, application: Application, flavour: str, call: str
) -> None:
    module: Any = digime_sdk if flavour == "asyncio" else blocking
    sdk = module.init(**application.config, **application.addresses)
    with pytest.raises(Exception) as caught:  # noqa: PT011 - whichever it is
        run(DIGIME[call](sdk, application), is_async=flavour == "asyncio")
    check(kept, caught.value)


@pytest.mark.parametrize("flavour", ["asyncio", "blocking"])
@pytest.mark.parametrize("call", PKB)
def test_a_failing_call_of_pkb_shows_no_secret(kept: Kept, application: Application, flavour: str, call: str) -> None:
    module: Any = digime_sdk if flavour == "asyncio" else blocking
    store = dict.fromkeys(STORE, failing("the store is gone"))
    more: Any = {"store": store, "encryption_key": "A" * 43 + "="} if call == "a store that fails" else {}
    sdk = module.init_pkb(**application.pkb, **more)
    with pytest.raises(Exception) as caught:  # noqa: PT011 - whichever it is
        run(PKB[call](sdk, application), is_async=flavour == "asyncio")
    check(kept, caught.value)


@pytest.mark.parametrize("flavour", ["asyncio", "blocking"])
def test_a_transport_of_httpx_that_fails_shows_no_secret(kept: Kept, application: Application, flavour: str) -> None:
    config: Any = {**application.config, "base_url": "http://127.0.0.1:1/", "retry_options": {"limit": 0}}
    is_async = flavour == "asyncio"
    sdk: Any = (
        digime_sdk.init(**config, transport=HttpxTransport(httpx.AsyncClient()))
        if is_async
        else blocking.init(**config, transport=BlockingHttpxTransport(httpx.Client()))
    )
    with pytest.raises(digime_sdk.TransportError) as caught:
        run(sdk.push_data(**application.pushing(SECRETS["content"].encode())), is_async=is_async)
    assert isinstance(caught.value.__cause__, httpx.ConnectError)
    check(kept, caught.value)


@pytest.mark.parametrize("module", [digime_sdk, blocking], ids=["asyncio", "blocking"])
@pytest.mark.parametrize(
    "wrong", [{"timeouts": 5}, {"client": 1}, {"parse_float": 5}], ids=["type", "name", "function"]
)
def test_a_configuration_that_is_refused_shows_no_secret(
    kept: Kept, application: Application, module: Any, wrong: dict[str, Any]
) -> None:
    with pytest.raises(Exception) as caught:  # noqa: PT011 - whichever it is
        module.init_pkb(**application.pkb, **wrong)
    check(kept, caught.value)


@pytest.mark.parametrize("flavour", ["asyncio", "blocking"])
def test_a_hook_that_fails_to_store_a_token_shows_none_in_our_frames(
    kept: Kept, application: Application, sandbox: Sandbox, flavour: str
) -> None:
    plain = blocking.init(**application.config, **application.addresses)
    asked = plain.get_authorize_url(
        contract_details=application.contract,
        callback="http://127.0.0.1/return",
        state="state",
        include_sample_data_only_sources=True,
    )
    code = sandbox.consent(asked["url"], "My digi.me library")
    application.token = plain.exchange_code_for_token(
        contract_details=application.contract, authorization_code=code, code_verifier=asked["code_verifier"]
    )
    sandbox.expire_access_tokens()
    new: list[str] = []

    def fail(token: Any) -> None:
        new.extend((token["accessToken"]["value"], token["refreshToken"]["value"], token["user"]["id"]))
        raise LookupError

    module: Any = digime_sdk if flavour == "asyncio" else blocking
    sdk = module.init(**application.config, **application.addresses)
    with pytest.raises(LookupError) as caught:
        run(
            sdk.read_accounts(
                contract_details=application.contract,
                user_access_token=application.token,
                on_access_token_change=fail,
            ),
            is_async=flavour == "asyncio",
        )
    check(kept, caught.value)
    text = json.dumps(kept.events, default=repr)
    assert len(new) == 3
    assert [value for value in new if value in text] == []
