"""What the site promises: everything has its place, and every link leads somewhere."""

from __future__ import annotations

import ast
import json
import re
from pathlib import Path
from typing import Any

import links
import pytest
import sources
from navigation import pages
from reference import known
from reference.errors import rust
from reference.pages import Reference

import build

DESCRIPTION = build.BUILD / "description.json"


@pytest.fixture(scope="session")
def described() -> dict[str, Any]:
    """What the core says of itself."""
    return json.loads(DESCRIPTION.read_text(encoding="utf-8"))  # type: ignore[no-any-return]


@pytest.fixture(scope="session")
def gathered(described: dict[str, Any]) -> dict[str, str]:
    """The pages in Markdown."""
    return build.gather(described)


@pytest.fixture(scope="session")
def reference(described: dict[str, Any]) -> Reference:
    """The reference."""
    return Reference(described)


@pytest.fixture(scope="session")
def faults_of_site() -> list[str]:
    """What is wrong with the links of the site, which is built then."""
    return build.build(DESCRIPTION)


def tabs(text: str) -> dict[str, str]:
    """What a page says in each language; where it is the same in all, that."""
    found: dict[str, list[str]] = {"JavaScript": [], "Python": [], "Rust": []}
    heard = list(found)
    for line in text.splitlines():
        if tab := re.fullmatch(r'=== "(\w+)"', line):
            heard = [tab[1]]
        elif line and not line.startswith("    "):
            heard = list(found)
        for name in heard:
            found[name].append(line.strip())
    return {name: "\n".join(lines) for name, lines in found.items()}


def test_every_call_has_a_page_with_how_it_is_made_in_each_language(
    reference: Reference, gathered: dict[str, str]
) -> None:
    for platform, operation in reference.operations:
        said = tabs(gathered[f"reference/{platform}/{operation['name']}.md"])
        for language in reference.languages:
            assert language.signature(platform, operation) in said[language.name]


def test_every_option_result_and_setting_is_described_in_each_language(
    reference: Reference, gathered: dict[str, str]
) -> None:
    for name in reference.types:
        place, _, _ = reference.places[name].removeprefix("../").partition("#")
        said = tabs(gathered[f"reference/{place}"])
        for language in reference.languages:
            for member in language.members(name):
                shown = f"| `{language.member(name, member)}` |"
                of_every_call = (
                    member in language.every_call() and shown in tabs(gathered["reference/index.md"])[language.name]
                )
                assert shown in said[language.name] or of_every_call, f"{name}: {shown} in {language.name}"


def test_every_value_that_an_option_may_have_is_described(reference: Reference, gathered: dict[str, str]) -> None:
    for name, schema in reference.types.items():
        values = schema.get("enum", []) + [each.get("const") for each in schema.get("oneOf", []) if "const" in each]
        place, _, _ = reference.places[name].removeprefix("../").partition("#")
        for value in values:
            assert f"| `{value}` |" in gathered[f"reference/{place}"], name


def test_what_the_pages_call_a_type_in_rust_is_a_public_item_of_the_core(gathered: dict[str, str]) -> None:
    source = "\n".join(path.read_text(encoding="utf-8") for path in (sources.ROOT / "core/src").rglob("*.rs"))
    public = set(re.findall(r"^pub (?:struct|enum|trait|type) (\w+)", source, re.MULTILINE))
    pages_of_reference = [text for place, text in gathered.items() if place.startswith("reference/")]
    rust = "\n".join(tabs(text)["Rust"] for text in pages_of_reference)
    named = {*re.findall(r"`digime_sdk::(?:\w+::)*(\w+)`", rust), *re.findall(r"\[`(\w+)`\]\(\.\./types/", rust)}
    assert {"Config", "PushedFile", "CaScope", "LinkStore"} <= named
    assert sorted(named - public) == []


def test_what_a_store_is_told_leads_to_no_call(gathered: dict[str, str]) -> None:
    assert "What `getLink` is asked" in gathered["reference/types/LinkQuery.md"]


def test_a_search_in_rust_is_shown_with_its_pages(gathered: dict[str, str]) -> None:
    page = gathered["reference/pkb/fhirSearch.md"]
    assert "fn search(&self, options: FhirSearchOptions) -> Result<SearchPages, Error>" in tabs(page)["Rust"]
    assert "\nNothing.\n" not in page


