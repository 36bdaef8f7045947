"""What options may be: everything else is refused by its path, and nothing crashes."""

from __future__ import annotations

import asyncio
import datetime
import types
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

import digime_sdk
import pytest
from digime_sdk import TypeValidationError

if TYPE_CHECKING:
    from digime_sdk import ContractDetails, UserAccessToken
    from platform_double import Platform


@pytest.fixture
def push(platform: Platform, contract_details: ContractDetails, user_access_token: UserAccessToken) -> Any:
    """Push FHIR data, in which anything may stand."""
    sdk = digime_sdk.blocking.init(application_id="app", base_url=platform.at("ok"))

    def pushed(data: Any) -> bytes:
        sdk.push_data(
            type="provider",
            contract_details=contract_details,
            user_access_token=user_access_token,
            account_id="19_1",
            version="stu3",
            standard="fhir",
            data=data,
        )
        return platform.bodies[-1]

    return pushed


def nested(depth: int) -> dict[str, Any]:
    data: dict[str, Any] = {}
    for _ in range(depth):
        data = {"a": data}
    return data


def cyclic() -> dict[str, Any]:
    data: dict[str, Any] = {}
    data["one"] = data["other"] = [data]
    return data


@pytest.mark.parametrize(
    ("data", "path", "reason"),
    [
        ({"birthDate": datetime.date(2000, 1, 1)}, "options.data.birthDate", "of type datetime.date"),
        ({"a": [0, {"b": Path("x")}]}, "options.data.a[1].b", "PosixPath|WindowsPath"),
        ({"a": float("nan")}, "options.data.a", "finite"),
        ({"a": float("-inf")}, "options.data.a", "finite"),
        ({"\ud800secret": 1}, "options.data", "surrogates"),
        ({"a": {1: 2}}, "options.data.a", "names must be str, got int"),
        (cyclic(), "options.data.one[0]", "contains itself"),
        (nested(100_000), "options.data" + ".a" * 6, "deeper than 128"),
    ],
    ids=["date", "path", "nan", "infinite", "surrogate", "name", "cycle", "depth"],
)
def test_what_no_option_can_be_is_refused_by_its_path(push: Any, data: Any, path: str, reason: str) -> None:
    with pytest.raises(TypeValidationError, match=reason) as caught:
        push(data)
    assert caught.value.path == path
    assert "secret" not in str(caught.value)


def test_any_mapping_and_tuples_are_taken(push: Any) -> None:
    data = types.MappingProxyType({"resourceType": "Bundle", "entry": (1, -1.5, True, None, "é")})
    assert push(data) == '{"resourceType":"Bundle","entry":[1,-1.5,true,null,"é"]}'.encode()


def test_what_an_options_own_code_raises_reaches_the_caller(push: Any) -> None:
    failure = LookupError("the mapping's own")

    class Broken(Mapping[str, int]):
        def __getitem__(self, _: str) -> int:
            raise failure

        def __iter__(self) -> Iterator[str]:
            return iter(["a"])

        def __len__(self) -> int:
            return 1

    with pytest.raises(LookupError) as caught:
        push(Broken())
    assert caught.value is failure


@pytest.mark.parametrize("init", [digime_sdk.init, digime_sdk.blocking.init], ids=["asyncio", "blocking"])
@pytest.mark.parametrize(
    ("config", "path"),
    [
        ("app", "config"),
        (5, "config"),
        (None, "config.application_id"),
        ({"application_id": ""}, "config.application_id"),
        ({"application_id": "app", "retry_options": {"limit": "2"}}, "config.retry_options.limit"),
        ({"application_id": "app", "agent": datetime.date(2000, 1, 1)}, "config.agent"),
    ],
)
def test_a_wrong_configuration_is_refused_at_once(init: Any, config: Any, path: str) -> None:
    with pytest.raises(TypeValidationError) as caught:
        init(config)
    assert caught.value.path == path


def test_none_leaves_an_option_out(
    platform: Platform, contract_details: ContractDetails, user_access_token: UserAccessToken
) -> None:
    sdk = digime_sdk.blocking.init(application_id="app", base_url=platform.at("ok"), timeouts=None)
    sdk.push_data(
        type=None,
        contract_details=contract_details,
        user_access_token=user_access_token,
        data={
            "file_data": b"content",
            "file_name": "a.pdf",
            "file_descriptor": {"mime_type": "application/pdf", "accounts": [{"account_id": "1"}], "tags": None},
        },
        on_access_token_change=None,
    )
    assert platform.bodies == [b"content"]


