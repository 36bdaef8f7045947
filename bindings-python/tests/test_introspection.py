"""What those see who look at the package while it runs: `help`, signatures, completion, annotations."""

from __future__ import annotations

import asyncio
import importlib
import inspect
import keyword
import pydoc
import re
import rlcompleter
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any, Optional, get_args, get_type_hints
from unittest.mock import create_autospec

import digime_sdk
import pytest
from digime_sdk import blocking

if TYPE_CHECKING:
    from digime_sdk import ReadAccountsOptions

PACKAGE = Path(__file__).parents[1]
MODULES = pytest.mark.parametrize("module", [digime_sdk, blocking], ids=["asyncio", "blocking"])
SDKS = {"digime": ("DigiMeSDK", "init"), "pkb": ("PkbSDK", "init_pkb")}
PLATFORMS = pytest.mark.parametrize("platform", SDKS)

LOOK_EVERYTHING_UP = """
import inspect, sys, typing
import digime_sdk
from digime_sdk import blocking, errors

found = 0
for module in (digime_sdk, blocking, errors):
    for name in module.__all__:
        listed = getattr(module, name)
        if not inspect.isclass(listed) and not inspect.isfunction(listed):
            continue  # an alias
        members = vars(listed).items() if inspect.isclass(listed) else ()
        functions = [getattr(member, "fget", member) for _, member in members]
        for each in (listed, *filter(inspect.isfunction, functions)):
            typing.get_type_hints(each)
            typing.get_type_hints(each, include_extras=True)
            found += 1
unasked = {"httpx", "hypothesis", "opentelemetry", "pydantic"} & sys.modules.keys()
assert not unasked, unasked
print(found)
"""


def snake_case(name: str) -> str:
    snake = "".join(f"_{letter.lower()}" if letter.isupper() else letter for letter in name)
    return f"{snake}_" if keyword.iskeyword(snake) else snake


def spelled(names: Any) -> set[str]:
    """Give options as Python spells them; functions that an iterator stands for are none."""
    return {snake_case(name) for name, schema in names.items() if "x-skin" not in schema}


def shown(thing: Any) -> str:
    return re.sub(".\b", "", pydoc.render_doc(thing))  # what is printed twice is bold


@MODULES
@PLATFORMS
def test_the_signature_of_a_call_has_its_options(module: Any, platform: str, description: dict[str, Any]) -> None:
    types = description["types"]
    every = spelled(description["everyCall"]) | {"parse_float"}
    (operations,) = [each["operations"] for each in description["platforms"] if each["name"] == platform]
    for operation in operations:
        options = types[operation["options"]["$ref"].rsplit("/", 1)[1]]
        variants = [types[each["$ref"].rsplit("/", 1)[1]] for each in options.get("anyOf", [])] or [options]
        named = set().union(*(spelled(variant.get("properties", {})) for variant in variants)) | every
        # What another option may be given in place of, an option that is there for the one alone.
        replaced = {schema.get("x-in-place-of") for each in variants for schema in each.get("properties", {}).values()}
        required = set.intersection(
            *({snake_case(name) for name in set(each.get("required", [])) - replaced} for each in variants)
        )
        call = getattr(getattr(module, SDKS[platform][0]), snake_case(operation["name"]))
        (_, *keywords) = inspect.signature(call).parameters.values()
        assert {each.kind for each in keywords} == {inspect.Parameter.KEYWORD_ONLY}
        assert {each.name for each in keywords} == named, operation["name"]
        assert {each.name for each in keywords if each.default is each.empty} == required, operation["name"]


@MODULES
@PLATFORMS
def test_the_signature_of_init_has_the_members_of_the_configuration(
    module: Any, platform: str, description: dict[str, Any]
) -> None:
    (config,) = [each["config"] for each in description["platforms"] if each["name"] == platform]
    schema = description["types"][config["$ref"].rsplit("/", 1)[1]]
    whole, *keywords = inspect.signature(getattr(module, SDKS[platform][1])).parameters.values()
    assert (whole.name, whole.kind) == ("config", inspect.Parameter.POSITIONAL_ONLY)
    members = {snake_case(name) for name in schema["properties"]} - {"fetch"} | {"transport", "parse_float"}
    assert {each.name for each in keywords} == members
    # What is required may also be in the mapping.
    assert {each.name for each in keywords if repr(each.default) == "<in config>"} == {
        snake_case(name) for name in schema["required"]
    }