def test_an_option_whose_members_have_defaults_is_not_said_to_have_none(gathered: dict[str, str]) -> None:
    said = "\n".join(gathered[f"reference/{name}/configuration.md"] for name in ("digime", "pkb"))
    for option in ("retryOptions", "timeouts", "fileLimits", "endpoints", "pkce", "agent"):
        rows = re.findall(rf"\| `{option}` \| [^|]*\| ([^|]*) \|", said)
        assert rows, option
        assert "none" not in rows, option


def test_a_call_in_python_is_shown_as_it_can_be_called(gathered: dict[str, str]) -> None:
    assert "options: Any" not in "".join(gathered.values())


def test_every_error_has_a_page_of_its_code_and_a_line_in_the_list(
    described: dict[str, Any], gathered: dict[str, str]
) -> None:
    codes = {row["code"] for row in described["errors"]}
    assert {Path(name).stem for name in sources.listed("docs/errors/ERR_*.md")} == codes | {"ERR_NO_BINARY"}
    for row in described["errors"]:
        page = gathered[f"errors/{row['code']}.md"]
        assert page.startswith(f"# {row['class']}\n\n`{row['code']}`")
        assert all(f"**{part}**" in page for part in ("Make the call again?", "What to do."))
        assert f"| [`{row['class']}`]({row['code']}.md) | `{row['code']}` |" in gathered["errors/README.md"]
        assert f"`{rust(row['class'])}`" in page


def test_the_page_of_an_error_tells_of_all_that_it_has(described: dict[str, Any], gathered: dict[str, str]) -> None:
    modules = (sources.ROOT / "bindings-python/python/digime_sdk").glob("*errors.py")
    parsed = [ast.parse(module.read_text(encoding="utf-8")) for module in modules]
    classes = [node for each in parsed for node in each.body if isinstance(node, ast.ClassDef)]
    codes = {row["class"]: row["code"] for row in described["errors"]}
    attributes = [
        (codes[each.name], member.target.id)
        for each in classes
        if each.name in codes
        for member in each.body
        if isinstance(member, ast.AnnAssign) and isinstance(member.target, ast.Name)
    ]
    assert len(attributes) > 10
    for code, attribute in attributes:
        assert f"`{attribute}`" in gathered[f"errors/{code}.md"], f"{code}: {attribute}"


def test_every_code_of_pkb_that_the_core_knows_is_on_the_page_of_its_errors(gathered: dict[str, str]) -> None:
    source = (sources.ROOT / "core/src/pkb/fhir/operation_outcome.rs").read_text(encoding="utf-8")
    known_codes = re.findall(r'^    "([A-Z_]+)",$', source, re.MULTILINE)
    assert len(known_codes) == 11
    assert [code for code in known_codes if f"`{code}`" not in gathered["errors/ERR_PKB.md"]] == []


def test_every_code_of_digime_that_a_scenario_or_the_sandbox_gives_is_on_the_page_of_its_errors(
    gathered: dict[str, str],
) -> None:
    sandbox = sorted((sources.ROOT / "tests/sandbox/src").rglob("error.rs"))
    given = {
        code
        for path in sandbox
        for code in re.findall(r'"((?:[A-Z]\w*[a-z]){2}\w*)"', path.read_text(encoding="utf-8"))
    }
    refused = [step["expect"].get("error") or {} for each in known.scenarios() for step in each["steps"]]
    given |= {error["error"]["code"] for error in refused if isinstance(error.get("error", {}).get("code"), str)}
    listed = gathered["errors/ERR_SERVER.md"] + gathered["errors/ERR_SDK_INVALID.md"]
    assert "InvalidToken" in given
    assert sorted(code for code in given if f"`{code}`" not in listed) == []


def test_the_errors_that_scenarios_record_of_a_call_are_among_those_on_its_page(reference: Reference) -> None:
    platforms = {operation["name"]: (platform, operation) for platform, operation in reference.operations}
    recorded = [
        (step["call"], step["expect"]["error"]["class"])
        for scenario in known.scenarios()
        for step in scenario["steps"]
        if step["call"] in platforms and isinstance(step["expect"].get("error", {}).get("class"), str)
    ]
    assert len(recorded) > 20
    for call, error in recorded:
        assert error in known.errors(*platforms[call], reference.types), f"{call}: {error}"


