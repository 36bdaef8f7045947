"""A number keeps its digits, a document its members, a value its identity."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from decimal import Decimal
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import digime_sdk
import pytest
from digime_sdk import FhirError, TypeValidationError
from flavours import FLAVOURS, Flavour

RESOURCE = (
    '{"resourceType":"Observation","value":1.10,"zero":0.00,"pi":3.14159265358979323846,"large":18446744073709551616,'
    '"level":12.470849999999999,"twice":1,"twice":2,"half":"\\ud800"}'
)
ORGANISATION = {"org_public_id": "an-organisation"}


class Echo(ThreadingHTTPServer):
    """Answers everything with one body, and keeps what it was sent last."""

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.status = 200
        self.answer = "{}"
        self.heard = b""

    def pkb(self, flavour: Flavour, **more: Any) -> Any:
        """Give the SDK for a PKB that is this."""
        base_url = f"http://127.0.0.1:{self.server_port}"
        return flavour.init_pkb(
            client_id="a-client",
            environment="sandbox",
            redirect_uri="http://127.0.0.1/return",
            system_client={"client_id": "a-system", "client_secret": "a-secret"},
            endpoints={"base_url": base_url, "facade": {"token_url": f"{base_url}/token"}},
            **more,
        )


class _Handler(BaseHTTPRequestHandler):
    def do_PUT(self) -> None:
        assert isinstance(self.server, Echo)
        body = self.rfile.read(int(self.headers["content-length"] or 0))
        status, answer = self.server.status, self.server.answer
        if self.path == "/token":
            status, answer = 200, '{"access_token":"a-token","expires_in":3600}'
        else:
            self.server.heard = body
        self.send_response(status)
        self.send_header("content-type", "application/fhir+json")
        self.end_headers()
        self.wfile.write(answer.encode())

    def do_GET(self) -> None:
        self.do_PUT()

    def do_POST(self) -> None:
        self.do_PUT()

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the base class's name for it
        """Say nothing."""


@pytest.fixture(params=FLAVOURS.values(), ids=list(FLAVOURS))
def flavour(request: pytest.FixtureRequest) -> Flavour:
    chosen: Flavour = request.param
    return chosen


@pytest.fixture
def echo() -> Iterator[Echo]:
    with Echo() as server:
        threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True).start()
        yield server
        server.shutdown()


def read(echo: Echo, flavour: Flavour, answer: str, **more: Any) -> Any:
    """Give what is read of this answer."""
    echo.answer = answer
    sdk = echo.pkb(flavour)
    return flavour.call(sdk.fhir_read, **ORGANISATION, resource_type="Observation", id="1", **more)


def sent(echo: Echo, flavour: Flavour, body: object) -> str:
    """Give the body that arrives of this one."""
    flavour.call(echo.pkb(flavour).request, **ORGANISATION, path="/anything", method="PUT", body=body)
    return echo.heard.decode()


def test_a_resource_is_what_json_makes_of_it(echo: Echo, flavour: Flavour) -> None:
    resource = read(echo, flavour, RESOURCE)
    assert resource == json.loads(RESOURCE)
    assert list(resource) == list(json.loads(RESOURCE))
    assert resource["large"] == 18446744073709551616
    assert isinstance(resource["value"], float)


def test_decimals_are_had_on_request(echo: Echo, flavour: Flavour) -> None:
    resource = read(echo, flavour, RESOURCE, parse_float=Decimal)
    texts = [str(resource[name]) for name in ("value", "zero", "pi", "level")]
    assert texts == ["1.10", "0.00", "3.14159265358979323846", "12.470849999999999"]
    assert isinstance(resource["twice"], int)


def test_decimals_are_had_of_all_calls_of_a_client(echo: Echo, flavour: Flavour) -> None:
    sdk = echo.pkb(flavour, parse_float=Decimal)
    echo.answer = f'{{"resourceType":"Bundle","entry":[{RESOURCE}]}}'
    (page,) = flavour.pages(sdk.fhir_search(**ORGANISATION, resource_type="Questionnaire"))
    assert str(page["entry"][0]["value"]) == "1.10"
    response = flavour.call(sdk.request, **ORGANISATION, path="/anything", parse_float=str)
    assert response["body"]["entry"][0]["pi"] == "3.14159265358979323846"


def test_what_is_read_edited_and_written_keeps_every_digit(echo: Echo, flavour: Flavour) -> None:
    resource = read(echo, flavour, RESOURCE, parse_float=Decimal)
    resource["edited"] = True
    written = sent(echo, flavour, resource)
    assert written == RESOURCE.replace('"twice":1,', "").replace("}", ',"edited":true}')


def test_numbers_are_written_as_python_writes_them(echo: Echo, flavour: Flavour) -> None:
    body = [1e16, 1e-5, 5.0, -0.0, 0.1, 5e-324, 12.470849999999999, 2**70, -(10**40), True, None, "é\n"]
    assert sent(echo, flavour, body) == json.dumps(body, ensure_ascii=False, separators=(",", ":"))
    # Longer than Python itself writes.
    assert sent(echo, flavour, [10**5000]) == f"[1{'0' * 5000}]"
    decimals = [Decimal("1.10"), Decimal("-0"), Decimal("1E+400"), Decimal(2)]
    assert sent(echo, flavour, decimals) == "[1.10,-0,1E+400,2]"


def test_json_text_and_bytes_are_sent_as_they_are(echo: Echo, flavour: Flavour) -> None:
    assert sent(echo, flavour, RESOURCE) == RESOURCE
    assert sent(echo, flavour, RESOURCE.encode()) == RESOURCE


def test_an_object_is_sent_down_to_128_levels(echo: Echo, flavour: Flavour) -> None:
    body: Any = []
    for _ in range(127):
        body = [body]
    assert sent(echo, flavour, body) == "[" * 128 + "]" * 128
    with pytest.raises(TypeValidationError, match=r"^[^\[]*options\.body(\[0\]){6}: nested deeper than 128 levels"):
        sent(echo, flavour, [body])


def test_what_json_has_no_word_for_is_refused_by_its_path(echo: Echo, flavour: Flavour) -> None:
    for number in (float("nan"), float("inf"), Decimal("NaN"), Decimal("-Infinity"), Decimal("sNaN")):
        with pytest.raises(TypeValidationError, match=r"options\.body\.reading\[0\]: expected a finite number"):
            sent(echo, flavour, {"reading": [number]})
    with pytest.raises(TypeValidationError, match=r"options\.body: expected JSON"):
        sent(echo, flavour, "{nothing")
    with pytest.raises(TypeValidationError, match=r"options\.body: names must be without lone surrogates"):
        sent(echo, flavour, {"\ud800": 1})
    with pytest.raises(TypeValidationError, match=r"options\.body: .* an escape only"):
        sent(echo, flavour, '{"\ud800": 1}')
    with pytest.raises(TypeValidationError, match=r"options\.parse_float: expected a function"):
        read(echo, flavour, RESOURCE, parse_float="Decimal")


def test_a_document_is_read_however_deep_it_is(echo: Echo, flavour: Flavour) -> None:
    depth = 20_000
    text = '{"a": ["\\u00e9", {"b": null, "c": {}}, 1.10, -2, 18446744073709551616, []], "a": '
    answer = text + '[{"x":' * depth + "1.10" + "}]" * depth + "}"
    resource = read(echo, flavour, answer, parse_float=Decimal)
    inner = resource["a"]
    for _ in range(depth):
        inner = inner[0]["x"]
    assert str(inner) == "1.10"
    beside = text.replace('"a": ', '"first": ', 1).removesuffix('"a": ') + '"deep": '
    resource = read(echo, flavour, beside + "[" * depth + "]" * depth + "}")
    assert resource["first"] == ["é", {"b": None, "c": {}}, 1.1, -2, 18446744073709551616, []]


def test_a_whole_number_is_read_however_long_it_is(echo: Echo, flavour: Flavour) -> None:
    resource = read(echo, flavour, f'{{"long":-{"9" * 5000},"short":7}}')
    assert resource == {"long": 1 - 10**5000, "short": 7}


def test_a_refusal_has_its_outcome_as_it_came(echo: Echo, flavour: Flavour) -> None:
    echo.status = 422
    outcome = '{"resourceType":"OperationOutcome","issue":[{"severity":"error","code":"invalid"}],"at":1.10}'
    with pytest.raises(FhirError) as raised:
        read(echo, flavour, outcome, parse_float=Decimal)
    assert raised.value.operation_outcome is not None
    assert str(raised.value.operation_outcome["at"]) == "1.10"


def test_what_an_application_understands_goes_along_with_a_call_as_it_was_given(echo: Echo, options: Any) -> None:
    sdk = digime_sdk.blocking.init(application_id="app", base_url=f"http://127.0.0.1:{echo.server_port}/")
    echo.answer = '{"session":{"key":"a-key","expiry":1}}'
    r4: digime_sdk.OntologyWrapper = {"ontology": {"name": "fhir", "version": "R4"}}
    understood: digime_sdk.Consumer = {"version": "2", "objectVersions": {"service": {"19": [r4]}}}
    given: list[Any] = [understood, {"object_versions": 5}, "no object"]
    for consumer in given:
        sdk.read_session(**options, consumer=consumer)
        assert json.loads(echo.heard)["agent"]["consumer"] == consumer
    sdk.read_session(**options)
    assert "consumer" not in json.loads(echo.heard)["agent"]


def test_fhir_data_is_pushed_as_the_text_that_is_given(echo: Echo, options: Any) -> None:
    sdk = digime_sdk.blocking.init(application_id="app", base_url=f"http://127.0.0.1:{echo.server_port}/")
    push = {**options, "type": "provider", "account_id": "1", "version": "stu3"}
    for data in (RESOURCE, RESOURCE.encode()):
        sdk.push_data(**push, data=data)
        assert echo.heard.decode() == RESOURCE
    with pytest.raises(TypeValidationError, match=r"options\.data: expected a dict, got a list"):
        sdk.push_data(**push, data="[1]")