def test_a_signature_has_types_defaults_and_the_answer() -> None:
    signature = inspect.signature(digime_sdk.DigiMeSDK.push_data)
    options = signature.parameters
    assert options["contract_details"].annotation is digime_sdk.ContractDetails
    # In place of which one's own id of a user may be given.
    assert options["user_access_token"].annotation == Optional[digime_sdk.UserAccessToken]
    # What one of the two kinds of data needs may be left out with the other.
    assert (options["account_id"].default, options["data"].default) == (None, inspect.Parameter.empty)
    assert signature.return_annotation is None
    assert inspect.signature(digime_sdk.DigiMeSDK.close).return_annotation is digime_sdk.CloseResponse
    assert next(iter(inspect.signature(digime_sdk.init(application_id="app").close).parameters)) == "timeout"


def test_help_tells_of_each_option_of_a_call() -> None:
    text = shown(digime_sdk.DigiMeSDK.push_data)
    assert "contract_details: digime_sdk.ContractDetails" in text
    assert "data (of PushDataToLibraryOptions): The file." in text
    assert "data (of PushDataToProviderOptions): The FHIR resource" in text
    assert "timeouts (optional): Time-outs of this call" in text
    assert "**options" not in text
    assert "Default `False`." in shown(digime_sdk.DigiMeSDK.list_storage_files)


@MODULES
def test_help_tells_of_each_member_of_the_configuration(module: Any) -> None:
    assert "application_id: The application's id, as digi.me gave it." in shown(module.init)
    assert "encryption_key (optional): The key that encrypts the tokens" in shown(module.init_pkb)


@MODULES
def test_nothing_that_an_sdk_was_given_is_shown(module: Any) -> None:
    sdk = module.init_pkb(
        client_id="client",
        client_secret="not-to-be-shown",
        redirect_uri="https://example.org/back",
        environment="sandbox",
    )
    looks = [shown(sdk), shown(sdk.get_link_url), str(inspect.signature(sdk.get_link_url)), str(dir(sdk))]
    assert [each for each in looks if "not-to-be-shown" in each] == []


@MODULES
def test_completion_knows_the_calls_and_what_the_modules_export(module: Any) -> None:
    sdk = module.init(application_id="app")
    completer = rlcompleter.Completer({"sdk": sdk})
    assert completer.complete("sdk.push_", 0) == "sdk.push_data("
    exported = {*module.__all__, "errors", "blocking", "httpx", "opentelemetry", "testing"}
    assert {name for name in dir(module) if not name.startswith("_")} <= exported


def test_a_double_made_of_an_sdk_takes_what_the_sdk_takes(options: ReadAccountsOptions) -> None:
    init = create_autospec(digime_sdk.init)
    init(application_id="app")
    init({"application_id": "app"})
    with pytest.raises(TypeError):
        init(aplication_id="app")
    double = create_autospec(digime_sdk.init(application_id="app"))
    double.read_accounts.return_value = {"accounts": []}
    assert asyncio.run(double.read_accounts(**options)) == {"accounts": []}
    with pytest.raises(TypeError):
        double.read_accounts(user_access_token=options["user_access_token"])


@pytest.mark.parametrize(
    "before",
    ["import typing_extensions", "import sys; sys.modules['typing_extensions'] = None"],
    ids=["with", "without"],
)
def test_every_annotation_can_be_looked_up_with_and_without_typing_extensions(before: str) -> None:
    command = [sys.executable, "-c", f"{before}\n{LOOK_EVERYTHING_UP}"]
    looked = subprocess.run(command, cwd=PACKAGE, capture_output=True, text=True, check=False)
    assert looked.returncode == 0, looked.stderr
    assert int(looked.stdout) > 300


@pytest.mark.parametrize("named", ["digime_sdk.httpx", "digime_sdk.opentelemetry", "digime_sdk.testing"])
def test_so_can_those_of_modules_that_need_other_packages(named: str) -> None:
    module = importlib.import_module(named)
    for listed in (getattr(module, name) for name in module.__all__):
        methods = [each for each in (listed, *vars(listed).values()) if inspect.isfunction(each)]
        assert [get_type_hints(each) for each in methods]


def test_hints_are_the_types_themselves() -> None:
    assert get_type_hints(digime_sdk.UserAccessToken)["accessToken"] is digime_sdk.Token
    assert get_type_hints(blocking.ReadFileStreamResponse)["body"] is blocking.ByteStream
    assert get_type_hints(digime_sdk.TransportRequest)["timeout"] == Optional[float]
    assert get_type_hints(digime_sdk.DigiMeSDK.query_sources)["return"] is digime_sdk.QuerySourcesResponse
    answers = (digime_sdk.ReadAccountsResponse, digime_sdk.ReadAccountsForAppUserResponse)
    assert get_args(get_type_hints(digime_sdk.DigiMeSDK.read_accounts)["return"]) == answers


def test_types_know_which_of_their_members_may_be_absent() -> None:
    assert digime_sdk.UserAccessToken.__optional_keys__ == {"user", "consentid"}
    assert digime_sdk.UserAccessToken.__required_keys__ == {"accessToken", "refreshToken"}