def test_every_call_that_asks_the_platform_has_its_requests(reference: Reference) -> None:
    silent = {"close", "findLinks", "getAccessToken", "getLink", "getLinkUrl", "getPublicId", "rotateKeys", "unlink"}
    silent |= {"disconnect", "exportConnection", "getConnection", "importConnection", "listConnections"}
    silent |= {"check", "checkProviderData", "countConnections", "countLinks", "keepAlive", "listLinks"}
    silent |= {"exportLink", "importConnections", "importLink", "importLinks"}
    for platform, operation in reference.operations:
        own, _ = known.requests(platform, operation, reference.types, reference.recorded)
        assert bool(own) == (operation["name"] not in silent), operation["name"]


def test_every_setting_that_a_request_of_pkbs_names_is_one(reference: Reference) -> None:
    endpoints = reference.types["PkbEndpoints"]["properties"]
    for platform, operation in reference.operations:
        own, of_tokens = known.requests(platform, operation, reference.types, reference.recorded)
        named = re.findall(r"\{(\w+(?:Url|Path))\}", " ".join([*own, *of_tokens]) if platform == "pkb" else "")
        assert [name for name in named if name not in endpoints] == []


def test_every_page_is_in_the_navigation(described: dict[str, Any], gathered: dict[str, str]) -> None:
    named = pages(build.arranged(described))
    assert sorted(named) == sorted(gathered)


def test_what_is_shown_in_one_language_after_the_other_is_in_tabs(gathered: dict[str, str]) -> None:
    tabs = re.findall(r'^=== "(\w+)"$', gathered["pkb.md"], re.MULTILINE)
    assert tabs == ["JavaScript", "Python", "Rust"] * (len(tabs) // 3)
    assert tabs
    assert "no-run" not in re.findall(r"^```.*$", gathered["pkb.md"], re.MULTILINE)


def test_the_site_is_built_without_a_warning_and_no_link_of_it_or_of_the_repository_is_dead(
    faults_of_site: list[str],
) -> None:
    assert faults_of_site == []


@pytest.mark.usefixtures("faults_of_site")
def test_each_page_has_a_title_of_its_own_and_a_logo_that_leads_to_the_first() -> None:
    site = {path: path.read_text(encoding="utf-8") for path in build.SITE.rglob("*.html")}
    for path, text in site.items():
        title = re.findall(r"<title>(.*?) - digime-sdk</title>", text)
        assert title and title != ["digime-sdk"], path
        logos = re.findall(r'<a href="([^"]*)"[^>]* class="md-\w+__button md-logo"', text)
        assert {(path.parent / logo).resolve() for logo in logos} == {build.SITE / "index.html"}, path


def test_a_link_that_is_dead_and_what_comes_from_another_server_is_found(tmp_path: Path) -> None:
    (tmp_path / "a.html").write_text(
        '<a href="b.html">1</a><a href="b.html#here">2</a><a href="b.html#there">3</a><a href="c.html">4</a>'
        '<script src="https://example.com/a.js"></script><img src="a.png"><a href="https://example.com/">5</a>'
        '<a href="">6</a><a href="..">7</a><link href="/b.html">',
        encoding="utf-8",
    )
    (tmp_path / "b.html").write_text('<h1 id="here">b</h1>', encoding="utf-8")
    (tmp_path / "a.css").write_text("@import 'https://example.com/a.css';", encoding="utf-8")
    assert links.of_site(tmp_path) == [
        "a.html: /b.html leads to the root of a server, where the site need not be",
        "a.html: loads https://example.com/a.js from another server",
        "a.html: a.png leads to no file",
        "a.html: b.html#there leads to nothing on its page",
        "a.html: c.html leads to no file",
        "a.html: a link has no address",
        "a.html: .. leads to a folder, which only a server makes a page of",
        "a.css: loads from another server",
    ]


def test_headings_are_named_as_viewers_of_repositories_name_them() -> None:
    text = "# A heading, `code` and a [link](x.md)\n## Twice\n```\n# none\n```\n## Twice\n"
    assert sources.anchors(text) == {"a-heading-code-and-a-link", "twice", "twice-1"}