def test_a_missing_option_is_named() -> None:
    sdk = digime_sdk.blocking.init(application_id="app")
    with pytest.raises(TypeValidationError) as caught:
        sdk.read_accounts()  # type: ignore[call-overload] # pyright: ignore[reportCallIssue]
    assert caught.value.path == "options.contract_details"


def test_an_environment_variable_that_is_wrong_is_named_as_it_is(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DIGIME_BASE_URL", "nowhere")
    with pytest.raises(digime_sdk.TypeValidationError) as raised:
        digime_sdk.init(application_id="app")
    assert raised.value.path == "DIGIME_BASE_URL"


def test_names_of_options_are_spelled_in_pythons_way_and_names_that_an_application_made_up_are_not() -> None:
    sdk: Any = digime_sdk.blocking.init_pkb(
        client_id="app",
        redirect_uri="http://127.0.0.1/return",
        environment="sandbox",
        endpoints={"base_url": "http://127.0.0.1:1"},
    )
    for options, expected in [
        ({"app_user_id": "u", "headers": {"X-requestId": 1}}, "options.headers.X-requestId: expected a string"),
        ({"app_user_id": "u", "query": {"birthDate": lambda: None}}, "options.query.birthDate: expected"),
        ({}, "options.app_user_id: is missing, and so is org_public_id:"),
    ]:
        with pytest.raises(digime_sdk.TypeValidationError) as caught:
            sdk.request(path="/json/users/self", **options)
        assert expected in str(caught.value)


@pytest.mark.parametrize("module", [digime_sdk, digime_sdk.blocking], ids=["asyncio", "blocking"])
@pytest.mark.parametrize(
    ("init", "keywords", "message"),
    [
        ("init", {"aplication_id": "app"}, "'aplication_id'. Did you mean 'application_id'?"),
        ("init", {"application_id": "app", "colour": 1}, "'colour'"),
        ("init_pkb", {"stor": "links.db"}, "'stor'. Did you mean 'store'?"),
    ],
)
def test_a_keyword_that_a_configuration_does_not_take_is_a_type_error(
    module: Any, init: str, keywords: dict[str, Any], message: str
) -> None:
    with pytest.raises(TypeError) as caught:
        getattr(module, init)(**keywords)
    assert str(caught.value) == f"{init}() got an unexpected keyword argument {message}"


KEYWORDS = [
    ("read_accounts", "on_access_token_chang", " Did you mean 'on_access_token_change'?"),
    ("read_accounts", "colour", ""),
    ("push_data", "acount_id", " Did you mean 'account_id'?"),
    ("get_contract_details", "user_access_token", ""),
]


@pytest.mark.parametrize(("call", "keyword", "hint"), KEYWORDS)
def test_a_keyword_that_a_call_does_not_take_is_a_type_error(
    platform: Platform, options: Any, call: str, keyword: str, hint: str
) -> None:
    message = f"{call}() got an unexpected keyword argument '{keyword}'" + (f".{hint}" if hint else "")
    given = {"contract_details": options["contract_details"], keyword: "secret"}
    plain: Any = digime_sdk.blocking.init(application_id="app", base_url=platform.at("ok"))
    with pytest.raises(TypeError) as caught:
        getattr(plain, call)(**given)
    assert str(caught.value) == message

    async def main() -> None:
        sdk: Any = digime_sdk.init(application_id="app", base_url=platform.at("ok"))
        await getattr(sdk, call)(**given)

    with pytest.raises(TypeError) as caught:
        asyncio.run(main())
    assert str(caught.value) == message
    assert platform.requests == []


def test_keywords_may_be_spelled_as_the_wire_does(platform: Platform, options: Any) -> None:
    init: Any = digime_sdk.blocking.init
    sdk = init(applicationId="app", baseUrl=platform.at("ok"))
    spelled = {"contractDetails": options["contract_details"], "userAccessToken": options["user_access_token"]}
    assert sdk.read_accounts(**spelled)["accounts"]
    with pytest.raises(digime_sdk.TypeValidationError, match="format"):
        sdk.get_portability_report(**options, **{"from": 0, "service_type": "medmij", "format": 1})
