"""Nothing is released as long as it is not known where the project is found, and to whom weaknesses are reported."""

from __future__ import annotations

import json
from pathlib import Path

import known
import pytest


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """A project of which all is known."""
    (tmp_path / "release").mkdir()
    facts = {"repository": "https://repository.example/owner/project", "contact": "security@project.example"}
    (tmp_path / "release/project.json").write_text(json.dumps(facts), encoding="utf-8")
    (tmp_path / "SECURITY.md").write_text("Write to **security@project.example**.\n", encoding="utf-8")
    return tmp_path


def test_a_project_of_which_all_is_known_is_released(project: Path) -> None:
    assert known.unknown(project) == []


@pytest.mark.parametrize("name", ["repository", "contact"])
def test_what_is_missing_in_project_json_is_named(project: Path, name: str) -> None:
    path = project / "release/project.json"
    facts = json.loads(path.read_text(encoding="utf-8"))
    path.write_text(json.dumps(facts | {name: ""}), encoding="utf-8")
    assert any(line.startswith(f"release/project.json has no {name}: ") for line in known.unknown(project))


@pytest.mark.parametrize(
    ("name", "nonsense"),
    [
        ("repository", "nonsense"),
        ("repository", "https://repository.example"),
        ("repository", "https://repository.example/owner/project/"),
        ("repository", "https://repository.example/owner/project.git"),
        ("repository", "http://repository.example/owner/project"),
        ("contact", "x"),
        ("contact", "somebody at project.example"),
    ],
)
def test_nonsense_is_no_knowledge(project: Path, name: str, nonsense: str) -> None:
    path = project / "release/project.json"
    facts = json.loads(path.read_text(encoding="utf-8"))
    path.write_text(json.dumps(facts | {name: nonsense}), encoding="utf-8")
    assert any(f"has {nonsense!r} for its {name}" in line for line in known.unknown(project))


def test_a_marker_in_place_of_the_contact_is_found(project: Path) -> None:
    (project / "SECURITY.md").write_text("Write to **@CONTACT@**.\n", encoding="utf-8")
    (missing,) = known.unknown(project)
    assert "@CONTACT@" in missing


def test_a_page_that_still_says_that_the_contact_is_not_known_is_found(project: Path) -> None:
    text = (known.ROOT / "SECURITY.md").read_text(encoding="utf-8")
    (project / "SECURITY.md").write_text(text.replace("@CONTACT@", "security@project.example"), encoding="utf-8")
    assert known.unknown(project) == ["SECURITY.md says that the contact is not known yet: take that out"]


def test_a_page_with_another_contact_is_found(project: Path) -> None:
    (project / "SECURITY.md").write_text("Write to **somebody@else.example**.\n", encoding="utf-8")
    (missing,) = known.unknown(project)
    assert "does not name the contact security@project.example" in missing
